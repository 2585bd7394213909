"""The first tables: records, what `sync` keeps beside them, and the local tables of a laptop or of the office.

Written out so that it says for ever what it said on the first day; tests hold it to the tables that the code describes.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import context, op

from fieldkit.domain import city

revision = "0001"
down_revision = None

SEARCHED = ("companies", "contacts", "leads", "visits", "followups")


def upgrade() -> None:
    """Create everything for this side. A laptop is sown with the city's data at once; the centre sows through `sync`."""
    create_records()
    if context.config.attributes["side"] == "laptop":
        create_laptop_sync()
        create_local()
        create_search()
        sow()
    else:
        create_centre_sync()
        create_office()
        create_page_order()


def create_records() -> None:
    """The records that travel, on both sides."""
    op.create_table(
        "companies",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("task_force", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_companies"),
    )
    op.create_index("ix_companies_group_code", "companies", ["group_code"])
    op.create_index(
        "ix_companies_recent",
        "companies",
        ["id", "deleted"],
        sqlite_where=sa.text("deleted = 0"),
        postgresql_where=sa.text("NOT deleted"),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("company_id", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("wechat", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_company_id", "contacts", ["company_id"])
    op.create_index("ix_contacts_group_code", "contacts", ["group_code"])
    op.create_index(
        "ix_contacts_recent",
        "contacts",
        ["id", "deleted"],
        sqlite_where=sa.text("deleted = 0"),
        postgresql_where=sa.text("NOT deleted"),
    )
    op.create_table(
        "followups",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=True),
        sa.Column("due_time", sa.String(), nullable=False),
        sa.Column("done_at", sa.String(32), nullable=True),
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("company_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_followups"),
    )
    op.create_index("ix_followups_company_id", "followups", ["company_id"])
    op.create_index("ix_followups_contact_id", "followups", ["contact_id"])
    op.create_index(
        "ix_followups_due",
        "followups",
        ["done_at", "due_on", "due_time", "id", "deleted"],
        sqlite_where=sa.text("deleted = 0"),
        postgresql_where=sa.text("NOT deleted"),
    )
    op.create_index("ix_followups_due_on", "followups", ["due_on"])
    op.create_index("ix_followups_group_code", "followups", ["group_code"])
    op.create_index("ix_followups_lead_id", "followups", ["lead_id"])
    op.create_index(
        "ix_followups_recent",
        "followups",
        ["id", "deleted"],
        sqlite_where=sa.text("deleted = 0"),
        postgresql_where=sa.text("NOT deleted"),
    )
    op.create_index("ix_followups_visit_id", "followups", ["visit_id"])
    op.create_table(
        "groups",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("task_force", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
    )
    op.create_table(
        "leads",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("company_id", sa.String(), nullable=False),
        sa.Column("task_force", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("stage_reason", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("amount_text", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("place_code", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_leads"),
    )
    op.create_index("ix_leads_company_id", "leads", ["company_id"])
    op.create_index("ix_leads_group_code", "leads", ["group_code"])
    op.create_index(
        "ix_leads_recent",
        "leads",
        ["id", "deleted"],
        sqlite_where=sa.text("deleted = 0"),
        postgresql_where=sa.text("NOT deleted"),
    )
    op.create_index("ix_leads_stage", "leads", ["stage"])
    op.create_table(
        "people",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("term_from", sa.String(10), nullable=True),
        sa.Column("term_to", sa.String(10), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "places",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_places"),
    )
    op.create_table(
        "rule_packs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_packs"),
    )
    op.create_table(
        "task_forces",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_task_forces"),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("visited_on", sa.String(10), nullable=False),
        sa.Column("visited_time", sa.String(), nullable=False),
        sa.Column("company_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("task_force", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("amount_text", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.Column("needs", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )
    op.create_index("ix_visits_company_id", "visits", ["company_id"])
    op.create_index("ix_visits_contact_id", "visits", ["contact_id"])
    op.create_index("ix_visits_group_code", "visits", ["group_code"])
    op.create_index("ix_visits_lead_id", "visits", ["lead_id"])
    op.create_index(
        "ix_visits_needs",
        "visits",
        ["needs"],
        sqlite_where=sa.text("needs <> ''"),
        postgresql_where=sa.text("needs <> ''"),
    )
    op.create_index(
        "ix_visits_recent",
        "visits",
        ["visited_on", "visited_time", "id", "deleted"],
        sqlite_where=sa.text("deleted = 0"),
        postgresql_where=sa.text("NOT deleted"),
    )


def create_laptop_sync() -> None:
    """What `sync` keeps beside them on a laptop."""
    op.create_table(
        "sync_conflict",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("kept_author", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_conflict"),
    )
    op.create_index("ix_sync_conflict_record", "sync_conflict", ["tab", "record"])
    op.create_table(
        "sync_cursor",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_sync_cursor"),
    )
    op.create_table(
        "sync_laptop",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("came_from", sa.String(), server_default="", nullable=False),
        sa.Column("token", sa.String(), server_default="", nullable=False),
        sa.Column("next_token", sa.String(), server_default="", nullable=False),
        sa.Column("epoch", sa.String(), server_default="", nullable=False),
        sa.Column("millis", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("counter", sa.Integer(), server_default="0", nullable=False),
        sa.Column("skew", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("have", sa.Text(), server_default="[]", nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), server_default="never", nullable=False),
        sa.Column("detail", sa.String(), server_default="", nullable=False),
        sa.Column("sending", sa.Integer(), server_default="0", nullable=False),
        sa.Column("schema", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sweeping", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_sync_laptop"),
    )
    op.create_table(
        "sync_member",
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("stale", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tab", "id", "scope", name="pk_sync_member"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sync_member_scope", "sync_member", ["scope"])
    op.create_table(
        "sync_offer",
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("parked", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tab", "record", "field", "stamp", name="pk_sync_offer"),
    )
    op.create_table(
        "sync_outbox",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("departed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("whole", sa.Integer(), server_default="0", nullable=False),
        sa.Column("held", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_sync_outbox"),
        sa.UniqueConstraint("tab", "id", name="uq_sync_outbox_tab_id"),
    )
    op.create_index("ix_sync_outbox_blocked", "sync_outbox", ["state"], sqlite_where=sa.text("state <> 'waiting'"))
    op.create_table(
        "sync_stamp",
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sent", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tab", "id", name="pk_sync_stamp"),
    )


def create_centre_sync() -> None:
    """What `sync` keeps beside them at the centre."""
    op.create_table(
        "sync_centre",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_sync_centre"),
    )
    op.create_table(
        "sync_conflict",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("closed", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_conflict"),
    )
    op.create_index("ix_sync_conflict_open", "sync_conflict", ["tab", "record", "closed"])
    op.create_table(
        "sync_device",
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("enrolment", sa.String(), server_default="", nullable=False),
        sa.Column("token", sa.String(), server_default="", nullable=False),
        sa.Column("came_from", sa.String(), server_default="", nullable=False),
        sa.Column("first_sync", sa.BigInteger(), nullable=False),
        sa.Column("last_sync", sa.BigInteger(), nullable=False),
        sa.Column("unsent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("oldest", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("device", name="pk_sync_device"),
    )
    op.create_table(
        "sync_feed",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "tab", "id", name="pk_sync_feed"),
    )
    op.create_index("ix_sync_feed_revision", "sync_feed", ["scope", "revision"])
    op.create_table(
        "sync_record",
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("past", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tab", "id", name="pk_sync_record"),
    )


def create_office() -> None:
    """What the office keeps for itself."""
    op.create_table(
        "office_devices",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("credential_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("machine", sa.String(), server_default="", nullable=False),
        sa.Column("enrolled_at", sa.String(32), nullable=False),
        sa.Column("withdrawn_at", sa.String(32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_office_devices"),
        sa.UniqueConstraint("credential_hash", name="uq_office_devices_credential_hash"),
    )
    op.create_index("ix_office_devices_person_id", "office_devices", ["person_id"])
    op.create_table(
        "office_invites",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32), server_default="", nullable=False),
        sa.Column("credential_hash", sa.String(64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_office_invites"),
    )
    op.create_table(
        "office_login_links",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_office_login_links"),
    )
    op.create_table(
        "office_sessions",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_office_sessions"),
    )
    op.create_index("ix_office_sessions_expires_at", "office_sessions", ["expires_at"])
    op.create_table(
        "office_settings",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_office_settings"),
    )


def create_page_order() -> None:
    """The order of the office's pages."""
    op.create_index("ix_office_leads_new", "leads", ["group_code", "created_at"])
    op.create_index("ix_office_leads_page", "leads", ["group_code", "stage", "id", "deleted", "currency", "amount"])
    op.create_index("ix_office_people_name", "people", ["name"])
    op.create_index("ix_office_visits_page", "visits", ["group_code", "visited_on", "id"])


def create_local() -> None:
    """Tables of the laptop that never travel."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("company_id", sa.String(), nullable=False, server_default=""),
        sa.Column("day", sa.String(10), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_state", "inbox", ["state", "written_at"])
    op.create_table(
        "settings",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("changes", sa.String(), nullable=False),
        sa.Column("undone", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
    )


def create_search() -> None:
    """The index: one number an indexed text (never used again), the words, the names, the phone numbers backwards."""
    op.execute(
        "CREATE TABLE search_entries (entry INTEGER NOT NULL CONSTRAINT pk_search_entries PRIMARY KEY AUTOINCREMENT,"
        " kind TEXT NOT NULL, record_id TEXT NOT NULL, digest INTEGER NOT NULL,"
        " CONSTRAINT uq_search_entries_record UNIQUE (record_id, kind))"
    )
    for kind in SEARCHED:
        op.execute(
            f"CREATE VIRTUAL TABLE search_{kind}"
            " USING fts5(words, content='', columnsize=0, tokenize='ascii', prefix='2 3')"
        )
    for table, column in (("names", "key"), ("search_phones", "backwards")):
        op.execute(
            f"CREATE TABLE {table} ({column} TEXT NOT NULL, entry INTEGER NOT NULL,"
            f" CONSTRAINT pk_{table} PRIMARY KEY ({column}, entry)) WITHOUT ROWID"
        )
        op.create_index(f"ix_{table}_entry", table, ["entry"])


def sow() -> None:
    """The city's task forces, groups and places, and the rule pack that holds until the centre has published one."""
    for name in ("task_forces", "groups", "places"):
        insert(name, [{"deleted": False, **row} for row in city.city()[name]])
    pack = city.default_rule_pack()
    sown = {
        "id": city.DEFAULT_RULE_PACK_ID,
        "deleted": False,
        "version": pack["version"],
        "body": json.dumps(pack, ensure_ascii=False),
        "published_at": "2026-01-01T00:00:00.000+00:00",
    }
    insert("rule_packs", [sown])


def insert(table: str, rows: list[dict[str, object]]) -> None:
    """Plain rows: what every laptop is sown with need not travel."""
    op.bulk_insert(sa.table(table, *(sa.column(name) for name in rows[0])), rows)
