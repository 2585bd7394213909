"""Commands as scripts and people meet them, in this process: what is printed, where, and with which exit code."""

import io
import json
import os
import sqlite3
import sys
from contextlib import closing
from datetime import datetime

import pytest

from fieldkit import i18n
from fieldkit.cli.found import print_found
from fieldkit.cli.main import main
from fieldkit.cli.output import Seen
from fieldkit.locations import Locations
from fieldkit.store.connection import open_reader

NOTE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"
READING = ["company", "contact", "phone", "title", "amount", "currency", "mode", "visited", "next", "dates", "amounts"]


@pytest.fixture(autouse=True)
def _laptop(tmp_path, monkeypatch):
    monkeypatch.setenv("FIELDKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIELDKIT_LANG", "en")
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-26T10:00:00+08:00")
    yield
    i18n.use_language("en")


@pytest.fixture
def run(capsys):
    """Run a command; its exit code, output and messages."""

    def command(*arguments, code=0):
        assert main(arguments) == code
        return capsys.readouterr()

    return command


@pytest.fixture
def documents(run):
    """Run a command with --json; the document that it prints."""
    return lambda *arguments: json.loads(run(*arguments, "--json").out)


def test_note_and_parse_answer_as_the_contract_says(documents):
    note = documents("note", NOTE)
    assert list(note) == ["id", "text", "reading"]
    assert list(note["reading"])[: len(READING)] == READING
    assert note["reading"] == documents("parse", NOTE)
    assert note["reading"]["next"] == {"date": "2026-12-02", "time": None, "what": "回访"}
    (date,) = note["reading"]["dates"]
    assert list(date) == ["text", "start", "end", "date", "until", "time"]
    assert NOTE[date["start"] : date["end"]] == date["text"] == "下周三"
    (amount,) = note["reading"]["amounts"]
    assert amount == {"text": "2.5亿", "start": NOTE.index("2.5亿"), "end": NOTE.index("2.5亿") + 4} | {
        "amount": 250_000_000,
        "currency": "CNY",
    }


