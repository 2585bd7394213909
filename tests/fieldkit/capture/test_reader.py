"""What scripts and screens rely on: keys, spans, questions, links to the store, other days than the base."""

from datetime import datetime

import pytest

from fieldkit.capture import Known, read
from fieldkit.capture.names import key

NOTE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"


class Store(Known):
    """A store that knows a few names, and counts how often it is asked."""

    def __init__(self, *records):
        self.entries = {}
        self.asked = 0
        for kind, identity, name, *spellings in records:
            for spelling in (name, *spellings):
                self.entries.setdefault(key(spelling), []).append((kind, identity, name))

    def beginnings(self, pairs):
        return {name[:2] for name in self.entries}

    def lookup(self, fragments):
        self.asked += 1
        return {fragment: self.entries[fragment] for fragment in fragments if fragment in self.entries}


NINGDE = ("companies", "c1", "宁德时代新能源科技股份有限公司", "宁德时代", "ndsd")


def test_json_begins_with_the_promised_keys(now):
    keys = list(read(NOTE, now).as_json())
    assert keys[:11] == "company contact phone title amount currency mode visited next dates amounts".split()
    assert set(keys[11:]) == {
        "contacts",
        "phones",
        "task_force",
        "stage",
        "tags",
        "visited_time",
        "uscc",
        "marks",
        "questions",
    }


def test_items_have_exactly_the_promised_keys(now):
    fields = read(NOTE, now).as_json()
    assert list(fields["dates"][0]) == ["text", "start", "end", "date", "until", "time"]
    assert list(fields["amounts"][0]) == ["text", "start", "end", "amount", "currency"]
    assert list(fields["next"]) == ["date", "time", "what"]


def test_every_mark_stands_where_it_says(now):
    reading = read(NOTE, now)
    assert [mark.text for mark in reading.marks] == [
        "宁德时代",
        "@张伟",
        "13800138000",
        "动力电池包项目",
        "2.5亿",
        "下周三",
        "#新能源",
        "!上门",
    ]
    assert all(NOTE[mark.start : mark.end] == mark.text for mark in reading.marks)


def test_spans_count_in_the_original_where_folding_changes_lengths(now):
    text = "㈱㎡ 拜访宁德时代 ２．５億 ㍿"
    assert [mark.text for mark in read(text, now).marks] == ["宁德时代", "２．５億"]


@pytest.mark.parametrize("typed", ["宁德时代", "宁德时代新能源科技股份有限公司", "ndsd", "NDSD"])
def test_a_known_company_is_found_by_any_of_its_names(now, typed):
    reading = read(f"下周三回访 {typed}", now, Store(NINGDE))
    assert (reading.company, reading.company_id) == (NINGDE[2], "c1")


def test_the_longest_known_name_wins(now):
    store = Store(("companies", "c2", "宁德"), NINGDE)
    assert read("拜访宁德时代", now, store).company_id == "c1"


def test_a_known_name_is_read_before_words_of_time_in_it(now):
    store = Store(("companies", "c3", "周五福珠宝有限公司", "周五福"))
    reading = read("周五福下周三来亳考察", now, store)
    assert reading.company_id == "c3"
    assert [found.text for found in reading.dates] == ["下周三"]


def test_two_records_of_one_name_are_offered_and_neither_chosen(now):
    store = Store(("companies", "c4", "古井贡酒"), ("companies", "c5", "古井贡酒"))
    reading = read("拜访古井贡酒", now, store)
    assert (reading.company, reading.company_id) == (None, None)
    assert reading.questions == ["company"]


def test_people_and_leads_are_recognised_without_a_sign(now):
    store = Store(NINGDE, ("contacts", "p1", "张伟"), ("leads", "l1", "动力电池包"))
    reading = read("宁德时代张伟说动力电池包 2.5亿", now, store)
    assert (reading.company_id, reading.contacts[0].id, reading.lead_id) == ("c1", "p1", "l1")


def test_a_signed_person_is_looked_up_too(now):
    assert read("@张伟", now, Store(("contacts", "p1", "张伟"))).contacts[0].id == "p1"


def test_the_store_is_asked_once(now):
    store = Store(NINGDE)
    read(NOTE, now, store)
    assert store.asked == 1


def test_an_amount_that_begins_the_line_is_as_sure_as_any_other(now):
    assert [mark.sure for mark in read("2.5亿,已有产值翻超", now).marks if mark.kind == "amount"] == [True]


def test_each_phone_goes_to_the_person_before_it(now):
    reading = read("@张伟 13800138000 @李娜 15912345678", now)
    assert [(person.name, person.phone) for person in reading.contacts] == [
        ("张伟", "13800138000"),
        ("李娜", "15912345678"),
    ]
    assert (reading.contact, reading.phone) == ("张伟", "13800138000")


@pytest.mark.parametrize("text", ["周二或周四回访", "八月十五回访"])
def test_two_possible_dates_are_both_offered(now, text):
    reading = read(text, now)
    assert reading.next is None
    assert len(reading.dates) == 2
    assert reading.questions == ["date"]


def test_an_impossible_date_is_marked_and_not_resolved(now):
    reading = read("2月30日回访", now)
    assert reading.dates == []
    assert [(mark.kind, mark.value, mark.sure) for mark in reading.marks] == [("date", None, False)]
    assert reading.questions == ["date"]


