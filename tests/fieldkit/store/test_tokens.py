"""Every piece of a text is a phrase of its tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.store.tokens import beginnings, folded, pieces, tokens


def holds(text: list[str], phrase: list[str]) -> bool:
    return any(text[at : at + len(phrase)] == phrase for at in range(len(text) - len(phrase) + 1))


def test_a_run_of_digits_ends_where_the_piece_says_so():
    text = tokens("谈345号厂房")
    assert [any(holds(text, phrase) for phrase in beginnings(piece)) for piece in ("45号", "34", "谈3", "34号", "谈4")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@given(text=st.text(alphabet="宁德时代a1b2 .-é９", min_size=1, max_size=30), data=st.data())
def test_any_piece_of_any_text_is_found_in_it(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    piece = folded(text[start : data.draw(st.integers(start + 1, len(text)))])
    for word in piece.split():
        assert not pieces(word) or any(holds(tokens(folded(text)), phrase) for phrase in beginnings(word))
