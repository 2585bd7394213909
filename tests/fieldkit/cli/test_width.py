"""Columns stand straight: Chinese takes two cells."""

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.cli.width import cells, fit


def test_chinese_takes_two_cells():
    assert cells("宁德时代 CATL") == 13


def test_what_is_too_long_is_cut_with_an_ellipsis():
    assert fit("宁德时代新能源", 8) == "宁德时… "


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])), st.integers(1, 40))
def test_fitted_text_has_exactly_the_width(text, width):
    assert cells(fit(text, width)) == width