def test_a_range_of_money_offers_both_ends(now):
    reading = read("投资3-5亿", now)
    assert reading.amount is None
    assert reading.marks[0].candidates == (300_000_000, 500_000_000)


@pytest.mark.parametrize(
    ("moment", "text", "expected"),
    [
        ("2026-12-31T18:00:00", "明天", "2027-01-01"),
        ("2026-12-31T18:00:00", "下周三", "2027-01-06"),
        ("2026-12-31T18:00:00", "月底", "2026-12-31"),
        ("2026-12-31T18:00:00", "1号", "2027-01-01"),
        ("2026-12-31T18:00:00", "下个月底", "2027-01-31"),
        ("2027-01-31T08:00:00", "一个月后", "2027-02-28"),
        ("2028-02-28T08:00:00", "明天", "2028-02-29"),
        ("2026-11-29T08:00:00", "下周一", "2026-11-30"),
        ("2026-11-29T08:00:00", "周日", "2026-12-06"),
        ("2026-11-29T08:00:00", "周末", "2026-11-28"),
        ("2026-11-30T08:00:00", "周一", "2026-12-07"),
        ("2026-11-30T08:00:00", "本周一", "2026-11-30"),
        ("2026-11-30T08:00:00", "30号", "2026-11-30"),
        ("2026-11-26T17:00:00", "两点半", "2026-11-27"),
        ("2026-11-26T17:00:00", "下午", "2026-11-26"),
        ("2026-11-26T23:30:00", "上午", "2026-11-27"),
        ("2027-02-06T08:00:00", "春节", "2027-02-06"),
        ("2027-02-07T08:00:00", "春节", "2028-01-26"),
        ("2026-11-26T10:00:00", "今晚12点", "2026-11-27"),
    ],
)
def test_dates_seen_from_other_days(moment, text, expected):
    assert read(text, datetime.fromisoformat(moment)).dates[0].date.isoformat() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3号拜访宁德时代", "2026-11-03"),
        ("3号再约", "2026-12-03"),
        ("10月15日拜访宁德时代", "2026-10-15"),
        ("10月15日再约", "2027-10-15"),
        ("3号要去拜访宁德时代", "2026-12-03"),
        ("周三拜访了宁德时代", "2026-11-25"),
        ("周三拜访宁德时代", "2026-12-02"),
        ("met CATL on Monday", "2026-11-23"),
    ],
)
def test_visits_look_back_and_next_steps_ahead(now, text, expected):
    assert read(text, now).dates[0].date.isoformat() == expected


def test_the_reference_time_may_be_without_a_zone():
    assert read("明天下午3点", datetime(2026, 11, 26, 10)).dates[0].time.hour == 15


@pytest.mark.parametrize("text", ["两三天后", "月底左右", "年后", "约3亿", "3亿左右", "改天再约", "千万级"])
def test_rough_words_are_marked_as_not_sure(now, text):
    assert [mark.sure for mark in read(text, now).marks] == [False]


@pytest.mark.parametrize("text", ["三天后", "月底", "春节后", "3亿", "下周三下午3点"])
def test_plain_words_are_sure(now, text):
    assert [mark.sure for mark in read(text, now).marks] == [True]


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("上周末接待温州商会", "2026-11-21", "2026-11-22"),
        ("周末接待了温州商会", "2026-11-21", "2026-11-22"),
        ("上周末温州商会来亳考察", "2026-11-21", "2026-11-22"),
        ("周一到周三驻点上海走访企业", "2026-11-23", "2026-11-25"),
        ("周一到周三走访上海,周五回访", "2026-11-23", "2026-11-25"),
        ("11月2日至20日驻点上海走访企业", "2026-11-02", "2026-11-20"),
        ("11月20日至22日赴深圳考察", "2026-11-20", "2026-11-22"),
        ("昨天到今天走访宁德时代", "2026-11-25", "2026-11-26"),
        ("visited CATL from Monday to Wednesday", "2026-11-23", "2026-11-25"),
    ],
)
def test_a_visit_told_as_a_span_was_on_its_first_day_and_the_span_is_kept(now, line, first, last):
    fields = read(line, now).as_json()
    assert (fields["visited"], "visited" in fields["questions"]) == (first, False)
    assert (fields["dates"][0]["date"], fields["dates"][0]["until"]) == (first, last)


@pytest.mark.parametrize(
    "line",
    [
        "上周拜访宁德时代",
        "上个月拜访宁德时代",
        "10月上旬拜访宁德时代",
        "三季度拜访宁德时代",
        "last quarter met CATL",
        "周末接待温州商会",
        "上周末签约",
    ],
)
def test_in_a_week_or_more_and_on_a_weekend_of_either_side_the_day_is_asked(now, line):
    fields = read(line, now).as_json()
    assert (fields["visited"], fields["next"], fields["questions"]) == (None, None, ["visited"])


@pytest.mark.parametrize("line", ["下周一到周三走访上海", "今天到周五驻点上海走访", "12月1日至3日赴深圳考察"])
def test_a_span_to_come_is_the_next_step(now, line):
    fields = read(line, now).as_json()
    assert (fields["visited"], fields["next"]["date"], fields["questions"]) == (None, fields["dates"][0]["date"], [])


def test_a_trip_without_a_year_is_the_nearer_one(now):
    assert read("11月20日赴深圳考察", now).as_json()["visited"] == "2026-11-20"
    assert read("3月到上海考察", now).as_json()["next"]["date"] == "2027-03-01"
