"""Lists, records, what is related, and what a day asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fieldkit.domain.kinds import KINDS
from fieldkit.errors import Ambiguous, Invalid
from fieldkit.store import agenda, inbox, query

AT = datetime(2026, 11, 23, 15, 2, tzinfo=UTC)


def test_ids_are_newest_first_and_leave_out_what_was_deleted(reader, put):
    first, gone, last = put("companies", name="a"), put("companies", name="b", deleted=True), put("companies", name="c")
    assert query.ids(reader, "companies") == [last, first]
    assert query.rows(reader, "companies", [first, gone, last, "none", first])[:2] == [
        *query.rows(reader, "companies", [first]),
        *query.rows(reader, "companies", [last]),
    ]


def test_visits_are_ordered_by_when_they_were(reader, put):
    early = put("visits", text="x", visited_on="2026-11-20")
    noon = put("visits", text="x", visited_on="2026-11-23", visited_time="12:00")
    morning = put("visits", text="x", visited_on="2026-11-23", visited_time="09:00")
    assert query.ids(reader, "visits") == [noon, morning, early]


def test_followups_are_ordered_by_what_comes_next_then_by_what_was_done(reader, put):
    done_first = put("followups", what="x", due_on="2026-11-01", done_at="2026-11-01T00:00:00.000+00:00")
    done_last = put("followups", what="x", due_on="2026-10-01", done_at="2026-11-02T00:00:00.000+00:00")
    undated, late, soon = (
        put("followups", what="x"),
        put("followups", what="x", due_on="2026-12-01"),
        put("followups", what="x", due_on="2026-11-24"),
    )
    assert query.ids(reader, "followups", order="due") == [soon, late, undated, done_last, done_first]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_orders_and_filters_its_list(reader, put, kind):
    blank = {"visited_on": "2026-11-23"}
    made = {put(kind, **{KINDS[kind].title_field: title}, **blank) for title in "bca"}
    for field in KINDS[kind].fields:
        assert set(query.ids(reader, kind, order=field.name)) == made
        assert query.ids(reader, kind, order=f"-{field.name}") == query.ids(reader, kind, order=field.name)[::-1]
    titles = [row["title"] for row in query.rows(reader, kind, query.ids(reader, kind, order=KINDS[kind].title_field))]
    assert titles == ["a", "b", "c"]
    assert len(query.ids(reader, kind, filters={KINDS[kind].title_field: "b"})) == 1
    assert len(query.ids(reader, kind, filters={KINDS[kind].title_field: ["a", "b", "x"]})) == 2


def test_a_filter_of_no_value_and_text_narrow_together(reader, put):
    put("followups", what="回访张伟", done_at="2026-11-02T00:00:00.000+00:00")
    wanted = put("followups", what="回访张伟")
    put("followups", what="寄资料")
    assert query.ids(reader, "followups", text="张伟", filters={"done_at": None}) == [wanted]
    assert len(query.ids(reader, "followups", text="  ")) == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "nothing"}, {"kind": "companies; DROP TABLE companies"}, {"kind": "visits", "order": "nothing"},
        {"kind": "visits", "filters": {"1=1 OR text": "x"}}, {"kind": "visits", "order": "id; DROP TABLE visits"}, {"kind": "settings"},
    ],
)  # fmt: skip
def test_unknown_kinds_fields_and_orders_are_refused(reader, asked):
    with pytest.raises(Invalid):
        query.ids(reader, **asked)


def test_a_row_begins_with_kind_id_title_then_its_fields_then_the_names_it_refers_to(reader, put):
    company = put("companies", name="宁德时代")
    contact = put("contacts", name="张伟", company_id=company)
    lead = put("leads", title="电池包项目", company_id=company, amount=250_000_000)
    visit = put(
        "visits",
        text="  第一行 \n第二行",
        visited_on="2026-11-23",
        company_id=company,
        contact_id=contact,
        lead_id=lead,
    )
    row = query.rows(reader, "visits", [visit])[0]
    assert list(row)[:4] == ["kind", "id", "title", "deleted"]
    assert (row["kind"], row["title"], row["text"]) == ("visits", "第一行", "  第一行 \n第二行")
    assert (row["company"], row["contact"], row["lead"], row["deleted"]) == ("宁德时代", "张伟", "电池包项目", False)
    assert query.rows(reader, "leads", [lead])[0]["amount"] == 250_000_000


def test_the_name_of_a_deleted_reference_says_so(reader, put):
    contact = put("contacts", name="张伟", company_id=put("companies", name="x", deleted=True))
    assert query.rows(reader, "contacts", [contact])[0]["company"] == "x (deleted)"


def test_the_names_of_a_page_take_one_question_each(reader, put):
    made = [put("contacts", name="x", company_id=put("companies", name="y")) for _ in range(100)]
    asked: list[str] = []
    reader.set_trace_callback(asked.append)
    assert len(query.rows(reader, "contacts", made)) == 100
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("text", "title"), [("", ""), (" \n ", ""), ("a\nb", "a"), ("\r\n a \x0b b", "a"), ("长" * 500, "长" * 119 + "…")]
)
def test_the_title_of_a_visit_is_its_first_line(reader, put, text, title):
    assert query.rows(reader, "visits", [put("visits", text=text, visited_on="2026-11-23")])[0]["title"] == title


def test_a_record_is_found_by_its_id_or_the_beginning_of_it(reader, put):
    company = put("companies", name="a")
    assert query.record(reader, company)["id"] == company
    assert query.record(reader, f" {company[:-2].upper()} ")["id"] == company
    for none in ("", "01", company[:5], "zzzzzzzz", "%%%%%%", "______", "é" * 8, "\ud800" * 8):
        assert query.record(reader, none) is None
    put("contacts", name="b")
    with pytest.raises(Ambiguous):
        query.record(reader, company[:8])


def test_a_whole_id_is_never_ambiguous(reader, put):
    company = put("companies", name="a")
    put("contacts", name="b", id=company + "-longer")
    assert query.record(reader, company)["kind"] == "companies"


def test_an_inbox_line_is_a_record_until_it_is_filed(reader, writer, put):
    inbox.put(writer, "01234567-line", "拜访\n宁德", AT)
    assert query.record(reader, "01234567")["kind"] == "inbox"
    assert [row["title"] for row in query.listing(reader, "inbox", 10)] == ["拜访"]
    assert query.ids(reader, "inbox", text="宁德") == ["01234567-line"]
    inbox.mark_filed(writer, "01234567-line")
    put("visits", id="01234567-line", text="拜访", visited_on="2026-11-23")
    assert query.record(reader, "01234567")["kind"] == "visits"
    assert query.listing(reader, "inbox", 10) == []


def test_what_is_related_is_all_that_refers_to_a_record_and_all_it_refers_to(reader, put):
    company = put("companies", name="宁德时代")
    contact = put("contacts", name="张伟", company_id=company)
    lead = put("leads", title="项目", company_id=company)
    visit = put("visits", text="x", visited_on="2026-11-23", company_id=company, contact_id=contact)
    later = put("visits", text="y", visited_on="2026-11-24", company_id=company)
    followup = put("followups", what="z", visit_id=visit)
    put("contacts", name="别人")

    def around(kind: str, record_id: str) -> dict[str, list[str]]:
        return {other: [row["id"] for row in rows] for other, rows in query.related(reader, kind, record_id).items()}

    assert around("companies", company) == {"leads": [lead], "visits": [later, visit], "contacts": [contact]}
    assert around("visits", visit) == {"contacts": [contact], "companies": [company], "followups": [followup]}
    assert around("followups", followup) == {"visits": [visit]}
    assert around("companies", "none") == {}


def test_listing_pages_join(reader, put):
    made = [put("leads", title=str(number)) for number in range(7)]
    pages = [query.listing(reader, "leads", 3, offset) for offset in (0, 3, 6, 9)]
    assert [row["id"] for page in pages for row in page] == made[::-1]
    assert [len(page) for page in pages] == [3, 3, 1, 0]


def test_the_board_holds_each_stage_in_its_column(reader, put):
    talks, lead = put("leads", title="a", stage="talks"), put("leads", title="b", stage="lead")
    put("leads", title="c", stage="lead", deleted=True)
    assert query.board(reader, ["lead", "talks", "signed"]) == {"lead": [lead], "talks": [talks], "signed": []}


def test_today_holds_what_is_overdue_due_and_visited(reader, put):
    day = date(2026, 11, 23)
    older, overdue = put("followups", what="1", due_on="2026-10-01"), put("followups", what="2", due_on="2026-11-22")
    put("followups", what="3", due_on="2026-11-22", done_at="2026-11-22T00:00:00.000+00:00")
    put("followups", what="4", due_on="2026-11-22", deleted=True)
    done = put("followups", what="5", due_on="2026-11-23", done_at="2026-11-23T00:00:00.000+00:00")
    due, timed = (
        put("followups", what="6", due_on="2026-11-23"),
        put("followups", what="7", due_on="2026-11-23", due_time="09:00"),
    )
    put("followups", what="8", due_on="2026-11-24")
    visit = put("visits", text="x", visited_on="2026-11-23")
    put("visits", text="y", visited_on="2026-11-22")
    found = agenda.today(reader, day)
    assert [row["id"] for row in found.overdue] == [older, overdue]
    assert found.overdue_count == 2
    assert [row["id"] for row in found.due] == [timed, due, done]
    assert [row["id"] for row in found.visits] == [visit]


def test_waiting_lines_and_visits_with_open_questions_need_me(reader, writer, put):
    inbox.put(writer, "a", "b", AT)
    inbox.draft(writer, "draft", "b", AT)
    visit = put("visits", text="x", visited_on="2026-11-22", needs="company")
    put("visits", text="y", visited_on="2026-11-22", needs="")
    put("visits", text="z", visited_on="2026-11-22", needs="company", deleted=True)
    assert [row["id"] for row in agenda.needs_me(reader)] == ["a", visit]
