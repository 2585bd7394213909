"""Names of the local store found in the line: one look-up of every stretch that may be a name, the longest match first."""

from __future__ import annotations

from fieldkit.capture.text import is_digit, is_han, is_latin, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldkit.capture.reading import Known

    Entry = tuple[str, str, str]
    """(kind, id, name) of a record."""

LONGEST = 24
_PLAIN_WORDS = frozenset(
    words("""
    今天 明天 昨天 后天 上午 下午 晚上 周末 拜访 走访 考察 接待 会见 电话 微信 联系 跟进 回访 签约 项目 公司
    投资 合作 企业 客户 领导 met call visit project next week with send back and the
    """)
)


class Link:
    """A stretch of the line that names something in the store: its span and every (kind, id, name) it may be."""

    __slots__ = ("end", "entries", "start")

    def __init__(self, start: int, end: int, entries: Sequence[Entry]) -> None:
        self.start = start
        self.end = end
        self.entries = tuple(entries)


def find(text: str, plain: str, known: Known, signed: Sequence[str]) -> tuple[list[Link], dict[str, tuple[Entry, ...]]]:
    """The links of a masked folded text, in order, none overlapping, and the contacts that the `signed` keys name.

    `plain` is the same text before folding.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for start, end in _stretches(text):
        for begin, until, fragment in _fragments(text, start, end):
            places.setdefault(fragment, []).append((begin, until))
            typed = plain[begin:until].lower().replace(" ", "")
            if typed != fragment:
                places.setdefault(typed, []).append((begin, until))
    if not places and not signed:
        return [], {}
    answers = known.lookup(list({*places, *signed}))
    matches = [
        (until - begin, begin, until, entries)
        for key, entries in answers.items()
        if entries
        for begin, until in places.get(key, ())
    ]
    taken: list[Link] = []
    for _, begin, until, entries in sorted(matches, key=lambda match: (-match[0], match[1])):
        if all(until <= link.start or link.end <= begin for link in taken):
            taken.append(Link(begin, until, entries))
    people = {key: tuple(entry for entry in answers.get(key, ()) if entry[0] == "contacts") for key in signed}
    return sorted(taken, key=lambda link: link.start), people


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Runs of name characters: Chinese, letters, digits, and single spaces between Latin words."""
    start = -1
    for index in range(len(text) + 1):
        char = text[index] if index < len(text) else "\0"
        inside = is_han(char) or is_latin(char) or is_digit(char) or char.isalnum()
        inside = inside or (
            char == " "
            and start >= 0
            and text[index - 1].isascii()
            and text[index - 1].isalnum()
            and is_latin(text[index + 1 : index + 2] or " ")
        )
        if inside and start < 0:
            start = index
        elif not inside and start >= 0:
            yield start, index
            start = -1


def _fragments(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Every part of 2 to 24 characters that begins and ends with a whole Latin word or number."""
    cuts = [index for index in range(start, end + 1) if _is_cut(text, index)]
    for first, begin in enumerate(cuts):
        if text[begin : begin + 1] == " ":
            continue
        for until in cuts[first + 1 :]:
            if until - begin > LONGEST:
                break
            if text[until - 1] == " ":
                continue
            fragment = text[begin:until].replace(" ", "")
            if (
                len(fragment) >= 2
                and not fragment.isdigit()
                and fragment not in _PLAIN_WORDS
                and not (fragment.isascii() and len(fragment) < 3)
            ):
                yield begin, until, fragment


def _is_cut(text: str, index: int) -> bool:
    if not 0 < index < len(text):
        return True
    return not (
        (is_latin(text[index - 1]) and is_latin(text[index])) or (is_digit(text[index - 1]) and is_digit(text[index]))
    )
