"""Anything can be found by any piece of it, best first, and no query is an error."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.store import hits, index, search
from fieldkit.store import settings as store_settings
from fieldkit.store.documents import FIELDS
from fieldkit.store.search import find, matching_ids

TODAY = date(2026, 11, 25)  # a Wednesday
QUERIES = st.lists(
    st.sampled_from(
        '类型: kind: 阶段: stage: 专班： taskforce: 本周 this week visits 拜访 talks 洽谈 数字 宁 zhang " * OR'.split(
            " "
        )
    )
).map(" ".join)


def numbers(connection: sqlite3.Connection) -> list[int]:
    return sorted(row["n"] for kind in FIELDS for row in connection.execute(f"SELECT rowid AS n FROM {kind}"))


@pytest.fixture
def catl(put) -> dict[str, str]:
    company = put("companies", name="宁德时代新能源科技股份有限公司", uscc="91350900587527783P", region="福建宁德")
    contact = put("contacts", name="张伟", company_id=company, phone="13800138000", email="zhang.wei@catl.com")
    lead = put("leads", title="动力电池包项目", company_id=company)
    visit = put(
        "visits",
        text="拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 #新能源\n下周三回访",
        visited_on="2026-11-23",
    )
    followup = put("followups", what="回访张伟")
    return {"companies": company, "contacts": contact, "leads": lead, "visits": visit, "followups": followup}


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("宁", {"companies", "visits"}),
        ("宁德时代", {"companies", "visits"}),
        ("德时", {"companies", "visits"}),
        ("电池包项", {"leads", "visits"}),
        ("ningde", {"companies"}),
        ("ningd", {"companies"}),
        ("ndsd", {"companies"}),
        ("shidai", {"companies"}),
        ("NDSD", {"companies"}),
        ("ＮＤＳＤ", {"companies"}),
        ("zhangw", {"contacts"}),
        ("张w", {"contacts"}),
        ("zw", {"contacts"}),
        ("8000", {"contacts", "visits"}),
        ("13800138", {"contacts", "visits"}),
        ("913509", {"companies"}),
        ("2.5亿", {"visits"}),
        ("catl", {"contacts"}),
        ("张伟 电池", {"visits"}),
        ("电池 张伟", {"visits"}),
        ("宁德 8000", {"visits"}),
        ("8000 zhang", {"contacts"}),
        ("回访", {"visits", "followups"}),
        ("没有的字", set()),
        ("时德", set()),
        ("801385", set()),
        ("3800138", {"contacts", "visits"}),
        ("27783P", {"companies"}),
        ("27783p", {"companies"}),
        ("0900587", {"companies"}),
        ("#新能源", {"companies", "visits"}),
        ("新能源", {"companies", "visits"}),
        ("时代 拜访", {"visits"}),
        ("nindesidai", {"companies"}),
        ("zangwei", {"contacts"}),
        ("zhanwei", {"contacts"}),
        ("lingde", {"companies"}),
        ("张v", set()),
        ("zwei", {"contacts"}),
        ("zhwei", {"contacts"}),
        ("zwe", {"contacts"}),
        ("张wei", {"contacts"}),
        ("ndeshidai", {"companies"}),
        ("ningdsd", {"companies"}),
        ("nindsidai", {"companies"}),
        ("ldesd", set()),
        ("zweis", set()),
        ("ndsdxnykjgfyxgs", {"companies"}),
        ("kjgfy", {"companies"}),
        ("kejigufenyouxiangong", {"companies"}),
        ("gufenyou", {"companies"}),
        ("yxgs", set()),
        ("d", {"companies", "leads"}),
    ],
)
def test_any_piece_finds_what_holds_it(reader, catl, query, kinds):
    assert {row["kind"] for row in find(reader, query)} == kinds


def test_no_phrase_runs_from_one_field_or_reading_into_the_next(reader, put):
    put("companies", name="甲乙", short_name="丙丁")
    assert find(reader, "乙丙") == []
    assert find(reader, "yibing") == []


def test_letters_in_a_text_are_not_taken_for_pinyin(reader, put):
    put("visits", text="wang luo", visited_on="2026-01-01")
    assert find(reader, "wangluo") == []
    assert len(find(reader, "wang luo")) == 1


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄", "shanx"), ("仇和", "qiuhe"), ("曾国", "zengguo"), ("解放", "xief"), ("查良", "zhal"), ("盖叫", "gej"),
        ("区志", "ouzhi"), ("翟天", "zhait"), ("尉迟", "yuchi"), ("单于", "chanyu"), ("黑土", "hetu"), ("吕布", "lvbu"),
        ("亳州", "bozhou"), ("涡阳", "guoyang"), ("六安", "luan"),
    ],
)  # fmt: skip
def test_tricky_surnames_and_places_are_found_as_they_are_said(reader, put, name, typed):
    put("contacts", name=name)
    assert [row["title"] for row in find(reader, typed)] == [name]


def test_the_record_called_so_comes_first_then_names_that_begin_so_then_the_newest(reader, put):
    oldest = put("visits", text="谈到海尔", visited_on="2026-01-01")
    beginning = put("companies", name="海尔智家股份有限公司")
    exact = put("companies", name="海尔")
    newest = put("visits", text="又谈到海尔", visited_on="2026-01-02")
    assert [row["id"] for row in find(reader, "海尔")] == [exact, beginning, newest, oldest]


def test_pages_join_without_gap_or_repetition(reader, put):
    wanted = {put("visits", text=f"走访第{number}家", visited_on="2026-01-01") for number in range(25)}
    wanted |= {put("companies", name=f"走访{number}公司") for number in range(5)}
    pages = [find(reader, "走访", limit=7, offset=offset) for offset in range(0, 35, 7)]
    got = [row["id"] for page in pages for row in page]
    assert len(got) == len(set(got)) == 30
    assert set(got) == wanted


def test_kinds_narrow_the_answer(reader, catl):
    assert [row["kind"] for row in find(reader, "张伟", kinds=["visits", "contacts"])] == ["contacts", "visits"]
    assert find(reader, "张伟", kinds=[]) == []


def test_rows_are_whole_records_with_kind_id_and_title_first(reader, catl):
    row = find(reader, "电池", kinds=["visits"])[0]
    assert list(row)[:3] == ["kind", "id", "title"]
    assert row["title"] == "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 #新能源"


def test_an_edit_is_found_by_its_new_words_only(reader, change, catl):
    change("visits", catl["visits"], text="改见李娜")
    assert [row["id"] for row in find(reader, "李娜")] == [catl["visits"]]
    assert {row["kind"] for row in find(reader, "电池包")} == {"leads"}
    assert {row["kind"] for row in find(reader, "8000")} == {"contacts"}


def test_a_deleted_record_is_not_found_and_comes_back_when_undeleted(reader, change, catl):
    change("contacts", catl["contacts"], deleted=True)
    assert {row["kind"] for row in find(reader, "张伟")} == {"visits", "followups"}
    change("contacts", catl["contacts"], deleted=False)
    assert find(reader, "张伟")[0]["kind"] == "contacts"


def test_an_edit_of_something_that_is_not_searched_leaves_the_index_alone(writer, change, catl):
    before = index.last_number(writer), numbers(writer)
    change("leads", catl["leads"], stage="talks")
    change("visits", catl["visits"], mode="call")
    assert (index.last_number(writer), numbers(writer)) == before


def test_a_number_is_the_order_of_change_over_all_kinds(writer, change, catl):
    assert numbers(writer) == [1, 2, 3, 4, 5]
    change("contacts", catl["contacts"], name="张玮")
    assert numbers(writer) == [1, 3, 4, 5, 6]


def test_records_that_came_together_and_without_an_index_get_numbers_that_nothing_else_has(writer, put, change, catl):
    ids = [put("visits", text=f"走访{number}", visited_on="2026-01-01") for number in range(5)]
    for number in range(20):
        writer.execute(
            "INSERT INTO visits SELECT :id, deleted, group_code, person_id, created_at, text, visited_on, visited_time, company_id,"
            " contact_id, lead_id, mode, task_force, place, amount, amount_text, currency, tags, needs FROM visits WHERE id = :of",
            {"id": f"x{number}", "of": ids[0]},
        )
    writer.execute("UPDATE visits SET text = '又' || text")
    index.update(writer, "visits", [*ids[:3], *(f"x{number}" for number in range(7, 20))])
    index.update(writer, "visits", [*ids[3:], *(f"x{number}" for number in range(7))])
    assert len(set(numbers(writer))) == 30
    assert {f"x{number}" for number in range(20)} < (matching_ids(writer, "visits", "又走访") or set())


def test_the_number_of_a_removed_text_is_never_given_again(reader, put, change):
    first = put("visits", text="秘密", visited_on="2026-01-01")
    change("visits", first, deleted=True)
    put("visits", text="别的", visited_on="2026-01-01")
    assert find(reader, "秘密") == []


@pytest.mark.parametrize(
    "query",
    [
        "", " ", '"', "'", '"宁', "*", "宁*", "%", "_", "宁%", "AND", "宁 AND", "NOT 宁", "NEAR(宁 德)", "words:宁", "-宁", "^宁", "(", "宁)",
        "{a b}:c", "\x00", "宁\x00德", "\x1b[31m", "\ud800", "宁\ud800", "·", "0", "\u202e", "😀", "𠮷", "a" * 100_000, "宁" * 100_000,
        "类型:", "类型：", "kind:kind:", "阶段:\"", "stage:*", "专班:%", "taskforce:_", "kind:" * 20_000, "本周" * 50_000, "kind:visits OR", "stage:' --",
        "kind:\x00", "类型:\ud800", "本周 本月 今天", "kind:visits stage:talks", "宁 " * 50_000, "1" * 100_000, "zhang" * 1000, "an" * 12, "\u0660\u0661\u0662\u0663", "²³¹", "é", "ﬁ",
    ],
)  # fmt: skip
def test_no_query_is_an_error(reader, catl, query):
    find(reader, query, today=TODAY)
    matching_ids(reader, "visits", query)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=40) | st.text(alphabet="宁德a1zh \"'*%_-()·0^:", max_size=20) | QUERIES)
def test_any_text_at_all_is_answered(reader, catl, query):
    found = find(reader, query, today=TODAY)
    for row in found:
        if row["match"]:
            assert all(0 <= start < end <= len(row["match"]["text"]) for start, end in row["match"]["spans"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_piece_of_one_to_four_characters_is_found(reader, writer, put, data):
    text = data.draw(st.text(alphabet="宁德时代新能源亳州谯城区项目1023", min_size=4, max_size=30))
    visit = put("visits", text=text, visited_on="2026-01-01")
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, 4))]
    by_like = {row["id"] for row in writer.execute("SELECT id FROM visits WHERE text LIKE ?", (f"%{piece}%",))}
    assert matching_ids(reader, "visits", piece) == by_like
    assert visit in by_like


def test_pairs_that_stand_apart_are_not_a_word(reader, put):
    put("visits", text="宁德德时时代", visited_on="2026-01-01")
    put("visits", text="1380 3800 8001", visited_on="2026-01-01")
    assert find(reader, "宁德时代") == find(reader, "138001") == []
    assert len(find(reader, "宁德")) == len(find(reader, "德德时时")) == len(find(reader, "3800")) == 1


@pytest.mark.parametrize("query", ["91350900587527783P", "宁德时代新能源科技股份", "865585123456", "05585123456"])
def test_a_long_word_is_found_whole_and_nothing_that_holds_only_a_part_of_it(reader, catl, put, query):
    put("contacts", name="李娜", phone="+865585123456;ext=801")
    put("companies", name="宁德时代新能源科技", uscc="11350900587527783P", address="05555123456")
    put("companies", name="宁德时代新能源科学股份", uscc="91350900587527784P", note="电话 1 3509 005 875277")
    assert len(find(reader, query)) == 1


def test_a_name_with_its_legal_form_is_that_company_alone(reader, put):
    short, full = put("companies", name="海尔有限公司"), put("companies", name="海尔股份有限公司")
    put("companies", name="海尔股份有限公司上海分公司")
    found = [row["id"] for row in find(reader, "海尔股份有限公司")]
    assert (found[0], len(found)) == (full, 2)
    assert [row["id"] for row in find(reader, "海尔有限公司")] == [short]


def test_names_spelled_as_typed_come_before_misspelt_ones(reader, put):
    spelled = put("contacts", name="臧维")
    for number in range(60):
        put("contacts", name=f"张伟{'甲乙丙丁戊己'[number % 6]}")
    found = find(reader, "zangwei", limit=70)
    assert (found[0]["id"], len(found)) == (spelled, 61)


def test_initials_are_never_misspelt(reader, put):
    put("contacts", name="李明")
    assert find(reader, "nm") == []
    assert len(find(reader, "lm")) == 1


def test_ones_own_records_come_first_then_those_of_ones_group_where_otherwise_equal(reader, writer, put):
    store_settings.put(writer, {"person_id": "me", "group_code": "digital"})
    mine = put("visits", text="谈海尔", visited_on="2026-01-01", person_id="me", group_code="digital")
    ours = put("visits", text="谈海尔", visited_on="2026-01-01", person_id="her", group_code="digital")
    theirs = put("visits", text="谈海尔", visited_on="2026-01-01", person_id="him", group_code="textile")
    named = put("companies", name="海尔", person_id="him", group_code="textile")
    assert [row["id"] for row in find(reader, "海尔")] == [named, mine, ours, theirs]


@pytest.mark.parametrize(
    ("query", "field", "text", "parts"),
    [
        ("电池包", "text", "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 #新能源 下周三回访", ["电池包"]),
        ("8000", "phone", "13800138000", ["8000"]),
        ("zangwei", "name", "张伟", ["张伟"]),
        ("张w", "name", "张伟", ["张伟"]),
        ("zwei", "name", "张伟", ["张伟"]),
        ("ndeshid", "name", "宁德时代新能源科技股份有限公司", ["宁德时代"]),
        ("ndsd", "name", "宁德时代新能源科技股份有限公司", ["宁德时代"]),
        ("ＳＨＩＤＡＩ", "name", "宁德时代新能源科技股份有限公司", ["时代"]),
        ("27783p", "uscc", "91350900587527783P", ["27783P"]),
        (
            "回访 宁德",
            "text",
            "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 #新能源 下周三回访",
            ["宁德", "回访"],
        ),
    ],
)
def test_what_was_found_is_shown_where_it_stands(reader, catl, query, field, text, parts):
    (match,) = [row["match"] for row in find(reader, query) if row["match"]["field"] == field]
    assert match["text"] == text
    assert [text[start:end] for start, end in match["spans"]] == parts


def test_a_long_text_is_shown_around_what_was_found(reader, put):
    put("visits", text="前" * 100 + "电池" + "后" * 100, visited_on="2026-01-01")
    (row,) = find(reader, "电池")
    assert row["match"]["text"] == "…" + "前" * 12 + "电池" + "后" * 46 + "…"
    assert row["match"]["spans"] == [[13, 15]]


@pytest.fixture
def week(put) -> dict[str, str]:
    return {
        "this": put("visits", text="谈电池", visited_on="2026-11-23", task_force="digital"),
        "before": put("visits", text="谈电池", visited_on="2026-11-22", task_force="light-textile"),
        "lead": put("leads", title="电池项目", stage="talks", task_force="digital"),
        "signed": put("leads", title="电芯项目", stage="signed"),
        "due": put("followups", what="寄电池样品", due_on="2026-11-29"),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("电池 类型:拜访", {"this", "before"}),
        ("类型：拜访 电池", {"this", "before"}),
        ("kind:visit", {"this", "before"}),
        ("KIND:Leads", {"lead", "signed"}),
        ("类型:线索 类型:待办", {"lead", "signed", "due"}),
        ("阶段:洽谈", {"lead"}),
        ("stage:signed", {"signed"}),
        ("stage:talks 电芯", set()),
        ("专班:数字", {"this", "lead"}),
        ("taskforce:digital kind:leads", {"lead"}),
        ("专班:数字经济 电池 类型:拜访", {"this"}),
        ("本周", {"this", "due"}),
        ("this week 电池", {"this", "due"}),
        ("本周 类型:拜访", {"this"}),
        ("今天", set()),
        ("阶段:没有", set()),
        ("kind:nothing", set()),
        ("阶段:", set()),
        ("阶段: 电池", {"this", "before", "lead", "due"}),
    ],
)
def test_filters_inside_the_query_narrow_it(reader, week, query, found):
    assert {row["id"] for row in find(reader, query, today=TODAY)} == {week[name] for name in found}


def test_a_filter_alone_lists_what_passes_newest_first_without_a_match(reader, week):
    rows = find(reader, "类型:拜访", today=TODAY)
    assert [row["id"] for row in rows] == [week["before"], week["this"]]
    assert [row["match"] for row in rows] == [None, None]


def test_a_filter_that_many_records_pass_narrows_as_one_that_few_do(reader, week, monkeypatch):
    few = [find(reader, query, today=TODAY) for query in ("专班:数字 电池", "专班:数字", "本周 电池")]
    monkeypatch.setattr(hits, "_FEW", 0)
    assert [find(reader, query, today=TODAY) for query in ("专班:数字 电池", "专班:数字", "本周 电池")] == few


def steps_of(reader: sqlite3.Connection, query: str) -> int:
    """How many steps SQLite takes."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    reader.set_progress_handler(count, 1)
    find(reader, query, today=TODAY)
    return steps


