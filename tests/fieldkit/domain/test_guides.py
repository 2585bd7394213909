"""A guide's file is read or refused as a whole, every word of it stands in a section, and sections stay who they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain import guides
from fieldkit.domain.guides import Passage, Standing, compared, decoded, divided

TEXT = "# 招商指南\n\n## 产业政策\n\n对动力电池项目给予用电支持。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_file_is_read_in_every_encoding_that_offices_write(encoding):
    assert decoded(TEXT.encode(encoding)) == TEXT


def test_a_file_of_dos_may_end_as_dos_files_do():
    assert decoded("联通\r\n\f\x1a".encode("gbk")) == "联通\r\n\f\x1a"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode()[:-3],  # cut within a character: as GB18030 it would be read as other words
        TEXT.encode().replace("电".encode(), b"\xff"),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04" + b"word/document.xml",
        b"\x1b[2J plain",
        b"\xff\xfe\x00",
        bytes(range(256)),
    ],
)
def test_what_is_no_text_is_refused(data):
    assert decoded(data) is None


def test_headings_of_two_levels_begin_sections_and_deeper_ones_belong_to_them():
    assert divided("# 招商指南\n序言\n\n## 政策 ##\n\n### 用电\n- 电价\n\n##企业\n\n") == [
        Passage("招商指南", "序言"),
        Passage("政策", "### 用电\n- 电价"),
        Passage("企业", ""),
    ]


def test_text_before_any_heading_is_called_by_its_first_line():
    assert divided("\n本指南由综合协调组编制。\n2026 年\n## 政策\n支持") == [
        Passage("本指南由综合协调组编制。", "本指南由综合协调组编制。\n2026 年"),
        Passage("政策", "支持"),
    ]
    assert [len(one.title) for one in divided("长" * 500)] == [guides.LONGEST_TITLE]


@pytest.mark.parametrize("blank", ["", "\n \n", "\ufeff", "\u200b"])
def test_nothing_but_blanks_has_no_section(blank):
    assert divided(blank) == []


@pytest.mark.parametrize("line", ["#新能源", "##", "## ", "### 细则", "    ## 缩进", "\\# 不是", "# " + "长" * 121])
def test_what_is_no_heading_is_text(line):
    assert divided(f"## 政策\n{line}") == [Passage("政策", line.rstrip())]


@pytest.mark.parametrize(
    "fenced", ["```\n## 例\n```", "~~~~ text\n# 例\n~~~\n## 例\n~~~~", "```\n## 例\n~~~\n## 例\n``` x\n## 例"]
)
def test_what_stands_between_fences_is_no_heading(fenced):
    assert divided(f"## 政策\n{fenced}") == [Passage("政策", fenced)]
    assert [one.title for one in divided("## 甲\n```\n```\n## 乙")] == ["甲", "乙"]


def test_what_is_harmful_to_show_is_left_out():
    assert divided("## 政\u202e策\x1b[2J\r\n支\u200b持") == [Passage("政策[2J", "支持")]


LINES = st.sampled_from(["# 甲", "## 乙", "##丙", "### 丁", "文字", "", "```", "~~~", "#标签", "  - 项", "## "])


@given(st.lists(LINES, max_size=30))
def test_no_word_is_dropped(lines):
    found = "".join(one.title + one.text for one in divided("\n".join(lines)))
    for word in ("甲", "乙", "丙", "丁", "文字", "标签", "项"):
        assert found.count(word) >= "".join(lines).count(word)


def standing(*titles):
    return [Standing(f"id-{place}", Passage(*words.split("/")), place) for place, words in enumerate(titles, 1)]


def steps(former, *titles):
    return [
        (step.what, step.id, step.passage.title)
        for step in compared(former, [Passage(*words.split("/")) for words in titles])
    ]


def test_a_section_keeps_its_record_while_its_words_its_title_or_its_text_stay():
    former = standing("政策/一", "企业/二", "园区/三", "联系/四")
    assert steps(former, "政策/一", "园区/三改", "企业名单/二", "土地/五") == [
        ("unchanged", "id-1", "政策"),
        ("changed", "id-3", "园区"),
        ("changed", "id-2", "企业名单"),
        ("added", "", "土地"),
        ("removed", "id-4", "联系"),
    ]


def test_a_section_that_only_moves_is_told_so():
    assert steps(standing("政策/一", "企业/二"), "企业/二", "政策/一") == [
        ("moved", "id-2", "企业"),
        ("moved", "id-1", "政策"),
    ]


def test_sections_of_one_title_are_told_apart_by_their_text():
    former = standing("联系/一", "联系/二")
    assert steps(former, "联系/二", "联系/三") == [("moved", "id-2", "联系"), ("changed", "id-1", "联系")]


def test_empty_texts_make_no_two_sections_one():
    assert steps(standing("甲/"), "乙/") == [("added", "", "乙"), ("removed", "id-1", "甲")]


PASSAGES = st.lists(st.builds(Passage, st.sampled_from("甲乙丙"), st.sampled_from(["", "一", "二"])), max_size=6)


@given(PASSAGES, PASSAGES)
def test_the_steps_make_the_one_into_the_other(before, after):
    former = [Standing(f"id-{place}", passage, place) for place, passage in enumerate(before, 1)]
    found = compared(former, after)
    kept = [step for step in found if step.what != guides.REMOVED]
    assert [(step.passage, step.position) for step in kept] == [(one, place) for place, one in enumerate(after, 1)]
    assert sorted(step.id for step in found if step.id) == [one.id for one in former]
    for step in kept:
        was = next((one for one in former if one.id == step.id), None)
        assert (step.what == guides.ADDED) == (was is None)
        assert (step.what == guides.UNCHANGED) == (
            was is not None and (was.passage, was.position) == (step.passage, step.position)
        )
