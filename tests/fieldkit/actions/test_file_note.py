"""A typed line becomes linked records, once, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from fieldkit import actions, ids
from fieldkit.actions import file_company, file_note, filing
from fieldkit.actions.lookups import Lookups
from fieldkit.actions.sheet import Sheet
from fieldkit.actions.work import working
from fieldkit.capture import Reading
from fieldkit.errors import DiskFull, NoSuchRecord, NoteEmpty, NoteTooLong
from fieldkit.store import inbox
from fieldkit.store.connection import Transaction
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
LINE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"
KINDS = ("companies", "contacts", "leads", "visits", "followups")


def filed(store: Store, *lines: str, **where: Any) -> actions.Filed:
    for text in lines:
        actions.keep_note(store, text, **where)
    return actions.file_waiting(store)[-1]


def test_the_line_of_the_issue_becomes_five_linked_records(store: Store, stands: Stands) -> None:
    line = actions.keep_note(store, LINE)
    (answer,) = actions.file_waiting(store)
    assert (answer.id, answer.needs, answer.error, answer.filed) == (line, (), "", True)
    (company,), (contact,), (lead,), (visit,), (followup,) = (stands(kind) for kind in KINDS)
    assert answer.made == {
        kind: [row["id"]] for kind, row in zip(KINDS, (company, contact, lead, visit, followup), strict=True)
    }
    assert company["name"] == "宁德时代"
    assert (contact["name"], contact["phone"], contact["company_id"]) == ("张伟", "+8613800138000", company["id"])
    assert (lead["title"], lead["amount"], lead["amount_text"]) == ("动力电池包项目", 250_000_000, "2.5亿")
    assert (lead["company_id"], lead["mode"], lead["task_force"]) == (company["id"], "on-site", "new-energy-materials")
    assert (visit["id"], visit["text"], visit["visited_on"], visit["needs"]) == (line, LINE, "2026-11-26", "")
    assert (visit["company_id"], visit["contact_id"], visit["lead_id"]) == (company["id"], contact["id"], lead["id"])
    assert (visit["amount"], visit["mode"]) == (250_000_000, "on-site")
    assert (followup["what"], followup["due_on"], followup["visit_id"]) == ("回访", "2026-12-02", line)
    assert (followup["company_id"], followup["contact_id"], followup["lead_id"]) == (
        company["id"],
        contact["id"],
        lead["id"],
    )


def test_what_is_known_is_found_again(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代新能源科技股份有限公司"})
    contact = actions.add(store, "contacts", {"name": "张伟", "company_id": company, "post": "总监"})
    lead = actions.add(store, "leads", {"title": "动力电池包项目", "company_id": company, "note": "mine"})
    filed(store, LINE, "昨天下午又见宁德时代 @张伟 13800138000 动力电池包项目 2.5亿")
    assert [row["id"] for row in stands("companies")] == [company]
    assert [(row["id"], row["phone"], row["post"]) for row in stands("contacts")] == [
        (contact, "+8613800138000", "总监")
    ]
    (found,) = stands("leads")
    assert (found["id"], found["amount"], found["note"], found["mode"]) == (lead, 250_000_000, "mine", "on-site")
    assert all(
        (row["company_id"], row["contact_id"], row["lead_id"], row["needs"]) == (company, contact, lead, "")
        for row in stands("visits")
    )
    assert sorted(row["visited_on"] for row in stands("visits")) == ["2026-11-25", "2026-11-26"]


def test_lines_waiting_together_find_what_the_earlier_ones_made(store: Store, stands: Stands) -> None:
    filed(store, *[LINE] * 5)
    assert [len(stands(kind)) for kind in KINDS] == [1, 1, 1, 5, 5]
    assert len({row["contact_id"] for row in stands("visits")}) == 1


def test_namesakes_at_other_companies_are_other_people(store: Store, stands: Stands) -> None:
    filed(
        store,
        LINE,
        LINE.replace("宁德时代", "比亚迪").replace("138001", "139001"),
        LINE.replace("宁德时代", "国轩高科").replace("138001", "137001"),
    )
    assert [row["needs"] for row in stands("visits")] == ["", "", ""]
    assert len({row["contact_id"] for row in stands("visits")}) == 3
    assert len({row["lead_id"] for row in stands("visits")}) == 3


def test_days_count_from_when_the_line_was_written(store: Store, stands: Stands) -> None:
    connection = store.writer()
    inbox.put(connection, ids.uuid7(1, b"x" * 10), LINE, store.clock() - timedelta(days=7))
    connection.close()
    actions.file_waiting(store)
    assert stands("visits")[0]["visited_on"] == "2026-11-19"
    assert stands("followups")[0]["due_on"] == "2026-11-25"
    assert {stands(kind)[0]["created_at"] for kind in KINDS} == {"2026-11-19T02:00:00.000+00:00"}


def test_the_day_is_the_writers_own_not_greenwichs(store: Store, stands: Stands) -> None:
    connection = store.writer()
    inbox.put(connection, ids.uuid7(1, b"x" * 10), LINE, datetime.fromisoformat("2026-11-26T00:30:00+08:00"))
    connection.close()
    actions.file_waiting(store)
    assert stands("visits")[0]["visited_on"] == "2026-11-26"


def test_the_place_where_a_line_was_typed_fills_what_it_leaves_out(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "比亚迪"})
    filed(store, "谈了用地 下周三回访", company_id=company, day=date(2026, 11, 20))
    assert (stands("visits")[0]["company_id"], stands("visits")[0]["visited_on"]) == (company, "2026-11-20")
    assert stands("followups")[0]["company_id"] == company
    filed(store, LINE, company_id=company)
    assert {row["company"] for row in stands("visits")} == {"比亚迪", "宁德时代"}


def test_a_known_person_tells_the_company(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "比亚迪"})
    contact = actions.add(store, "contacts", {"name": "欧阳锋", "company_id": company, "phone": "13800138000"})
    filed(store, "电话 @欧阳锋 下周三回访")
    filed(store, "电话 13800138000 下周三回访")
    assert [(row["company_id"], row["contact_id"], row["needs"]) for row in stands("visits")] == [
        (company, contact, "")
    ] * 2


def test_an_amount_without_a_title_is_a_lead_of_the_company(store: Store, stands: Stands) -> None:
    filed(store, "拜访宁德时代 总投资2.5亿")
    assert [(row["title"], row["amount"]) for row in stands("leads")] == [("宁德时代项目", 250_000_000)]
    filed(store, "拜访宁德时代 总投资2.5亿")
    assert len(stands("leads")) == 1
    assert filed(store, "拜访宁德时代 总投资9亿").needs == ("lead",)
    assert len(stands("leads")) == 1


def test_an_explicit_stage_moves_the_lead_and_setting_aside_asks_why(store: Store, stands: Stands) -> None:
    filed(store, LINE, LINE.replace("!上门", "!签约"))
    assert stands("leads")[0]["stage"] == "signed"
    assert filed(store, LINE.replace("!上门", "!搁置")).needs == ("stage",)
    assert stands("leads")[0]["stage"] == "signed"


@pytest.mark.parametrize(
    ("before", "text", "needs"),
    [
        ({}, "今天雨很大", "company"),
        ({}, "@张伟 13800138000 动力电池包项目 2.5亿", "company"),
        ({"companies": ["北京字节跳动科技有限公司"]}, "拜访上海字节跳动有限公司 @张伟", "company"),
        ({"companies": ["北京字节跳动科技有限公司", "上海字节跳动有限公司"]}, "拜访字节跳动 @张伟", "company"),
        ({"companies": ["宁德时代"], "contacts": ["张伟", "张伟"]}, "拜访宁德时代 @张伟", "contact"),
        ({"companies": ["宁德时代"], "contacts": ["王建国"]}, "拜访宁德时代 @王总", "contact"),
        ({"companies": ["宁德时代"], "leads": ["电池包项目", "电池包项目"]}, "拜访宁德时代 电池包项目", "lead"),
    ],
)
def test_what_would_be_a_guess_is_left_to_a_person(
    store: Store, stands: Stands, before: dict[str, list[str]], text: str, needs: str
) -> None:
    companies = [actions.add(store, "companies", {"name": name}) for name in before.get("companies", ())]
    for name in before.get("contacts", ()):
        actions.add(store, "contacts", {"name": name, "company_id": companies[0]})
    for title in before.get("leads", ()):
        actions.add(store, "leads", {"title": title, "company_id": companies[0]})
    standing = [stands(kind) for kind in ("companies", "contacts", "leads")]
    assert needs in filed(store, text).needs
    assert [stands(kind) for kind in ("companies", "contacts", "leads")] == standing
    (visit,) = stands("visits")
    assert visit["text"] == text
    assert needs in visit["needs"].split()


@pytest.mark.parametrize("typed", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "0086 13800138000"])
@pytest.mark.parametrize("stored", ["13800138000", "+8613800138000"])
def test_a_person_is_known_by_a_number_however_it_was_typed_and_stored(
    store: Store, stands: Stands, typed: str, stored: str
) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    with working(store) as work:
        contact = work.add("contacts", {"name": "张伟", "company_id": company, "phone": stored})
    visit = filed(store, f"电话 {typed} 下周三回访").id
    assert [(row["id"], row["contact_id"]) for row in stands("visits")] == [(visit, contact)]
    assert filed(store, f"拜访宁德时代 @张伟 {typed}").needs == ()


def test_two_people_share_a_line_with_an_extension_each(store: Store, stands: Stands) -> None:
    filed(store, "拜访宁德时代 @张伟 0558-5123456转801", "拜访宁德时代 @李强 0558-5123456转802")
    third = filed(store, "拜访宁德时代 0558-5123456转802").id
    phones = {row["id"]: row["phone"] for row in stands("contacts")}
    assert sorted(phones.values()) == ["+865585123456;ext=801", "+865585123456;ext=802"]
    (visit,) = [row for row in stands("visits") if row["id"] == third]
    assert phones[visit["contact_id"]] == "+865585123456;ext=802"


def test_another_phone_and_another_amount_are_asked_about_not_written_over(store: Store, stands: Stands) -> None:
    filed(store, LINE)
    assert set(filed(store, LINE.replace("13800138000", "13900139000").replace("2.5亿", "3亿")).needs) == {
        "phone",
        "amount",
    }
    assert (stands("contacts")[0]["phone"], stands("leads")[0]["amount"]) == ("+8613800138000", 250_000_000)
    assert sorted(row["amount"] for row in stands("visits")) == [250_000_000, 300_000_000]


def test_a_next_step_is_kept_though_the_company_is_open(store: Store, stands: Stands) -> None:
    filed(store, "下周三回访")
    assert [(row["due_on"], row["company_id"]) for row in stands("followups")] == [("2026-12-02", "")]


def test_answering_the_company_files_what_hung_on_it(store: Store, stands: Stands) -> None:
    visit = filed(store, "@张伟 13800138000 动力电池包项目 2.5亿 下周三回访").id
    company = actions.add(store, "companies", {"name": "宁德时代"})
    assert actions.settle(store, visit, {"company_id": company}) == []
    (contact,), (lead,), (followup,), (found,) = (stands(kind) for kind in ("contacts", "leads", "followups", "visits"))
    assert (contact["company_id"], contact["phone"], lead["company_id"], lead["amount"]) == (
        company,
        "+8613800138000",
        company,
        250_000_000,
    )
    links = {"company_id": company, "contact_id": contact["id"], "lead_id": lead["id"]}
    assert found | links == found
    assert followup | links == followup
    assert found["needs"] == ""


def test_an_edit_answers_as_well_and_is_undone_as_one(store: Store, stands: Stands) -> None:
    visit = filed(store, "@张伟 13800138000 动力电池包项目 2.5亿").id
    company = actions.add(store, "companies", {"name": "宁德时代"})
    actions.edit(store, "visits", visit, {"company_id": company})
    assert (len(stands("contacts")), len(stands("leads")), stands("visits")[0]["needs"]) == (1, 1, "")
    actions.undo(store)
    assert (len(stands("contacts")), len(stands("leads")), stands("visits")[0]["needs"]) == (0, 0, "company")


def test_a_dismissed_question_does_not_come_back(store: Store, stands: Stands) -> None:
    visit = filed(store, "今天雨很大 !签约").id
    assert actions.settle(store, visit, {}, dismiss=["company"]) == []
    actions.edit(store, "visits", visit, {"place": "车间"})
    assert (stands("visits")[0]["needs"], stands("visits")[0]["place"], stands("companies")) == ("", "车间", [])


def test_what_a_person_has_emptied_stays_empty(store: Store, stands: Stands) -> None:
    settled, open_ = filed(store, LINE).id, filed(store, "动力电池包项目 2.5亿 !上门 #锂电").id
    for visit in (settled, open_):
        actions.edit(store, "visits", visit, {"mode": "", "amount": "", "tags": ""})
        actions.edit(store, "visits", visit, {"place": "车间"})
    assert [(row["mode"], row["amount"], row["tags"]) for row in stands("visits")] == [("", None, "")] * 2


def test_a_name_that_the_reading_did_not_tie_to_a_company_of_the_same_short_name_is_no_new_company(
    store: Store, stands: Stands
) -> None:
    actions.add(store, "companies", {"name": "北京字节跳动科技有限公司"})
    reading = Reading("")
    reading.company = "上海字节跳动有限公司"
    with working(store) as work:
        sheet = Sheet(work, Lookups(work), reading, {}, work.now)
        assert file_company.company_of(sheet, "") == ""
    assert sheet.needs == ["company"]
    assert len(stands("companies")) == 1


def test_choosing_the_contact_answers_only_that(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    first, _second = (actions.add(store, "contacts", {"name": "张伟", "company_id": company}) for _ in range(2))
    visit = filed(store, "拜访宁德时代 @张伟 下周三回访").id
    assert actions.settle(store, visit, {"contact_id": first}) == []
    assert (stands("visits")[0]["contact_id"], stands("followups")[0]["contact_id"]) == (first, first)


def test_a_deleted_company_is_not_found_again(store: Store, stands: Stands) -> None:
    filed(store, LINE)
    actions.delete(store, "companies", stands("companies")[0]["id"])
    filed(store, LINE)
    assert len(stands("companies")) == 1
    assert [row["company"] for row in stands("visits")].count("宁德时代") == 1


# Crashes


class Crash(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("step", ["file_sheet", "add_followup", "_mark_filed", "_remember"])
def test_a_crash_at_any_step_leaves_nothing_half_done(
    store: Store, stands: Stands, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    original = getattr(file_note, step)

    def crash(*arguments: Any, **options: Any) -> None:
        original(*arguments, **options)
        raise Crash

    line = actions.keep_note(store, LINE)
    with monkeypatch.context() as patched:
        patched.setattr(file_note, step, crash)
        with pytest.raises(Crash):
            actions.file_waiting(store)
    assert not any(stands(kind) for kind in KINDS)
    assert [answer.id for answer in actions.file_waiting(store)] == [line]
    assert [len(stands(kind)) for kind in KINDS] == [1] * 5
    assert actions.file_waiting(store) == []


def test_filing_a_line_twice_makes_nothing_double(store: Store, stands: Stands) -> None:
    line = actions.keep_note(store, LINE)
    first, second = actions.file_line(store, line), actions.file_line(store, line)
    assert (first.filed, second.filed, second.made) == (True, True, {})
    connection = store.writer()
    connection.execute("UPDATE inbox SET state = 'waiting'")
    connection.close()
    actions.file_waiting(store)
    assert [len(stands(kind)) for kind in KINDS] == [1] * 5
    with pytest.raises(NoSuchRecord):
        actions.file_line(store, "nothing")


def test_a_draft_and_a_dropped_line_are_not_filed(store: Store, stands: Stands) -> None:
    line = actions.keep_note(store, LINE)
    connection = store.writer()
    inbox.drop(connection, line)
    inbox.draft(connection, "draft", LINE, store.clock())
    connection.close()
    assert not actions.file_line(store, line).filed
    assert not actions.file_line(store, "draft").filed
    assert stands("visits") == []


def test_one_bad_line_stops_no_other(store: Store, stands: Stands, monkeypatch: pytest.MonkeyPatch) -> None:
    company_of = file_company.company_of

    def fail(sheet: Any, context: str) -> str:
        if "poison" in sheet.reading.text:
            raise RuntimeError("poison")
        return company_of(sheet, context)

    monkeypatch.setattr(filing, "company_of", fail)
    lines = [actions.keep_note(store, text) for text in (LINE, "poison", LINE)]
    answers = {answer.id: answer for answer in actions.file_waiting(store)}
    assert [bool(answers[line].error) for line in lines] == [False, True, False]
    assert {row["id"]: row["needs"] for row in stands("visits")} == dict(zip(lines, ("", "reading", ""), strict=True))
    monkeypatch.undo()
    assert actions.settle(store, lines[1], {"company_id": stands("companies")[0]["id"]}) == []


def test_a_line_that_cannot_be_written_at_all_goes_on_waiting(
    store: Store, stands: Stands, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = file_note._write_visit

    def fail(work: Any, visit_id: str, sheet: Any) -> None:
        if sheet.visit["text"] == "poison":
            raise RuntimeError("poison")
        write(work, visit_id, sheet)

    monkeypatch.setattr(file_note, "_write_visit", fail)
    lines = [actions.keep_note(store, text) for text in (LINE, "poison", LINE)]
    answers = {answer.id: answer for answer in actions.file_waiting(store)}
    assert [answers[line].filed for line in lines] == [True, False, True]
    assert len(stands("visits")) == 2
    monkeypatch.undo()
    assert [answer.filed for answer in actions.file_waiting(store)] == [True]
    assert "poison" in {row["text"] for row in stands("visits")}


def test_a_store_that_cannot_be_written_is_told_and_all_lines_wait(
    store: Store, stands: Stands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    actions.keep_note(store, LINE)
    with monkeypatch.context() as patched:
        patched.setattr(file_note, "_write_visit", full)
        with pytest.raises(DiskFull):
            actions.file_waiting(store)
    assert stands("visits") == []
    assert len(actions.file_waiting(store)) == 1


def test_many_lines_are_filed_oldest_first_and_told(store: Store, stands: Stands) -> None:
    lines = [ids.uuid7(millis, b"x" * 10) for millis in range(100)]
    connection = store.writer()
    with Transaction(connection):
        for number, line in enumerate(lines):
            inbox.put(
                connection,
                line,
                f"拜访第{number % 9}农场有限公司 第{number}项目",
                store.clock() + timedelta(seconds=number),
            )
    connection.close()
    told: list[tuple[int, int]] = []
    answers = actions.file_waiting(store, lambda done, of: told.append((done, of)))
    assert [answer.id for answer in answers] == lines
    assert told == sorted(told)
    assert told[-1] == (100, 100)
    assert len(stands("visits")) == 100


@pytest.mark.parametrize("text", ["", " \n\t", "　"])
def test_an_empty_note_is_refused(store: Store, text: str) -> None:
    with pytest.raises(NoteEmpty):
        actions.keep_note(store, text)


def test_a_note_may_be_as_long_as_the_limit_and_is_filed_whole(store: Store, stands: Stands) -> None:
    with pytest.raises(NoteTooLong):
        actions.keep_note(store, "字" * 50_001)
    filed(store, "谈了用地。" * 10_000)
    assert len(stands("visits")[0]["text"]) == 50_000


def test_reading_a_line_knows_the_store_and_writes_nothing(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代新能源科技股份有限公司"})
    reading = actions.read_line(store, LINE)
    assert (reading.company_id, reading.company) == (company, "宁德时代新能源科技股份有限公司")
    assert stands("visits") == []


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("宁德时代", "拜访宁德时代新能源科技股份有限公司 谈扩产"),
        ("宁德时代新能源科技股份有限公司", "拜访宁德时代新能源科技有限公司 谈扩产"),
        ("比亚迪", "拜访比亚迪汽车谈扩产"),
        ("比亚迪股份有限公司", "拜访比亚迪汽车工业有限公司 @张伟"),
        ("宁德时代", "拜访宁德时带 谈扩产"),
        ("国轩高科", "拜访国轩 谈扩产"),
        ("古井贡酒", "拜访古井集团 谈扩产"),
    ],
)
def test_a_near_name_is_left_to_a_person_and_the_visit_keeps_its_words(
    store: Store, stands: Stands, known: str, typed: str
) -> None:
    actions.add(store, "companies", {"name": known})
    assert filed(store, typed).needs == ("company",)
    assert [row["name"] for row in stands("companies")] == [known]
    assert [(row["text"], row["company_id"]) for row in stands("visits")] == [(typed, "")]


@pytest.mark.parametrize(
    "typed",
    [
        "拜访宁德时代 谈扩产",
        "拜访宁德时代谈汽车电池",
        "拜访宁德时代项目部",
        "拜访宁德时代投资5亿",
        "拜访宁德时代和比亚迪",
        "ndsd 谈扩产",
    ],
)
def test_a_known_name_with_other_words_behind_it_is_no_question(store: Store, stands: Stands, typed: str) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代新能源科技股份有限公司"})
    assert filed(store, typed).needs == ()
    assert [row["company_id"] for row in stands("visits")] == [company]


def test_somebody_of_the_same_sound_at_the_company_is_asked_about(store: Store, stands: Stands) -> None:
    filed(store, "拜访宁德时代 @张伟")
    assert filed(store, "拜访宁德时代 @张玮").needs == ("contact",)
    assert filed(store, "拜访宁德时代 @张强").needs == ()
    assert sorted(row["name"] for row in stands("contacts")) == sorted(["张伟", "张强"])
