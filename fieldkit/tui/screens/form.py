"""The form of a record: every field of its kind, references and choices by typing. Esc keeps what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit.domain import kinds, needs
from fieldkit.domain.cleaning import shown, shown_lines
from fieldkit.domain.kinds import KINDS, NEW, Field
from fieldkit.domain.phones import readable
from fieldkit.errors import Invalid
from fieldkit.i18n import _
from fieldkit.sentences import sentence
from fieldkit.tui.action_table import FORM, bindings
from fieldkit.tui.matching import matches
from fieldkit.tui.screens.overlay import Overlay
from fieldkit.tui.widgets.fields import TextField
from fieldkit.tui.widgets.pick_field import SHOWN, PickField
from fieldkit.tui.words import amount_words, choice_options, choice_words
from fieldkit.tui.workers import Suggested, find, suggest

if TYPE_CHECKING:
    from fieldkit.tui.deeds import Done, Failed
    from fieldkit.tui.widgets.pages import Row

HINTS = {
    kinds.DAY: "2026-12-03 / 12月3日 / 下周三",
    kinds.TIME: "14:30",
    kinds.AMOUNT: "2.5亿 / 3000万",
}


_FIGURES = (needs.PHONE, needs.AMOUNT)
"""What is asked about two figures: one of them is chosen, or another is typed."""
_NUMBER = KINDS["contacts"].field("phone") or Field("phone", "")


class FormScreen(Overlay[None]):
    """Adds a record of `kind`, or edits `row`."""

    BINDINGS = bindings(FORM)
    PLACE = FORM
    DEFAULT_CSS = """
    FormScreen #panel { height: auto; max-height: 88%; }
    #fields { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    .row { height: auto; margin: 0; }
    .label { width: 20; color: $faint; padding: 0 1; }
    .row TextField, .row LongField, .row PickField { width: 1fr; background: $panel; margin: 0 0 0 0; }
    .row TextField:focus, .row LongField:focus { background: $cursor; }
    .row LongField { height: 3; }
    .row:even TextField, .row:even LongField { background: $field; }
    .row:even TextField:focus, .row:even LongField:focus { background: $cursor; }
    #say { height: auto; max-height: 3; padding: 0 1; color: $faint; margin: 1 0 0 0; }
    #say.-bad { color: $error; }
    """

    def __init__(self, kind: str, row: Row | None) -> None:
        super().__init__()
        self._kind = KINDS[kind]
        self._row: Mapping[str, Any] = row or {}
        self._fields = [field for field in self._kind.fields if field.takes != kinds.INSTANT]
        self._figures = [needs.field_of(code) for code in str(self._row.get("needs") or "").split() if code in _FIGURES]
        if "phone" in self._figures:
            self._fields.insert([field.name for field in self._fields].index("contact_id") + 1, _NUMBER)
        self._first: dict[str, str] = {}
        self._saving = False

    @property
    def key(self) -> tuple[str, str]:
        """The kind and id that the form is about; no id for a new record."""
        return self._kind.name, self._row.get("id", "")

    def compose(self) -> ComposeResult:
        """Title, a line for each field, what to do."""
        title = _("Edit: {kind}") if self._row else _("Add: {kind}")
        kept = self.tui.kept_forms.get(self.key, {})
        with Vertical(id="panel"):
            yield Static(Content(title.format(kind=_(self._kind.label_one))), id="title")
            with VerticalScroll(id="fields", can_focus=False):
                for field in self._fields:
                    with Horizontal(classes="row"):
                        star = " *" if field.required else ""
                        yield Static(Content(_(field.label) + star), classes="label")
                        yield self._widget(field, kept)
            yield Static(Content(_("Ctrl+S saves · Esc leaves; what you typed is kept")), id="say")

    def on_mount(self) -> None:
        """The first field has the focus."""
        for field in self._fields:
            self._first[field.name] = self._stored(field)
        self._focus(self.query_one(f"#field-{self._fields[0].name}"))
        if self._row.get("needs"):
            suggest(self, self.tui.store, dict(self._row))

    @on(Suggested)
    def _suggested(self, event: Suggested) -> None:
        """What may be the answer stands below the empty field, and last what would be made anew."""
        for question in event.questions:
            found = self.query(f"#field-{question.field}") if question.field else None
            if found and isinstance(field := found.first(), PickField):
                told = zip(question.rows, question.words(), strict=True)
                figures = [(one.value, one.words, "") for one in question.figures]
                if question.field in self._figures:
                    field.suggest([("", "", _("leave it open")), *figures])
                    continue
                options = [(row["id"], row["title"], words) for row, words in told]
                options[1:1] = figures
                new = [(NEW + question.said, question.said, _("a new one"))] if question.said else []
                field.suggest([("", "", _("leave it open")), *options[: SHOWN - 1 - len(new)], *new])

    def _widget(self, field: Field, kept: Mapping[str, str]) -> Widget:
        name = f"field-{field.name}"
        value = kept.get(field.name, self._stored(field))
        if field.name in self._figures:
            return PickField(value, value, lambda asker, typed: asker.offer(typed, [(typed, typed, "")]), id=name)
        if field.takes in (kinds.CHOICE, kinds.REFERENCE):
            return PickField(value, self._words(field, value), self._look_up(field), id=name)
        if field.takes == kinds.LONG_TEXT:
            from fieldkit.tui.widgets.text_area import LongField

            return LongField(value, id=name)
        return TextField(value, HINTS.get(field.takes, ""), id=name)

    def _stored(self, field: Field) -> str:
        if field.name in self._figures:
            return ""
        value = self._row.get(field.name)
        if field.takes == kinds.AMOUNT:
            return shown(self._row.get("amount_text") or amount_words(self._row)) if value is not None else ""
        if field.takes == kinds.LONG_TEXT:
            return shown_lines(value or "")
        return shown(readable(value) if field.takes == kinds.PHONE and value else value or "")

    def _words(self, field: Field, value: str) -> str:
        if field.takes == kinds.CHOICE:
            return choice_words(field.of, value) if value else ""
        if not value or value.startswith(NEW):
            return value.removeprefix(NEW)
        if value == self._row.get(field.name) and field.of != "visits":
            return shown(self._row.get(field.name.removesuffix("_id")) or "")
        found = self.tui.data.row(field.of, value)
        return shown(found["title"]) if found else ""

    def _look_up(self, field: Field) -> Any:
        def choices(asker: PickField, typed: str) -> None:
            asker.offer(typed, [(code, label, "") for code, label in choice_options(field.of) if matches(typed, label)])

        def records(asker: PickField, typed: str) -> None:
            find(asker, self.tui.store, typed, kinds=[field.of], limit=5)

        return choices if field.takes == kinds.CHOICE else records

    def _typed(self, field: Field) -> str:
        widget = self.query_one(f"#field-{field.name}")
        if isinstance(widget, PickField):
            return widget.value if widget.settled else widget.text
        return widget.value if isinstance(widget, TextField) else str(getattr(widget, "text", ""))

    def changed(self) -> dict[str, str]:
        """The fields that differ from what is stored, as typed."""
        typed = {field.name: self._typed(field) for field in self._fields}
        return {name: value for name, value in typed.items() if value != self._first[name]}

    def unsaved(self) -> bool:
        """Whether a field differs from what is stored."""
        return bool(self.changed())

    def action_save(self) -> None:
        """Save what was changed."""
        values = self.changed()
        unsettled = next((field for field in self._fields if self._unsettled(field)), None)
        if unsettled is not None:
            self._say(
                _("{field}: choose one of the list, or empty the field.").format(field=_(unsettled.label)), unsettled
            )
        elif not values and self._row:
            self.dismiss()
        elif not self._saving:
            self._saving = True
            kind, record_id = self.key
            if record_id:
                self.tui.deeds.edit(kind, record_id, values)
            else:
                self.tui.deeds.add(kind, values)

    def _unsettled(self, field: Field) -> bool:
        widget = self.query_one(f"#field-{field.name}")
        return isinstance(widget, PickField) and not widget.settled

    def deed_done(self, event: Done) -> None:
        """The record is committed."""
        if self._saving and event.name in ("add", "edit"):
            self.tui.kept_forms.pop(self.key, None)
            self.dismiss()

    def deed_failed(self, event: Failed) -> bool:
        """The record was not saved: say why, beside its field."""
        if not self._saving:
            return False
        self._saving = False
        wrong = event.error.facts.get("field") if isinstance(event.error, Invalid) else None
        field = self._kind.field(str(wrong))
        words = sentence(event.error)
        self._say(words.replace(field.name, _(field.label)) if field else words, field)
        return True

    def _say(self, words: str, field: Field | None) -> None:
        say = self.query_one("#say", Static)
        say.update(Content(shown(words)))
        say.add_class("-bad")
        if field is not None and self.query(f"#field-{field.name}"):
            self._focus(self.query_one(f"#field-{field.name}"))

    def action_close(self) -> None:
        """Leave; what was typed stays for the next time."""
        values = self.changed()
        if values:
            self.tui.kept_forms[self.key] = values
            self.tui.tell(_("What you typed is kept; open the form again to go on."))
        else:
            self.tui.kept_forms.pop(self.key, None)
        self.dismiss()

    def action_next_field(self) -> None:
        """The field below."""
        self._step(1)

    def action_previous_field(self) -> None:
        """The field above."""
        self._step(-1)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._step(1)

    def _step(self, step: int) -> None:
        widgets = [self.query_one(f"#field-{field.name}") for field in self._fields]
        at = next((index for index, widget in enumerate(widgets) if widget.has_focus_within), -1)
        self._focus(widgets[max(0, min(at + step, len(widgets) - 1))])

    def _focus(self, widget: Widget) -> None:
        (widget.query_one(TextField) if isinstance(widget, PickField) else widget).focus()
