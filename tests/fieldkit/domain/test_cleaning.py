"""No character that could harm a terminal, a page or a database comes in or goes out."""

from __future__ import annotations

import unicodedata

import pytest

from fieldkit.domain.cleaning import shown, shown_lines, stored_line, stored_text

_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_ZERO_WIDTH = [0x200B, 0x2060, 0xFEFF]
_TAGS = [*range(0xE0000, 0xE0080)]
HARMFUL = [
    *(code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85"),
    *_BIDI,
    *_ZERO_WIDTH,
    *_TAGS,
    *range(0xD800, 0xE000, 0x101),
]


@pytest.mark.parametrize("clean", [shown, shown_lines, stored_line, stored_text])
def test_every_harmful_character_is_left_out(clean: object) -> None:
    for code in HARMFUL:
        assert clean(f"张{chr(code)}伟") in ("张伟",), hex(code)  # type: ignore[operator]


@pytest.mark.parametrize("clean", [shown, stored_line])
def test_every_line_end_and_tab_becomes_a_space_in_one_line(clean: object) -> None:
    for end in ("\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\t"):
        assert clean(f"a{end}b") == "a b"  # type: ignore[operator]


@pytest.mark.parametrize("clean", [shown_lines, stored_text])
def test_lines_stay_lines(clean: object) -> None:
    for end in ("\n", "\r\n", "\r", "\x85", "\u2028"):
        assert clean(f"a{end}b") == "a\nb"  # type: ignore[operator]


def test_stored_text_keeps_tabs_and_what_shapes_a_character() -> None:
    family, variant = "👨\u200d👩\u200d👧", "葛\U000e0100"
    assert stored_text(f"a\tb {family}{variant}") == f"a\tb {family}{variant}"


def test_what_is_stored_of_any_character_can_be_encoded_and_holds_no_control() -> None:
    for code in (*range(0x3000), *range(0xD7F0, 0xE010), *range(0xFDD0, 0x10000), *range(0xE0000, 0xE0200)):
        for kept in (stored_line(chr(code)), shown(chr(code))):
            kept.encode()
            assert all(unicodedata.category(char) not in ("Cc", "Cs") for char in kept), hex(code)


def test_ordinary_text_is_untouched() -> None:
    text = "拜访宁德时代 @张伟 13800138000 “动力电池包”项目 2.5亿 — naïve Ωμέγα 𠮷"
    assert stored_text(text) == stored_line(text) == shown(text) == shown_lines(text) == text
