"""The quick path stays quick because of what it does not import; a subprocess looks at sys.modules."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = {
    "sqlmodel",
    "sqlalchemy",
    "textual",
    "pydantic",
    "httpx",
    "pypinyin",
    "alembic",
    "platformdirs",
    "phonenumbers",
}
SCRIPT = """
import json, sys
from fieldkit.cli.main import main
try:
    code = main(json.loads(sys.argv[1]))
except SystemExit as stop:
    code = stop.code or 0
print(json.dumps([code, sorted(sys.modules)]))
"""


def modules_after(home, *arguments):
    """The modules that were loaded when the command had ended."""
    environment = dict(os.environ) | {"FIELDKIT_HOME": str(home)}
    finished = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    code, modules = json.loads(finished.stdout.splitlines()[-1])
    assert code == 0, finished.stderr
    return set(modules)


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("note", "--help"), ("office", "serve", "--help")])
def test_help_and_version_load_nothing_heavy(tmp_path, arguments):
    assert not HEAVY & modules_after(tmp_path, *arguments)


@pytest.mark.parametrize(
    "text", ["拜访宁德时代 @张伟 13800138000 2.5亿 下周三回访 #新能源", "met CATL 250 million next Wednesday"]
)
def test_a_note_loads_nothing_heavy_and_not_even_argparse(tmp_path, text):
    modules_after(tmp_path, "note", "第一条")  # makes the store, which is the slow way
    for arguments in (("note", text), ("note", text, "--json")):
        loaded = modules_after(tmp_path, *arguments)
        assert not (HEAVY | {"argparse", "typing", "dataclasses", "gettext"}) & loaded


@pytest.mark.parametrize(
    "arguments", [("list", "visits"), ("today",), ("find", "宁德"), ("parse", "明天回访"), ("sync", "--status")]
)
def test_reading_commands_load_no_sqlmodel(tmp_path, arguments):
    modules_after(tmp_path, "note", "第一条")
    assert not HEAVY & modules_after(tmp_path, *arguments)


def test_importing_every_layer_below_the_screen_loads_no_textual():
    script = (
        "import sys, fieldkit.actions, fieldkit.replication.laptop, fieldkit.store.store, fieldkit.capture, sync;"
        "assert 'textual' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