def test_where_nothing_passes_a_filter_no_word_is_looked_for(reader, put):
    for number in range(300):
        put("companies", name=f"甲{number}公司")
    assert find(reader, "今天 公司", today=TODAY) == []
    assert steps_of(reader, "今天 公司") < 1500


def test_among_few_only_the_numbers_between_them_are_gone_through(reader, put):
    for _ in range(300):
        put("visits", text="走访", visited_on="2026-01-01")
    late = put("visits", text="走访", visited_on="2026-11-25")
    assert [row["id"] for row in find(reader, "今天 走访", today=TODAY)] == [late]
    assert steps_of(reader, "今天 走访") < 1500


def test_lists_are_narrowed_by_filters_too(reader, week):
    assert matching_ids(reader, "leads", "阶段:洽谈") == {week["lead"]}
    assert matching_ids(reader, "visits", "类型:线索") == set()


def test_a_filter_of_nothing_but_signs_is_no_filter(reader, catl):
    assert matching_ids(reader, "visits", "！？") is None


def test_answers_stop_at_an_interrupt(store_path, catl, reader):
    reader.set_progress_handler(lambda: 1, 1)
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        find(reader, "宁德")


@pytest.mark.parametrize(
    "query", ["138-0013-8000", "138-0013", "138–0013", "138 0013", "0013-8000", "86-138-0013-8000"]
)
def test_hyphens_and_spaces_of_a_typed_number_are_no_part_of_it(reader, put, query):
    contact = put("contacts", name="张伟", phone="+8613800138000")
    put("contacts", name="李娜", phone="+8613800018000")
    (row,) = search.find(reader, query)
    assert row["id"] == contact
    assert row["match"]["field"] == "phone"


def test_a_number_typed_with_hyphens_still_finds_one_that_is_written_so(reader, put):
    visit = put("visits", text="合同 2024-0007-12 已寄", visited_on="2026-01-01")
    assert [row["id"] for row in search.find(reader, "2024-0007-12")] == [visit]
    assert find(reader, "2024-0007-13") == []


@pytest.mark.parametrize("query", ["3456", "123456", "5123456", "05585123456", "865585123456", "8580 5123456", "801"])
def test_a_stored_number_is_found_by_its_tails_as_it_is_dialled_and_by_its_extension(reader, put, query):
    contact = put("contacts", name="张伟8580", phone="+865585123456;ext=801")
    assert {row["id"] for row in find(reader, query)} == {contact}
