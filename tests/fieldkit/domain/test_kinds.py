"""The table of kinds and the tables of records say the same."""

from __future__ import annotations

from fieldkit.domain import records
from fieldkit.domain.kinds import AMOUNT, CHOICE, KINDS, REFERENCE, WRITTEN
from fieldkit.domain.needs import CODES, answered_by, question


def test_every_field_is_a_column_and_every_title_a_required_field() -> None:
    tables = {str(table.__tablename__): table for table in (*records.WORK, *records.PUBLISHED)}
    assert set(tables) == set(KINDS)
    assert {str(table.__tablename__) for table in records.WORK} == set(WRITTEN)
    for name, kind in KINDS.items():
        columns = set(tables[name].__table__.columns.keys())  # type: ignore[attr-defined]
        assert {field.name for field in kind.fields} <= columns
        title = kind.field(kind.title_field)
        assert title is not None
        assert title.required


def test_references_name_kinds_and_choices_are_known() -> None:
    for kind in KINDS.values():
        for field in kind.fields:
            if field.takes == REFERENCE:
                assert field.of in KINDS
            if field.takes == CHOICE:
                assert field.of in ("modes", "stages", "task_forces", "places")
            if field.takes == AMOUNT:
                assert field.name == "amount"


def test_every_need_has_a_question() -> None:
    assert all(question(code) != code for code in CODES)
    assert question("something later") == "something later"
    assert answered_by(["company_id", "note"]) == {"company"}
