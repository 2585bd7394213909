"""The one table of what can be done in the app: bindings, footer, palette and help are made from it.

Keys come in layers. Function keys, Ctrl and the keys that move (layer A) are enough for everything, because with a Chinese
input method on letters never arrive and `/ ?` arrive as `、 ？`. Letters (layer B) are short cuts beside them.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from fieldkit.i18n import N_

APP, LIST, BOARD, COMPOSER, FORM, OVERLAY = "app", "list", "board", "composer", "form", "overlay"

INSIDE: dict[str, tuple[str, ...]] = {
    APP: (),
    LIST: (APP, OVERLAY),
    BOARD: (LIST, APP),
    COMPOSER: (APP,),
    FORM: (APP,),
    OVERLAY: (APP,),
}
"""Where the bindings of a place stand in reach of another place's: a key may mean one thing only along such a chain."""


class Action:
    """One action: `name` (the method is `action_<name>`), what it does in words, keys, and where it works.

    `group` is the heading in help. `hint` orders the footer (0: not there). `everywhere` reaches the app past a focused
    text field. `palette` says whether the palette offers it.
    """

    __slots__ = ("everywhere", "group", "hint", "keys", "label", "name", "palette", "place", "short")

    def __init__(
        self,
        name: str,
        label: str,
        keys: str,
        *,
        place: str = APP,
        group: str = N_("Work"),
        short: str = "",
        hint: int = 0,
        everywhere: bool = False,
        palette: bool = True,
    ) -> None:
        self.name = name
        self.label = label
        self.keys = tuple(keys.split())
        self.place = place
        self.group = group
        self.short = short or label
        self.hint = hint
        self.everywhere = everywhere
        self.palette = palette


_SCREENS, _MOVE = N_("Screens"), N_("Moving about")
_COMPOSING, _FORM, _APP = N_("Writing a note"), N_("Forms"), N_("The app")

ACTIONS: tuple[Action, ...] = (
    Action("compose", N_("Write a note"), "f2 ctrl+n", short=N_("Note"), hint=1, everywhere=True),
    Action("find", N_("Find anything"), "f3 / 、 ／", short=N_("Find"), hint=2, everywhere=True),
    Action("new", N_("Add a record of this screen's kind"), "f7 n", short=N_("Add"), hint=4),
    Action("edit", N_("Edit the selected record"), "f4 e", short=N_("Edit"), hint=3),
    Action("delete", N_("Delete the selected record"), "delete d"),
    Action("merge", N_("Merge another record into the selected one"), "m"),
    Action("complete", N_("Mark the follow-up as done or not, the question as settled"), "space"),
    Action("undo", N_("Undo"), "ctrl+z u"),
    Action("redo", N_("Redo"), "ctrl+y"),
    Action("history", N_("What was changed, newest first"), "h"),
    Action("synchronise", N_("Sync with the centre now"), "f5 s", short=N_("Sync"), hint=5, everywhere=True),
    Action("show('today')", N_("Today"), "1", group=_SCREENS),
    Action("show('leads')", N_("Leads"), "2", group=_SCREENS),
    Action("show('visits')", N_("Visits"), "3", group=_SCREENS),
    Action("show('contacts')", N_("Contacts"), "4", group=_SCREENS),
    Action("show('companies')", N_("Companies"), "5", group=_SCREENS),
    Action("show('sync')", N_("Sync"), "6", group=_SCREENS),
    Action("next_screen", N_("Next screen"), "ctrl+pagedown ctrl+right ]", group=_SCREENS, palette=False),
    Action("previous_screen", N_("Previous screen"), "ctrl+pageup ctrl+left [", group=_SCREENS, palette=False),
    Action("next_pane", N_("Next pane"), "f6", group=_MOVE, everywhere=True, palette=False),
    Action("filter", N_("Narrow the list by what you type"), "f9", group=_MOVE, everywhere=True),
    Action("toggle_board", N_("Leads as board or as list"), "ctrl+t v", group=_SCREENS),
    Action("toggle_order", N_("Newest first, or by name"), "o", group=_SCREENS),
    Action("back", N_("Back; nothing is lost"), "escape", group=_MOVE, palette=False),
    Action("cursor_up", N_("Up"), "up k", place=LIST, group=_MOVE, palette=False),
    Action("cursor_down", N_("Down"), "down j", place=LIST, group=_MOVE, palette=False),
    Action("page_up", N_("A page up"), "pageup", place=LIST, group=_MOVE, palette=False),
    Action("page_down", N_("A page down"), "pagedown", place=LIST, group=_MOVE, palette=False),
    Action("first", N_("To the first"), "home", place=LIST, group=_MOVE, palette=False),
    Action("last", N_("To the last"), "end", place=LIST, group=_MOVE, palette=False),
    Action("open", N_("Open"), "enter", place=LIST, group=_MOVE, palette=False),
    Action("column_left", N_("Column to the left"), "left", place=BOARD, group=_MOVE, palette=False),
    Action("column_right", N_("Column to the right"), "right", place=BOARD, group=_MOVE, palette=False),
    Action("stage_back", N_("Move the lead a stage back"), "shift+left <", place=BOARD, palette=False),
    Action("stage_on", N_("Move the lead a stage on"), "shift+right >", place=BOARD, palette=False),
    Action("save", N_("Save the note"), "ctrl+s", place=COMPOSER, group=_COMPOSING, short=N_("Save"), hint=1),
    Action(
        "save_next",
        N_("Save, and write the next for the same company"),
        "f8",
        place=COMPOSER,
        group=_COMPOSING,
        short=N_("Save and next"),
        hint=2,
    ),
    Action(
        "close",
        N_("Put the note aside; it is kept"),
        "escape",
        place=COMPOSER,
        group=_COMPOSING,
        short=N_("Aside"),
        hint=3,
    ),
    Action("save", N_("Save"), "ctrl+s", place=FORM, group=_FORM, hint=1),
    Action("close", N_("Leave; what you typed is kept"), "escape", place=FORM, group=_FORM, short=N_("Leave"), hint=3),
    Action("next_field", N_("Next field"), "down", place=FORM, group=_FORM, short=N_("Next field"), hint=2),
    Action("previous_field", N_("Previous field"), "up", place=FORM, group=_FORM),
    Action("dismiss", N_("Close"), "escape", place=OVERLAY, group=_MOVE, palette=False, hint=9),
    Action("palette", N_("All commands"), "ctrl+p", group=_APP, short=N_("Commands"), everywhere=True, palette=False),
    Action("help", N_("Help: every key"), "f1 ? ？", group=_APP, short=N_("Help"), hint=6, everywhere=True),
    Action("switch_language", N_("中文 / English"), "", group=_APP),
    Action("switch_theme", N_("Light or dark"), "", group=_APP),
    Action("leave", N_("Quit"), "ctrl+q", group=_APP, everywhere=True),
)

