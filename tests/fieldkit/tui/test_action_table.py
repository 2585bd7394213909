"""One table of actions: no key means two things, every action exists, the input method's keys are there."""

import pytest

from fieldkit.i18n import _
from fieldkit.tui.action_table import (
    ACTIONS,
    APP,
    BOARD,
    COMPOSER,
    FORM,
    LIST,
    OVERLAY,
    Action,
    bindings,
    clashes,
    hints,
)
from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.overlay import Overlay
from fieldkit.tui.widgets.board import Board
from fieldkit.tui.widgets.composer import Composer
from fieldkit.tui.widgets.lines import Lines
from fieldkit.tui.widgets.record_list import RecordList

OWNERS = {
    APP: (FieldkitApp,),
    LIST: (Lines, RecordList, Board),
    BOARD: (Board,),
    COMPOSER: (Composer,),
    FORM: (FormScreen,),
    OVERLAY: (Overlay,),
}


def test_no_key_means_two_things():
    assert clashes() == []


def test_a_clash_is_found_along_a_chain_and_not_beside_it():
    planted = [Action("x", "X", "f5", place=LIST), Action("y", "Y", "f5", place=APP)]
    assert clashes(planted) == [("f5", "x", "y")]
    assert clashes([Action("x", "X", "f8", place=FORM), Action("y", "Y", "f8", place=COMPOSER)]) == []


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.place}-{action.name}")
def test_every_action_can_be_done(action):
    for owner in OWNERS[action.place]:
        assert callable(getattr(owner, "action_" + action.name.split("(")[0]))


@pytest.mark.parametrize("place", OWNERS)
def test_the_footer_has_six_hints_at_most(place):
    assert len(hints(place)) <= 6


def test_everything_works_without_letters():
    """Letters do not arrive while an input method is on; the palette takes its words."""
    for action in ACTIONS:
        assert (action.palette and action.place == APP) or any(len(key) > 1 for key in action.keys), action.name


def test_letters_never_take_precedence_over_a_text_field():
    for place in OWNERS:
        assert all(len(binding.key) > 1 for binding in bindings(place) if binding.priority)


def test_every_label_has_chinese_words():
    missing = [action.label for action in ACTIONS if _(action.label).isascii()]
    assert missing == []
