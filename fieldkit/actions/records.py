"""Add, edit and delete records of any kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from fieldkit.actions import labels
from fieldkit.actions.answering import answer
from fieldkit.actions.figures import close_settled, take_number
from fieldkit.actions.values import read_values, require
from fieldkit.actions.work import Work, working
from fieldkit.capture.names import key
from fieldkit.domain import former_names, needs, stages
from fieldkit.domain.kinds import INBOX, KINDS, MERGEABLE, MERGED_INTO, MOVED, NEW, WRITTEN, Kind
from fieldkit.errors import Invalid, NoSuchRecord, OnlyRead
from fieldkit.i18n import _
from fieldkit.store import inbox, matching
from fieldkit.store.history import Change

if TYPE_CHECKING:
    from fieldkit.domain.records import Owned
    from fieldkit.store.store import Store


def add(store: Store, kind: str, values: Mapping[str, object]) -> str:
    """Add a record; its id. `values` are texts as typed, or values of the column's own type.

    A reference given as `+name` makes the record that it names. A visit without a day was today; a lead without a stage is at the first. Raises Invalid.
    """
    table = _kind(kind)
    with working(store) as work:
        columns = read_values(table, _with_new(work, table, values, {}), work)
        if kind == "visits":
            columns.setdefault("visited_on", work.now.date())
        if kind == "leads":
            stage = str(columns.pop("stage", "") or stages.first(work.rule_pack))
            columns |= stages.moved(work.rule_pack, {}, stage, str(columns.get(stages.REASON, "")))
        require(table, columns, new=True)
        record_id = work.add(kind, columns)
        work.remember(labels.added(kind, columns))
    return record_id


def edit(store: Store, kind: str, record_id: str, values: Mapping[str, object]) -> None:
    """Change fields of a record. On a visit, a field that is given also settles what the visit needed of it (see `settle`).

    A company that is renamed keeps its old name among the former ones, unless these are given too.
    Raises Invalid, NoSuchRecord.
    """
    _kind(kind)
    with working(store) as work:
        record = work.get(kind, record_id)
        write_typed(work, kind, record, values)
        work.remember(labels.edited(kind, record.model_dump()))


def write_typed(work: Work, kind: str, record: Owned, values: Mapping[str, object]) -> None:
    """What `edit` does to `record`, within an action. Raises Invalid."""
    table = _kind(kind)
    settled = needs.answered_by(values)
    values = _with_new(work, table, _without_number(work, kind, record, values), record.model_dump())
    columns = read_values(table, values, work)
    require(table, columns)
    if kind == "leads" and ("stage" in columns or stages.REASON in columns):
        columns |= _moved(work, record, columns)
    if kind == "companies" and "name" in columns:
        columns = _renamed(record, columns) | columns
    work.change(kind, record, columns)
    if kind == "visits":
        answer(work, record, settled)
    if {"contacts": "phone", "leads": "amount"}.get(kind) in columns:
        close_settled(work, kind, record)


def settle(store: Store, visit_id: str, values: Mapping[str, object], *, dismiss: Collection[str] = ()) -> list[str]:
    """Answer what a visit needs: by giving its fields, or by dismissing a code as needing nothing; the codes still open.

    What hung on the answer is filed with it: once the company is known, its contact, its lead and their links.
    Raises Invalid, NoSuchRecord.
    """
    with working(store) as work:
        visit = work.get("visits", visit_id)
        given = _without_number(work, "visits", visit, values)
        columns = read_values(KINDS["visits"], _with_new(work, KINDS["visits"], given, visit.model_dump()), work)
        require(KINDS["visits"], columns)
        work.change("visits", visit, columns)
        answer(work, visit, needs.answered_by(values) | set(dismiss))
        after = visit.model_dump()
        work.remember(labels.edited("visits", after))
    return str(after["needs"]).split()


def delete(store: Store, kind: str, record_id: str) -> None:
    """Delete a record, which only marks it: what hangs on it stays. An inbox line is dropped, its words stay on disk.

    Raises NoSuchRecord.
    """
    if kind == INBOX:
        _drop_line(store, record_id)
        return
    _kind(kind)
    with working(store) as work:
        record = work.get(kind, record_id)
        work.change(kind, record, {"deleted": True} | ({MERGED_INTO: ""} if kind in MERGEABLE else {}))
        work.remember(labels.deleted(kind, record.model_dump()))


def _kind(name: str) -> Kind:
    if name in KINDS and name not in WRITTEN:
        raise OnlyRead(kind=name)
    if name not in WRITTEN:
        raise Invalid(field="kind", reason="not-a-choice", value=name, known=", ".join(WRITTEN))
    return WRITTEN[name]


def _moved(work: Work, lead: Owned, columns: Mapping[str, object]) -> dict[str, object]:
    before = lead.model_dump()
    stage = str(columns.get("stage") or before["stage"])
    kept = "" if stage != before["stage"] else str(before[stages.REASON])
    return stages.moved(work.rule_pack, before, stage, str(columns.get(stages.REASON, kept)))


def _with_new(work: Work, table: Kind, values: Mapping[str, object], before: Mapping[str, object]) -> dict[str, object]:
    """A reference that is given as `+name` is to a new record of that name, made in the same step at the same company.

    The company or lead that already has this very name is no new one: it is taken as it is.
    """
    made = dict(values)
    for field in table.fields:
        given = str(made.get(field.name) or "").strip()
        if field.of in KINDS and given.startswith(NEW) and given[len(NEW) :].strip():
            other = KINDS[field.of]
            at = {"company_id": made.get("company_id", before.get("company_id"))} if other.field("company_id") else {}
            columns = read_values(other, {other.title_field: given[len(NEW) :], **at}, work)
            made[field.name] = _called(work, other, columns) or work.add(field.of, columns)
        elif field.name == "contact_id" and given.startswith(MOVED):
            company_id = str(made.get("company_id", before.get("company_id")) or "")
            made[field.name] = _moved_to(work, given.removeprefix(MOVED), company_id)
    return made


def _moved_to(work: Work, contact_id: str, company_id: str) -> str:
    """The contact works at this company now; where before, and until when, is kept in the remarks."""
    contact: Any = work.get("contacts", contact_id)
    former: Any = work.find("companies", contact.company_id)
    if company_id and former is not None and former.id != company_id:
        told = _("Until {day} at {company}").format(day=work.now.date().isoformat(), company=former.name)
        note = "\n".join(filter(None, (contact.note.rstrip(), told)))
        work.change("contacts", contact, {"company_id": company_id, "note": note})
    return contact_id


def _called(work: Work, kind: Kind, columns: Mapping[str, object]) -> str:
    """The id of the one company of this group, or lead of this company, by this very name; empty where there is none.

    People may share a name. Raises Invalid where several have it.
    """
    title, company_id = key(str(columns[kind.title_field])), str(columns.get("company_id") or "")
    found: list[str] = []
    if kind.name == "companies":
        called = matching.companies_called(work.connection, str(columns["name"]))
        companies: list[Any] = [work.find("companies", one) for one in called]
        found = [one.id for one in companies if key(one.name) == title and one.group_code == work.me.group_code]
    elif kind.name == "leads" and company_id:
        found = [lead.id for lead in matching.leads_of(work.connection, company_id) if key(lead.title) == title]
    if title and len(found) > 1:
        name = str(columns[kind.title_field])
        raise Invalid(field=kind.title_field, reason="name-taken", value=name, count=len(found))
    return found[0] if title and found else ""


def _without_number(work: Work, kind: str, record: Owned, values: Mapping[str, object]) -> Mapping[str, object]:
    """The values of a record's own fields: where a visit asks for its contact's number, `phone` is written there."""
    if kind != "visits" or "phone" not in values or needs.PHONE not in str(getattr(record, "needs", "")).split():
        return values
    take_number(work, record, values["phone"])
    return {field: value for field, value in values.items() if field != "phone"}


def _renamed(company: Owned, columns: Mapping[str, object]) -> dict[str, object]:
    """A company that takes another name had the old one before, and people go on using it."""
    before = company.model_dump()
    old, new = str(before["name"]), str(columns["name"])
    if key(old) == key(new):
        return {}
    kept = [name for name in former_names.each(before["former_names"]) if key(name) != key(new)]
    return {"former_names": former_names.joined([*kept, old])}


def _drop_line(store: Store, line_id: str) -> None:
    with working(store) as work:
        line = inbox.get(work.connection, line_id)
        if line is None or line["state"] not in (inbox.DRAFT, inbox.WAITING):
            raise NoSuchRecord(id=line_id)
        inbox.drop(work.connection, line_id)
        work.changes.append(Change(INBOX, line_id, {"state": line["state"]}, {"state": inbox.DROPPED}))
        work.remember(labels.deleted("visits", line))