_FUNCTION_KEYS = ("ctrl+", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9")


def bindings(place: str) -> list[BindingType]:
    """Textual's bindings for the actions of `place`. Letters never take precedence over a text field."""
    return [
        Binding(
            key, action.name, show=False, priority=action.everywhere and key.startswith(_FUNCTION_KEYS) and len(key) > 1
        )
        for action in ACTIONS
        if action.place == place
        for key in action.keys
    ]


def borrowed(*names: str) -> list[BindingType]:
    """The app's own keys for these actions, for an overlay, which the app's bindings do not reach."""
    return [
        Binding(key, f"app.{action.name}", show=False)
        for action in ACTIONS
        if action.place == APP and action.name in names
        for key in action.keys
        if len(key) > 1
    ]


def hints(place: str) -> list[Action]:
    """The actions that the footer shows in `place`, six at most."""
    return sorted((action for action in ACTIONS if action.place == place and action.hint), key=lambda a: a.hint)[:6]


def clashes(actions: Iterable[Action] = ACTIONS) -> list[tuple[str, str, str]]:
    """(key, action, action) wherever one key would mean two things at the same place; Textual itself shadows silently.

    A key of an inner place may take over a key of an outer one only where both mean the same step (`escape` goes back).
    """
    found = []
    known = list(actions)
    for index, one in enumerate(known):
        for other in known[index + 1 :]:
            if one.place == other.place or one.place in INSIDE[other.place] or other.place in INSIDE[one.place]:
                found += [(key, one.name, other.name) for key in one.keys if key in other.keys and key != "escape"]
    return found


_KEY_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "delete": "Del",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}


def key_words(key: str) -> str:
    """How a key is written on a keyboard: `ctrl+s` → `Ctrl+S`."""
    *modifiers, last = key.split("+")
    name = _KEY_NAMES.get(last) or (last.upper() if modifiers or (last.startswith("f") and len(last) > 1) else last)
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])