def test_parse_answers_line_by_line(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{NOTE}\n今日头条来亳考察\n".encode())))
    first, second = map(json.loads, run("parse", "-", "--json").out.splitlines())
    assert first["company"] == "宁德时代"
    assert second["dates"] == []


def test_parse_saves_nothing(run, tmp_path):
    run("parse", NOTE)
    assert not (tmp_path / "home").exists()


def test_records_carry_kind_id_and_title_first(documents):
    documents("note", "--file", NOTE)
    for kind in ("companies", "contacts", "leads", "visits", "followups"):
        (row,) = documents("list", kind)
        assert list(row)[:3] == ["kind", "id", "title"]
        assert row["kind"] == kind
        assert row["created_at"].endswith(("+00:00", "+08:00"))
    assert documents("list", "lead") == documents("list", "leads")


def test_lists_are_paged(documents):
    for number in range(5):
        documents("add", "companies", f"name=第{number}公司")
    names = [row["name"] for row in documents("list", "companies")]
    assert [row["name"] for row in documents("list", "companies", "--limit", "2", "--offset", "1")] == names[1:3]
    assert documents("list", "companies", "--offset", "9") == []


@pytest.mark.parametrize("damage", ["DELETE FROM search_visits_data WHERE id >= 10", "DROP TABLE search_visits"])
def test_a_damaged_index_is_said_in_a_sentence_and_healed(run, tmp_path, damage):
    run("note", "--file", NOTE)
    with closing(sqlite3.connect(tmp_path / "home" / "fieldkit.db")) as store, store:
        store.execute(damage)
    for command in (["find", "电池"], ["note", "--file", "拜访比亚迪"]):
        said = run(*command, code=1).err
        assert said.count("\n") == 1
        assert "doctor --reindex" in said
        assert "snapshot" not in said
    run("doctor", "--reindex")
    assert "电池" in run("find", "电池").out


def test_a_filter_of_an_unknown_value_is_told_with_what_is_known(run):
    run("note", "--file", NOTE)
    said = run("find", "类型:合同", "电池").err
    assert "合同" in said
    assert "线索" in said
    assert "talks" not in run("find", "阶段:没有").err
    assert "task" not in run("find", "taskforce:nothing").out
    assert run("find", "类型:拜访", "没有的").err == ""


def test_doctor_makes_the_index_anew_and_says_how_things_stand(run, documents):
    run("note", "--file", NOTE)
    assert "search knows every record" in run("doctor").out
    printed = run("doctor", "--reindex")
    assert printed.out.startswith("5 records indexed anew.")
    assert printed.err == ""
    assert documents("doctor", "--reindex") == {"damage": [], "strays": 0, "indexed": 5}
    assert documents("find", "宁德")


def test_doctor_tells_what_search_misses_and_fails(run):
    run("note", "--file", NOTE)
    with closing(sqlite3.connect(Locations.from_environment(os.environ).store)) as store:
        store.execute("INSERT INTO search_visits (search_visits) VALUES ('delete-all')")
        store.commit()
    assert "misses or mistakes 1 record" in run("doctor", code=1).out
    run("doctor", "--reindex")


def test_find_shows_what_it_found_where_the_title_does_not(run):
    run("note", "--file", NOTE)
    assert "Phone  +8613800138000" in run("find", "8000").out
    assert run("find", "张伟", "类型:联系人").out.count("\n") == 1


def test_what_was_found_stands_out_on_a_terminal_alone(run):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    row = {"kind": "contacts", "id": "01937c2e-8a1b-7000", "title": "张伟\x1b[31m", "phone": "13800138000"}
    row["match"] = {"field": "name", "text": "张伟", "spans": [[0, 1]]}
    terminal, file = Terminal(), io.StringIO()
    run("list", "contacts")
    with closing(open_reader(Locations(os.environ["FIELDKIT_HOME"]).store)) as connection:
        seen = Seen(connection, [row])
    print_found([row], seen, terminal, "")
    print_found([row], seen, file, "")
    assert terminal.getvalue() == "01937c2e-8a1b  \x1b[1;4m张\x1b[0m伟[31m  13800138000\n"
    assert file.getvalue() == "01937c2e-8a1b  张伟[31m  13800138000\n"


def test_this_week_is_the_week_of_the_laptops_clock(documents):
    documents("note", "--file", NOTE)
    assert [row["kind"] for row in documents("find", "本周", "类型:拜访")] == ["visits"]


@pytest.mark.parametrize("query", ["宁德", "时代", "ndsd", "8000", "张", "动力电池"])
def test_find_takes_any_fragment(documents, query):
    documents("note", "--file", NOTE)
    assert documents("find", query)


@pytest.mark.parametrize("query", ['"', "%", "*", "a OR", "NEAR(", "'; DROP TABLE visits", "x" * 100_000, "\x00"])
def test_find_answers_anything(documents, query):
    documents("note", "--file", NOTE)
    assert isinstance(documents("find", query), list)


def test_edit_delete_undo_and_redo(documents):
    company = documents("add", "company", "name=古井贡酒", "task_force=green-food")["id"]
    assert documents("edit", company, "name=古井集团", "region=亳州")["name"] == "古井集团"
    documents("undo")
    assert documents("show", company)["name"] == "古井贡酒"
    documents("redo")
    documents("delete", company)
    assert documents("list", "companies") == []
    assert documents("undo")["records"] == [{"kind": "companies", "id": company}]
    assert documents("show", company[:13])["region"] == "亳州"


def test_a_doubtful_credit_code_is_taken_with_a_warning(run):
    done = run("add", "companies", "name=某公司", "uscc=91341600MA2MXXXX0Y", "--json")
    assert json.loads(done.out)["uscc"] == "91341600MA2MXXXX0Y"
    assert "91341600MA2MXXXX0Y" in done.err


def test_today_tells_what_is_due(run, documents):
    documents("add", "followups", "what=寄资料", "due_on=昨天")
    documents("add", "followups", "what=回访", "due_on=2026-11-26")
    today = documents("today")
    assert list(today) == ["overdue", "due", "visits", "needs_me"]
    assert [row["title"] for row in today["overdue"] + today["due"]] == ["寄资料", "回访"]
    assert "寄资料" in run("today").out


def test_status_tells_what_has_not_been_sent(run, documents):
    documents("note", "--file", NOTE)
    status = documents("sync", "--status")
    assert status["waiting"] == 5
    assert status["oldest"].startswith("2026-11-26T")
    assert "5 not yet sent" in run("sync", "--status").out


def test_a_sync_without_a_centre_answers_scripts_and_fails(run):
    run("note", NOTE)
    failed = run("sync", "--json", code=1)
    answer = json.loads(failed.out)
    assert {name: answer[name] for name in ("state", "sent", "received", "rejected", "conflicts")} == {
        "state": "not-enrolled"
    } | dict.fromkeys(("sent", "received", "rejected", "conflicts"), 0)
    assert answer["waiting"] == 5
    assert "enrol" in failed.err


def test_the_store_may_hold_the_language(run, monkeypatch, tmp_path):
    from fieldkit.store import settings
    from fieldkit.store.connection import open_writer

    run("note", "第一条")
    monkeypatch.delenv("FIELDKIT_LANG")
    monkeypatch.setenv("LANG", "C.UTF-8")
    connection = open_writer(str(tmp_path / "home" / "fieldkit.db"))
    settings.put(connection, {"language": "zh_CN"})
    connection.close()
    assert "已保存" in run("note", "第二条").out
    assert "还没有" in run("list", "companies").out


def test_a_wrong_clock_is_wrong_usage(run, monkeypatch):
    monkeypatch.setenv("FIELDKIT_NOW", "yesterday")
    assert "yesterday" in run("today", code=2).err


def test_people_get_messages_on_stderr_and_data_on_stdout(run):
    failed = run("show", "01900000-0000-7000-8000-00000000dead", code=1)
    assert failed.out == ""
    assert failed.err.count("\n") == 1


def test_a_line_of_the_inbox_is_shown_edited_and_deleted_like_a_record(run, documents):
    line = documents("note", NOTE)["id"]
    assert NOTE in run("show", line).out
    assert "2026-11-26" in run("list", "inbox").out
    run("delete", line)
    assert documents("list", "inbox") == []
    run("undo")
    assert [row["id"] for row in documents("list", "inbox")] == [line]
    run("redo")
    assert documents("list", "inbox") == []
    run("undo")
    assert documents("edit", line, "place=宁德")["kind"] == "visits"
    assert documents("show", line)["place"] == "宁德"


def test_what_was_not_filed_was_not_sent(documents, run):
    run("note", NOTE)
    status = documents("sync", "--status")
    assert status["waiting"] == 1
    assert datetime.fromisoformat(status["oldest"]) == datetime.fromisoformat("2026-11-26T10:00:00+08:00")
    assert "1 not yet sent" in run("sync", "--status").out


def test_a_reference_takes_the_short_id_that_lists_print(run, documents):
    company = documents("add", "companies", "name=宁德时代")["id"]
    short = run("list", "companies").out.split()[0]
    contact = documents("add", "contacts", "name=张伟", f"company_id={short}")
    assert contact["company_id"] == company
    other = documents("add", "contacts", "name=李强")["id"]
    assert "no record" in run("edit", other, f"company_id={contact['id']}", code=1).err


def test_contacts_are_listed_by_name_as_it_is_spoken(run, documents):
    for name in ("张伟", "单雄信", "区小明"):
        documents("add", "contacts", f"name={name}")
    listed = documents("list", "contacts", "--sort", "name")
    assert [row["name"] for row in listed] == ["区小明", "单雄信", "张伟"]
    assert documents("list", "contacts", "--sort", "name", "--limit", "1", "--offset", "1") == listed[1:2]
    assert "contacts" in run("list", "visits", "--sort", "name", code=2).err


def test_two_records_are_merged_and_taken_apart_again(run, documents):
    kept = documents("add", "companies", "name=宁德时代新能源科技股份有限公司", "region=福建")["id"]
    other = documents("add", "companies", "name=宁德时代", "region=上海")["id"]
    contact = documents("add", "contacts", "name=张伟", f"company_id={other}")["id"]
    merged = documents("merge", kept, other)
    assert (merged["id"], merged["region"], merged["merged"], merged["moved"]) == (kept, "福建", other, 1)
    assert "上海" in merged["note"]
    assert documents("show", contact)["company_id"] == kept
    assert documents("show", other)["id"] == kept
    assert "Merged company 宁德时代" in run("undo").out
    assert documents("show", contact)["company_id"] == other
    assert "two kinds" in run("merge", kept, contact, code=1).err


def test_what_may_be_meant_is_told_and_answered_by_an_id_or_a_new_name(run, documents):
    known = documents("add", "companies", "name=宁德时代新能源科技股份有限公司")["id"]
    visits = [documents("note", "--file", f"拜访宁德时带 @{name} 谈扩产")["id"] for name in ("张伟", "李强")]
    (question,) = documents("show", visits[0])["asked"]
    assert (question["need"], question["field"], question["said"]) == ("company", "company_id", "宁德时带")
    assert [one["id"] for one in question["candidates"]] == [known]
    assert [row["asked"] for row in documents("today")["needs_me"]] == [[question], [question]]
    for told in (run("show", visits[0]).out, run("today").out):
        assert "宁德时带 ↔ 宁德时代新能源科技股份有限公司?" in told
        assert "company_id='+宁德时带'" in told
    assert documents("edit", visits[0], f"company_id={known}")["needs"] == ""
    made = documents("edit", visits[1], "company_id=+宁德时带")
    assert (made["company"], made["contact"], made["needs"]) == ("宁德时带", "李强", "")
    assert "asked" not in documents("show", visits[1])
    run("undo")
    assert [row["id"] for row in documents("list", "companies")] == [known]


def test_a_wrong_credit_code_is_told_wherever_the_company_is_printed(run, documents):
    company = documents("add", "companies", "name=某公司", "uscc=91341600MA2MXXXX0Y")
    assert [doubt["field"] for doubt in company["doubts"]] == ["uscc"]
    assert documents("show", company["id"])["doubts"] == company["doubts"]
    assert "91341600MA2MXXXX0Y does not fit" in run("show", company["id"]).out
    assert documents("edit", company["id"], "uscc=914403001922038216")["doubts"] == []


def test_the_id_of_a_merged_record_shows_the_one_that_stands_and_changes_nothing(run, documents):
    first, second, third = (documents("add", "companies", f"name={name}")["id"] for name in ("甲", "乙", "丙"))
    run("merge", second, third)
    run("merge", first, second)
    for merged in (second, third):
        assert documents("show", merged)["id"] == first
        assert "merged into this one" in run("show", merged).err
        run("edit", merged, "note=x", code=1)
    assert run("show", first).err == ""
    run("delete", first)
    run("show", third, code=1)
    run("show", "01", code=1)


def test_what_a_merged_company_has_twice_is_printed_with_the_command_that_merges_it(run, documents):
    companies = [documents("add", "companies", f"name={name}")["id"] for name in ("宁德时代", "宁德新能源")]
    people = [documents("add", "contacts", "name=张伟", f"company_id={company}")["id"] for company in companies]
    (line,) = [line for line in run("merge", *companies).err.splitlines() if "twice" in line]
    command = line.partition("`fieldkit ")[2].partition("`")[0].split()
    run("undo")
    (twins,) = documents("merge", *companies)["twins"]
    assert twins["kind"] == "contacts"
    assert {twins["kept"], twins["other"]} == set(people)
    run(*command)
    assert [row["id"] for row in documents("list", "contacts")] == [twins["kept"]]


def test_two_companies_of_one_credit_code_are_offered_to_be_merged_and_never_merged_silently(run, documents):
    first = documents("add", "companies", "name=腾讯", "uscc=9144 0300 1922 0382 16")
    second = documents("add", "companies", "name=深圳计算机系统", "uscc=914403001922038216")
    assert "asked" not in first
    assert [(one["need"], [found["id"] for found in one["candidates"]]) for one in second["asked"]] == [
        ("twin", [first["id"]])
    ]
    assert len(documents("list", "companies")) == 2
    assert {row["id"] for row in documents("today")["needs_me"]} == {first["id"], second["id"]}
    assert "fieldkit merge" in run("today").out
    run("merge", first["id"], second["id"])
    assert documents("today")["needs_me"] == []
    run("undo")
    documents("edit", second["id"], "uscc=")
    assert documents("today")["needs_me"] == []


def test_a_new_company_that_looks_like_a_known_one_is_saved_and_told(run, documents):
    known = documents("add", "companies", "name=宁德时代新能源科技股份有限公司")["id"]
    added = documents("add", "companies", "name=宁德时代")
    assert [one["id"] for one in added["alike"]] == [known]
    assert "Looks like" in run("add", "companies", "name=宁德时带").err
    assert "alike" not in documents("add", "companies", "name=古井贡酒")


def test_a_name_that_two_companies_have_is_offered_with_its_companies(run, documents):
    companies = [documents("add", "companies", f"name={name}")["id"] for name in ("宁德时代", "古井贡酒")]
    people = [documents("add", "contacts", "name=张伟", f"company_id={company}")["id"] for company in companies]
    visit = documents("note", "--file", "@张伟 来电")["id"]
    asked = {one["need"]: one for one in documents("show", visit)["asked"]}
    assert {one["id"] for one in asked["contact"]["candidates"]} == set(people)
    assert {one["id"] for one in asked["company"]["candidates"]} == set(companies)
    assert "张伟 ↔ 张伟 · 古井贡酒?" in run("show", visit).out
    answered = documents("edit", visit, f"contact_id={people[1]}")
    assert (answered["company"], answered["needs"]) == ("古井贡酒", "")


def test_an_added_double_of_a_contact_or_lead_is_told(documents, run):
    company = documents("add", "companies", "name=海螺水泥")["id"]
    for kind, told in (("contacts", ("name=张伟", "phone=13800138000")), ("leads", ("title=骨料厂项目",))):
        values = (*told, f"company_id={company}")
        first = documents("add", kind, *values)
        assert "alike" not in first
        assert [one["id"] for one in documents("add", kind, *values)["alike"]] == [first["id"]]
        assert "Looks like" in run("add", kind, *values).err


def test_the_command_that_answers_a_number_or_an_amount_is_told_and_works(documents, run):
    company = documents("add", "companies", "name=海螺水泥")["id"]
    documents("add", "contacts", "name=张伟", "phone=13800138000", f"company_id={company}")
    documents("add", "leads", "title=骨料厂项目", "amount=2亿", f"company_id={company}")
    visit = documents("note", "--file", "拜访海螺水泥 @张伟 13900139000 骨料厂项目 3亿")["id"]
    for command in ("today", "show"):
        told = run(*([command] if command == "today" else [command, visit]))
        said = told.out + told.err
        assert "phone='+8613800138000、+8613900139000'` 张伟: both" in said
        assert "amount='3亿'` CNY 300 million, as the line says" in said
    asked = {one["need"]: one for one in documents("show", visit)["asked"]}
    assert [figure["value"] for figure in asked["amount"]["figures"]] == ["3亿", "2亿"]
    run("edit", visit, f"phone={asked['phone']['figures'][0]['value']}", "amount=3亿")
    assert documents("today")["needs_me"] == []


def test_what_note_prints_of_a_filed_line_is_what_was_filed(documents, run):
    company = documents("add", "companies", "name=宁德时代")["id"]
    documents("add", "contacts", "name=张伟", f"company_id={company}", "phone=13800138000")
    documents("add", "companies", "name=未来科技")
    documents("add", "leads", "title=动力电池项目", f"company_id={company}")
    for line, there, absent in (
        ("未来三年要扩产", "Which company?", "未来科技"),
        ("拜访宁德时代 @张玮 13900139000", "宁德时代 · to be settled: Which contact?", "张玮"),
        ("拜访宁德时代 动力电池包项目 3亿", "Which lead?", "动力电池包项目"),
        ("拜访宁德时代 @张伟 13800138000 下周三回访", "宁德时代 · 张伟 13800138000 · next:", "settled"),
        ("拜访宁德时代 @张伟 13900139000", "宁德时代 · 张伟 · to be settled: The contact has", "13900139000"),
    ):
        out = run("note", "--file", line).out
        assert there in out, out
        assert absent not in out, out


def test_no_question_is_printed_as_a_bare_word(documents, run, monkeypatch):
    for name in ("宁德时代", "比亚迪"):
        company = documents("add", "companies", f"name={name}")["id"]
        documents("add", "leads", "title=动力电池项目", f"company_id={company}")
    for flags in ((), ("--file",)):
        for line in ("动力电池包项目 3亿", "动力电池项目 3亿", "拜访弗迪电池(比亚迪子公司)"):
            assert "title" not in run("note", *flags, line).out
    assert "title" not in run("parse", "动力电池项目 3亿").out


def test_a_deleted_company_keeps_its_name_where_it_is_referred_to(documents, run):
    company = documents("add", "companies", "name=海螺水泥")["id"]
    documents("add", "contacts", "name=张伟", f"company_id={company}")
    documents("note", "--file", "拜访海螺水泥 @张伟 下周三回访")
    run("delete", company)
    for command in (("list", "visits"), ("list", "contacts"), ("list", "followups"), ("today",)):
        out = run(*command).out
        assert "海螺水泥 (deleted)" in out
        assert company not in out
    run("undo")
    assert "(deleted)" not in run("list", "visits").out


def test_what_note_prints_before_filing_is_what_filing_will_ask(documents, run):
    companies = [documents("add", "companies", f"name={name}")["id"] for name in ("宁德时代", "古井贡酒", "未来科技")]
    for company in companies[:2]:
        documents("add", "contacts", "name=张伟", f"company_id={company}")
    for line, said in (
        ("未来三年要扩产", "Saved · to be settled: Which company?\n"),
        ("拜访宁德时代张伟 谈用地", "Saved · 宁德时代 · 张伟\n"),
        ("拜访宁德时代 @张伟", "Saved · 宁德时代 · 张伟\n"),
        ("宁德时代 @张伟 3亿", "Saved · 宁德时代 · 张伟 · CNY 300 million\n"),
    ):
        assert run("note", line).out == said
    assert documents("list", "visits") == []


def test_a_person_who_has_moved_is_brought_along_by_the_command_that_is_told(documents, run):
    here, there = (documents("add", "companies", f"name={name}")["id"] for name in ("商汤科技", "科大讯飞"))
    contact = documents("add", "contacts", "name=曾敏", "phone=13800000011", f"company_id={there}")["id"]
    visit = documents("note", "--file", "商汤科技 曾敏 13800000011")["id"]
    assert f"contact_id=moved:{contact}` 曾敏 works at 商汤科技 now" in run("show", visit).out
    run("edit", visit, f"contact_id=moved:{contact[:-4]}")
    assert documents("show", contact)["company_id"] == here
    assert documents("today")["needs_me"] == []
    run("edit", visit, "contact_id=moved:nobody", code=1)
