"""The records that travel, as SQLModel tables.

Every record has a UUIDv7 `id` and a boolean `deleted`, which is a field like any other. References between records are ids
without enforced foreign keys, and natural keys are not unique: parents may arrive after children, and two people may type
the same company. Instants are UTC, days are calendar days, amounts are whole units of `currency` (yuan for CNY) beside the
text as typed.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Index, text
from sqlmodel import Field, SQLModel

from fieldkit.domain.columns import Day, Instant


def _shown(name: str, *columns: str) -> Index:
    """An index over the records that show, in the order of a list; `deleted` in it lets SQLite answer from the index alone."""
    return Index(name, *columns, "deleted", sqlite_where=text("deleted = 0"), postgresql_where=text("NOT deleted"))


def _merged(name: str) -> Index:
    """The few records that were merged into others."""
    return Index(
        name, "merged_into", sqlite_where=text("merged_into <> ''"), postgresql_where=text("merged_into <> ''")
    )


class Record(SQLModel):
    """What every record has."""

    id: str = Field(primary_key=True, max_length=36)
    deleted: bool = False


class Mergeable(SQLModel):
    """A record that may be merged into another of its kind: it is deleted then, and `merged_into` is the other's id."""

    merged_into: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Owned(Record):
    """A record of the work: `group_code` says whose it is, `person_id` who made it, `created_at` when the laptop wrote it."""

    group_code: str = ""
    person_id: str = ""
    created_at: datetime = Field(sa_type=Instant)


class TaskForce(Record, table=True):
    """One of the city's ten industry task forces (产业专班)."""

    __tablename__ = "task_forces"

    code: str
    name: str
    name_en: str = ""
    position: int = 0


class Group(Record, table=True):
    """A recruiting group (产业招商组), paired with one task force, or the coordination office (code `office`)."""

    __tablename__ = "groups"

    code: str
    name: str
    name_en: str = ""
    task_force: str = ""
    position: int = 0


class Place(Record, table=True):
    """A county, district or park that may take a project. `code` is GB/T 2260 where one exists, else local."""

    __tablename__ = "places"

    code: str
    name: str
    sort: str = "county"
    parent: str = ""
    position: int = 0


class Person(Record, table=True):
    """Somebody with a fixed post and duty (定人、定岗、定责)."""

    __tablename__ = "people"

    name: str
    role: str
    group_code: str = ""
    post: str = ""
    duty: str = ""
    term_from: date | None = Field(default=None, sa_type=Day)
    term_to: date | None = Field(default=None, sa_type=Day)


class RulePack(Record, table=True):
    """One published version of the rules: stages and what each demands, protection, targets."""

    __tablename__ = "rule_packs"

    version: int
    body: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    published_at: datetime = Field(sa_type=Instant)


class GuideSection(Record, table=True):
    """A section of a task force's guide (招商指南), at its `position` in it, as published at `published_at`.

    `version` is that version of the guide in which the section changed last, or was removed.
    """

    __tablename__ = "guides"
    __table_args__ = (_shown("ix_guides_contents", "task_force", "position", "id"),)

    task_force: str
    version: int
    position: int
    title: str
    text: str = ""
    published_at: datetime = Field(sa_type=Instant)


class Company(Owned, Mergeable, table=True):
    """A company (企业). The same company has the same `uscc`, or the same normalised name.

    `former_names` holds what it was called before, or is called as well, as `domain.former_names` writes them.
    """

    __tablename__ = "companies"
    __table_args__ = (
        Index("ix_companies_group_code", "group_code"),
        _shown("ix_companies_recent", "id"),
        _shown("ix_companies_task_force", "task_force"),
        _merged("ix_companies_merged_into"),
        Index(
            "ix_companies_uscc",
            "uscc",
            "group_code",
            sqlite_where=text("uscc <> '' AND deleted = 0"),
            postgresql_where=text("uscc <> '' AND NOT deleted"),
        ),
    )

    name: str
    short_name: str = ""
    former_names: str = Field(default="", sa_column_kwargs={"server_default": ""})
    uscc: str = ""
    region: str = ""
    address: str = ""
    task_force: str = ""
    note: str = ""


