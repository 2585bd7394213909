"""What a note was understood as, as chips: sure ones solid, guesses dotted, ambiguous ones with their candidates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from fieldkit.domain.cleaning import shown
from fieldkit.domain.money import money_text
from fieldkit.i18n import N_, _
from fieldkit.tui.words import choice_words, mention_words

if TYPE_CHECKING:
    from fieldkit.capture.reading import Mark, Reading

CANDIDATES = 3
LABELS: dict[str, str] = {
    "company": N_("Company"),
    "uscc": N_("Credit code"),
    "contact": N_("Contact"),
    "phone": N_("Phone"),
    "post": N_("Post"),
    "title": N_("Project"),
    "lead": N_("Project"),
    "amount": N_("Amount"),
    "mode": N_("Mode"),
    "date": N_("Day"),
    "time": N_("Time"),
    "visited": N_("Day"),
    "next": N_("Next"),
    "task_force": N_("Task force"),
    "stage": N_("Stage"),
    "tag": N_("Tag"),
}


class Chip:
    """One thing understood: its label and value, whether it is sure, and the candidates to choose from.

    `start` and `end` are the characters of the note that a chosen candidate replaces; -1 where it came from elsewhere.
    """

    __slots__ = ("candidates", "end", "label", "start", "sure", "value")

    def __init__(
        self,
        label: str,
        value: str,
        *,
        sure: bool = True,
        candidates: Sequence[str] = (),
        start: int = -1,
        end: int = -1,
    ) -> None:
        self.label = label
        self.value = shown(value)
        self.sure = sure
        self.candidates = [shown(candidate) for candidate in candidates[:CANDIDATES]]
        self.start = start
        self.end = end


def chips_of(reading: Reading, today: date) -> list[Chip]:
    """The chips of a reading, in the order of the note."""
    marks = sorted(reading.marks, key=lambda mark: mark.start)
    due = _due(reading)
    chips = [_chip(mark, reading, today) for mark in marks if mark.kind in LABELS and mark.value != due]
    if reading.next is not None:
        chips.append(Chip(_("Next"), f"{mention_words(due, today)} {reading.next.what}".strip()))
    return chips


def _due(reading: Reading) -> str:
    """The next step's time as its mark has it; "" for none."""
    if reading.next is None:
        return ""
    clock = reading.next.time
    return reading.next.date.isoformat() + (f"{clock:T%H:%M}" if clock else "")


def _chip(mark: Mark, reading: Reading, today: date) -> Chip:
    candidates = [_value(mark, candidate, reading, today) for candidate in mark.candidates]
    value = mark.text if mark.value is None else _value(mark, mark.value, reading, today)
    return Chip(_(LABELS[mark.kind]), value, sure=mark.sure, candidates=candidates, start=mark.start, end=mark.end)


def _value(mark: Mark, value: object, reading: Reading, today: date) -> str:
    kind = mark.kind
    if kind == "amount" and isinstance(value, int):
        currency = next((one.currency for one in reading.amounts if one.start == mark.start), "CNY")
        return money_text(value, currency)
    text = str(value)
    if kind in ("date", "visited", "next"):
        return mention_words(text, today)
    if kind == "mode":
        return choice_words("modes", text)
    if kind == "task_force":
        return choice_words("task_forces", text)
    return choice_words("stages", text) if kind == "stage" else text


class Chips(Widget, can_focus=True):
    """Chips in as many lines as they need, three at most. With the focus, arrows go through the candidates and Enter takes one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "step(-1)", show=False),
        Binding("right,down", "step(1)", show=False),
        Binding("enter,space", "take", show=False),
    ]
    DEFAULT_CSS = """
    Chips { height: auto; max-height: 4; background: $background; color: $foreground; padding: 0 1; }
    """

    class Chosen(Message):
        """A candidate stands for what the note says from `start` to `end`."""

        def __init__(self, start: int, end: int, value: str) -> None:
            super().__init__()
            self.start = start
            self.end = end
            self.value = value

    def __init__(self) -> None:
        super().__init__()
        self._chips: Sequence[Chip] = ()
        self._at = 0

    def show_chips(self, chips: Iterable[Chip]) -> None:
        """Other chips."""
        self._chips = list(chips)
        self._at = 0
        self.can_focus = bool(self._choices())
        self.refresh(layout=True)

    def _choices(self) -> list[tuple[Chip, str]]:
        return [(chip, candidate) for chip in self._chips if chip.start >= 0 for candidate in chip.candidates]

    def action_step(self, step: int) -> None:
        """To the next candidate."""
        choices = self._choices()
        if choices:
            self._at = (self._at + step) % len(choices)
            self.refresh()

    def action_take(self) -> None:
        """Take the candidate."""
        choices = self._choices()
        if choices:
            chip, candidate = choices[self._at]
            self.post_message(self.Chosen(chip.start, chip.end, candidate))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the chips need."""
        del container, viewport
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """All chips."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        if not self._chips:
            return [Content.styled(_("What is understood appears here as you write."), "$faint")]
        lines: list[Content] = []
        line, used = Content(""), 0
        for piece in self._pieces():
            cells = cell_len(piece.plain)
            if used and used + 1 + cells > width:
                lines.append(line)
                line, used = Content(""), 0
            line = line + (" " if used else "") + piece
            used += cells + (1 if used else 0)
        return [*lines, line]

    def _pieces(self) -> Iterable[Content]:
        choices = self._choices()
        current = choices[self._at] if choices and self.has_focus else None
        for chip in self._chips:
            if chip.candidates and not chip.sure:
                parts: list[tuple[str, str]] = [(f"┊{chip.label}? ", "$accent")]
                for number, candidate in enumerate(chip.candidates):
                    chosen = current is not None and current[0] is chip and current[1] == candidate
                    parts += [(" / " if number else "", "$faint"), (candidate, "reverse bold" if chosen else "$accent")]
                yield Content.assemble(*parts, ("┊", "$accent"))
            elif chip.sure:
                yield Content.assemble((f" {chip.label} ", "$faint on $panel"), (f"{chip.value} ", "bold on $panel"))
            else:
                yield Content.assemble((f"┊{chip.label} ", "$faint"), (chip.value, "$accent"), ("┊", "$faint"))

    def on_focus(self) -> None:
        """The candidate under the cursor shows."""
        self.refresh()

    def on_blur(self) -> None:
        """And hides."""
        self.refresh()
