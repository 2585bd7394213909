"""What was found is shown where it stands, whatever the text is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.store.matched import is_misspelt, marked, match
from fieldkit.store.terms import terms
from fieldkit.store.tokens import folded, pieces

BLANK = {"name": "", "post": "", "phone": "", "wechat": "", "email": "", "note": ""}


def shown(text: str, query: str) -> list[str]:
    found = match("contacts", BLANK | {"note": text}, terms(query))
    return [found["text"][start:end] for start, end in found["spans"]] if found else []


@pytest.mark.parametrize(
    ("text", "query", "parts"),
    [
        ("投资２．５亿元", "2.5亿", ["２．５亿"]),
        ("面积100㎡厂房", "m2厂", ["㎡厂"]),
        ("谈 - 电池", "谈电池", ["谈 - 电池"]),
        ("12.5亿,2.5亿", "2.5亿", ["2.5亿"]),
        ("ABC", "bc", ["BC"]),
        ("电池电机", "电池 电机", ["电池电机"]),
        ("一\n二", "一二", ["一 二"]),
    ],
)
def test_the_text_is_shown_as_it_is_written(text, query, parts):
    assert shown(text, query) == parts


@given(text=st.text(alphabet="宁德a1B .-é９㎡\n", min_size=1, max_size=90), data=st.data())
def test_any_piece_of_any_text_is_shown(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : data.draw(st.integers(start + 1, len(text)))]
    if any(pieces(word) for word in folded(piece).split()):
        assert shown(text, piece)


@given(text=st.text(max_size=200), query=st.text(max_size=20))
def test_spans_lie_inside_the_text_and_come_in_order(text, query):
    found = match("contacts", BLANK | {"name": text, "note": text}, terms(query))
    ends = [place for span in (found["spans"] if found else ()) for place in span]
    assert ends == sorted(set(ends))
    assert all(0 <= place <= len(found["text"]) for place in ends)


def test_what_is_cut_off_is_not_said_to_stand_there():
    found = {"text": "电池包", "spans": [[0, 3]]}
    assert marked("谈电池包", found) == [("谈", False), ("电池包", True)]
    assert marked("谈电…", found) == []
    assert marked("谈", None) == []


@pytest.mark.parametrize(
    ("name", "query", "misspelt"),
    [("张伟", "zangwei", True), ("张伟", "zhangwei", False), ("张伟", "zw", False), ("臧维", "zangwei", False)],
)
def test_a_name_that_is_spelled_otherwise_is_misspelt(name, query, misspelt):
    assert is_misspelt("contacts", BLANK | {"name": name}, terms(query)) is misspelt


def test_what_is_written_in_letters_is_not_misspelt():
    assert not is_misspelt("contacts", BLANK | {"name": "张伟", "wechat": "zangwei88"}, terms("zangwei"))