class Contact(Owned, Mergeable, table=True):
    """A person at a company (联系人)."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_company_id", "company_id"),
        Index("ix_contacts_group_code", "group_code"),
        _shown("ix_contacts_recent", "id"),
        _merged("ix_contacts_merged_into"),
    )

    name: str
    company_id: str = ""
    post: str = ""
    phone: str = ""
    wechat: str = ""
    email: str = ""
    note: str = ""


class Lead(Owned, Mergeable, table=True):
    """A project on its way from 线索 to 达产; `person_id` holds it, `created_at` is the first report as written."""

    __tablename__ = "leads"
    __table_args__ = (
        Index("ix_leads_company_id", "company_id"),
        Index("ix_leads_group_code", "group_code"),
        _shown("ix_leads_recent", "id"),
        _shown("ix_leads_task_force", "task_force"),
        _merged("ix_leads_merged_into"),
        Index("ix_leads_stage", "stage"),
    )

    title: str
    company_id: str = ""
    task_force: str = ""
    stage: str = "lead"
    stage_reason: str = ""
    amount: int | None = Field(default=None, sa_type=BigInteger)
    amount_text: str = ""
    currency: str = "CNY"
    mode: str = ""
    place_code: str = ""
    content: str = ""
    note: str = ""


class Visit(Owned, table=True):
    """A meeting or call (拜访记录) with its whole text.

    `needs` holds what could not be filed without guessing, as question codes separated by spaces; empty when all is filed.
    """

    __tablename__ = "visits"
    __table_args__ = (
        Index("ix_visits_company_id", "company_id"),
        Index("ix_visits_contact_id", "contact_id"),
        Index("ix_visits_lead_id", "lead_id"),
        Index("ix_visits_group_code", "group_code"),
        _shown("ix_visits_recent", "visited_on", "visited_time", "id"),
        _shown("ix_visits_task_force", "task_force"),
        Index("ix_visits_needs", "needs", sqlite_where=text("needs <> ''"), postgresql_where=text("needs <> ''")),
    )

    text: str
    visited_on: date = Field(sa_type=Day)
    visited_time: str = ""
    company_id: str = ""
    contact_id: str = ""
    lead_id: str = ""
    mode: str = ""
    task_force: str = ""
    place: str = ""
    amount: int | None = Field(default=None, sa_type=BigInteger)
    amount_text: str = ""
    currency: str = "CNY"
    tags: str = ""
    needs: str = ""


class FollowUp(Owned, table=True):
    """What comes next (待办/回访): `what`, by `due_on`, done once `done_at` is set."""

    __tablename__ = "followups"
    __table_args__ = (
        Index("ix_followups_visit_id", "visit_id"),
        Index("ix_followups_company_id", "company_id"),
        Index("ix_followups_contact_id", "contact_id"),
        Index("ix_followups_lead_id", "lead_id"),
        Index("ix_followups_group_code", "group_code"),
        _shown("ix_followups_recent", "id"),
        Index("ix_followups_due_on", "due_on"),
        _shown("ix_followups_due", "done_at", "due_on", "due_time", "id"),
    )

    what: str
    due_on: date | None = Field(default=None, sa_type=Day)
    due_time: str = ""
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    visit_id: str = ""
    company_id: str = ""
    contact_id: str = ""
    lead_id: str = ""
    note: str = ""


REFERENCE: tuple[type[Record], ...] = (TaskForce, Group, Place, Person, RulePack)
"""Written by the centre alone, read by everybody."""

PUBLISHED: tuple[type[Record], ...] = (GuideSection,)
"""Written by the centre alone, read by the groups of a task force."""

WORK: tuple[type[Owned], ...] = (Company, Contact, Lead, Visit, FollowUp)
"""Written by recruiters, read by their group and the office."""
