"""Any text at all is read: no error, spans inside the text, and quickly."""

import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.capture import Known, company_names, people, read, verbs
from fieldkit.capture.linking import LONGEST
from tests.fieldkit.capture.conftest import NOW, load

PIECES = sorted(
    {word for cases in load("dates.json").values() for text, _ in cases for word in (text, text[:2], text[-2:])} - {""}
)
PIECES += [
    *"一二三四五六七八九十百千万亿两半年月日号周点分前后内到至-~、,。 @#!￥$%.:/0123456789",
    "项目",
    "公司",
    "总",
    "ext",
    "㈱",
    "½",
    "İ",
    "\0",
    "\ud800",
]
WORDS = sorted(
    {
        *verbs.VISITS,
        *verbs.NEXTS,
        *verbs.MILESTONES,
        *company_names.GENERIC,
        *company_names.SUFFIXES,
        *people.POSTS,
        *people.NOT_NAMES,
    }
)
"""Words at which the reading stops, starts and looks again."""
PIECES += WORDS
LINES = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
MOMENTS = st.datetimes(min_value=datetime(1960, 1, 1), max_value=datetime(2090, 1, 1))


class Everything(Known):
    """A store that knows every stretch of the line."""

    def beginnings(self, pairs):
        assert all(len(pair) == 2 for pair in pairs)
        return pairs

    def lookup(self, fragments):
        assert all(2 <= len(fragment) <= LONGEST for fragment in fragments)
        return {fragment: [("companies", fragment, fragment)] for fragment in fragments}


@settings(max_examples=400, deadline=None)
@given(LINES, MOMENTS, st.booleans())
def test_any_text_is_read_and_every_span_holds(text, now, knowing):
    reading = read(text, now, Everything() if knowing else None)
    fields = reading.as_json()
    for item in [*fields["marks"], *fields["dates"], *fields["amounts"]]:
        assert 0 <= item["start"] < item["end"] <= len(text)
        assert item["text"] == text[item["start"] : item["end"]]
    for found in reading.dates:
        assert found.until is None or found.until > found.date
    for found in reading.amounts:
        assert found.amount >= 0


@pytest.mark.parametrize("verb", verbs.VISITS)
def test_every_common_word_after_every_verb_is_read(verb):
    for word in (*company_names.GENERIC, *people.POSTS):
        read(f"明天下午{verb}{word},13800138000", NOW)


@pytest.mark.parametrize("text", ["9" * 5000 + "亿", "1," * 3000, "三" * 5000 + "万", "1" * 5000 + "月3日"])
def test_figures_without_end_are_read(text):
    assert read(text, NOW).amounts == []


@pytest.mark.parametrize(
    "text", ["明天,:30", "当日、一吨", "次日、三", "3号、" * 1200 + "厂", ":" * 300, "、" * 300, "(" * 300]
)
def test_beginnings_of_nothing_are_read(text):
    assert len(read(text, NOW).dates) <= 1200


@pytest.mark.parametrize("now", [datetime(1, 1, 1), datetime(9999, 12, 31, 23)])
def test_the_ends_of_the_calendar_are_no_error(now):
    for cases in load("dates.json").values():
        for text, _ in cases:
            read(text, now)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_reading_twice_reads_the_same(text):
    assert read(text, NOW).as_json() == read(text, NOW).as_json()


@pytest.mark.parametrize(
    "line",
    [
        "周五下午两点市政府接待比亚迪考察团,对方希望三天后给答复,投资额两点五亿,二期项目3号厂房用地120亩,",
        "一二三四五六七八九十",
        "3月3日到5号12.3-",
        "met Zhang Wei next Wednesday 3pm, ",
        "下周三到",
        "1,000,",
        "@张伟#新能源!上门 ",
        "总经理",
        "半个亿",
        "市政府接待比亚迪考察团对方希望再给答复",
        "2",
        "万",
    ],
)
def test_time_grows_with_the_line_and_not_with_its_square(line):
    text = (line * 400)[:400]
    short, long = (min(_seconds(part) for _ in range(10)) for part in (text, text * 8))
    assert long < 24 * short


def _seconds(text):
    start = time.process_time()
    read(text, NOW, Known())
    return time.process_time() - start
