"""Run by alembic inside the one transaction that `fieldkit.store.migrate` opened; `side` says laptop or centre."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
