"""Words of English that days and months are told with, and how they are found in a line."""

from __future__ import annotations

from fieldkit.capture import numbers
from fieldkit.capture.text import is_latin, phrases, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

DAYS = {
    "the day after tomorrow": 2, "day after tomorrow": 2, "the day before yesterday": -2, "day before yesterday": -2, "tomorrow": 1, "tmr": 1,
    "tmrw": 1, "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "yesterday": -1, "last night": -1,
}  # fmt: skip
WEEKDAYS = {
    name: index
    for index, names in enumerate(phrases("monday mon, tuesday tues tue, wednesday wed, thursday thurs thur thu, friday fri, saturday sat, sunday sun"))
    for name in words(names)
}  # fmt: skip
MONTHS = {
    name: index + 1
    for index, names in enumerate(phrases(
        "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sept sep, october oct, "
        "november nov, december dec"
    ))
    for name in words(names)
}  # fmt: skip
WHICH = {"this": 0, "next": 1, "last": -1, "coming": 0, "previous": -1, "the coming": 0}
ENDS = {"end of the ": 0, "end of this ": 0, "end of next ": 1, "end of last ": -1, "end of ": 0}
HOLIDAYS = {
    "new year's eve": (12, 31), "new year's day": (1, 1), "christmas eve": (12, 24), "christmas": (12, 25), "national day": (10, 1), "labour day": (5, 1), "labor day": (5, 1),
}  # fmt: skip
CHINESE_HOLIDAYS = {
    "chinese new year": "春节", "lunar new year": "春节", "spring festival": "春节", "lantern festival": "元宵", "qingming festival": "清明",
    "tomb-sweeping day": "清明", "dragon boat festival": "端午", "mid-autumn festival": "中秋", "mid-autumn": "中秋", "double ninth festival": "重阳",
}  # fmt: skip
PARTS_OF_YEAR = {
    "first quarter of ": (1, 3), "second quarter of ": (4, 3), "third quarter of ": (7, 3), "fourth quarter of ": (10, 3), "last quarter of ": (10, 3),
    "first half of ": (1, 6), "second half of ": (7, 6),
}  # fmt: skip
FIRST_WORDS = frozenset(
    words(" ".join((
        *DAYS, *WEEKDAYS, *MONTHS, *WHICH, *ENDS, *HOLIDAYS, *CHINESE_HOLIDAYS, *PARTS_OF_YEAR,
        "early mid late eom eoy eow month the before after a",
    )))
)  # fmt: skip
"""Words with one of which every day told in letters begins (and some more)."""


def phrase_at(text: str, start: int, table: Iterable[str]) -> str:
    """The longest phrase of a table at `start` that ends with its last word."""
    found = [
        words
        for words in table
        if text.startswith(words, start) and not is_latin(text[start + len(words) : start + len(words) + 1] or " ")
    ]
    return max(found, key=len, default="")


def year_at(text: str, end: int) -> tuple[int, int]:
    index = end
    while text[index : index + 1] in {",", " "} and index < len(text):
        index += 1
    after = numbers.digits_end(text, index)
    if (
        after - index == 4
        and text[index:after].startswith(("19", "20"))
        and not is_latin(text[after : after + 1] or " ")
    ):
        return int(text[index:after]), after
    return 0, end
