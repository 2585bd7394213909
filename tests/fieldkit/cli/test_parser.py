"""Every command is documented: help with an example, a row in both READMEs, and the README's commands are the commands."""

import argparse
import re
from pathlib import Path

import pytest

from fieldkit.cli.parser import build_parser

ROOT = Path(__file__).resolve().parents[3]
READMES = (ROOT / "README.md", ROOT / ".github" / "README.zh-CN.md")
INSTALL = (
    "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/fieldkit demo",
    "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest",
)


def commands(parser, words=()):
    """(words, parser) of every command that does something."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield words, parser
    for action in below:
        for name, child in action.choices.items():
            yield from commands(child, (*words, name))


COMMANDS = dict(commands(build_parser()))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(words):
    text = COMMANDS[words].format_help()
    assert f"fieldkit {' '.join(words)}" in text.partition("Example")[2]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_is_in_the_readme(words, readme):
    assert f"`fieldkit {' '.join(words)}" in readme.read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_readme_names_no_command_that_does_not_exist(readme):
    named = re.findall(r"(?:`|\$ )fieldkit ((?:office )?[a-z]+)", readme.read_text(encoding="utf-8"))
    assert {tuple(words.split()) for words in named} <= set(COMMANDS)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_two_commands_stand_in_the_readme(readme):
    for command in INSTALL:
        assert command in readme.read_text(encoding="utf-8")


def test_ci_runs_the_readmes_test_command():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "install --quiet --editable '.[dev]'" in script
    assert script.rstrip().endswith('"$bin/pytest"')
