"""Column types whose stored text is the same on SQLite, on PostgreSQL and on the wire."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Dialect, String, TypeDecorator

from fieldkit.clock import instant_text


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC text with milliseconds, so that text order is time order."""

    impl = String(32)
    cache_ok = True
    stored_as_wire = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The stored text; ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant carries its offset")
        return instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The aware datetime."""
        return None if value is None else datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    """A calendar day, stored as `YYYY-MM-DD`."""

    impl = String(10)
    cache_ok = True
    stored_as_wire = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The stored text."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The date."""
        return None if value is None else date.fromisoformat(value)
