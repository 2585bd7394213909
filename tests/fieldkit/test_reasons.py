"""Every reason for which a record is refused, and every state in which an exchange ends, has its words in both languages."""

import ast
import errno
import re
from pathlib import Path

import pytest

import sync.client
import sync.errors
from fieldkit import errors, i18n
from fieldkit.reasons import reason_words, state_words, system_words
from fieldkit.sentences import sentence

ROOT = Path(__file__).resolve().parents[2]
RAISERS = {"Refused", "_set_aside", "refuse_locally", "block"}
CODE = re.compile(r"[a-z]+(-[a-z]+)*").fullmatch
STATES = sorted(set(sync.client._STATES.values()) | {"unreachable", "portal", "sign-in", "revoked", "clock", "too-old"})


@pytest.fixture(autouse=True)
def _english_again():
    yield
    i18n.use_language(i18n.FALLBACK)


def test_why_the_system_refuses_is_said_in_the_language_in_use():
    i18n.use_language("zh_CN")
    said = sentence(errors.FileUnreadable(path="x", detail=PermissionError(errno.EACCES, "Permission denied")))
    assert "没有权限" in said
    assert "名称太长" in system_words(OSError(errno.ENAMETOOLONG, "File name too long"))
    assert system_words(OSError(9999, "of a kind that nobody knows")) == "of a kind that nobody knows"


def _constants(node):
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def _called(names):
    for path in sorted((ROOT / "sync").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
                yield node


def reasons_of_sync():
    answers = (node for node in _called({"Answer"}) if getattr(node.args[0], "attr", "") in ("REJECTED", "FORBIDDEN"))
    return {code for node in (*_called(RAISERS), *answers) for code in _constants(node) if CODE(code)}


def reasons_of_the_centre():
    tree = ast.parse((ROOT / "fieldkit/replication/centre.py").read_text(encoding="utf-8"))
    (refuse,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "refuse")
    returned = [node for node in ast.walk(refuse) if isinstance(node, ast.Return) and node.value is not None]
    return {code for node in returned for code in _constants(node.value) if CODE(code) and "_" not in code} - {"person"}


def value_reasons():
    codes = {code for node in _called({"Unfit"}) for code in _constants(node) if CODE(code)}
    return {f"value amount {code}" for code in codes} | {f"value {code}" for code in codes}


REASONS = sorted(reasons_of_sync() | reasons_of_the_centre() | value_reasons())


def test_the_reasons_are_found():
    assert {"author", "group", "reference", "too-large", "unstorable", "unknown", "scope", "value amount range"} <= set(
        REASONS
    )


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_says_what_is_wrong_and_what_to_do(reason, language):
    i18n.use_language(language)
    said = reason_words(reason)
    assert not re.search(r"\b(centre says|value)\b|中心说", said), said
    assert "{" not in said
    assert re.search(r"[;；]", said), said
    if language == "zh_CN":
        assert not re.search(r"\b(is|it|the)\b", said), said


def test_a_value_names_its_field():
    i18n.use_language("zh_CN")
    assert reason_words("value amount range") == "“金额”数字太大；请改正，下次同步时重新发送。"


def test_a_reason_of_a_newer_centre_is_shown_as_it_came():
    assert "moon-phase" in reason_words("moon-phase")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_says_what_happened_what_is_safe_and_what_to_do(state, language):
    i18n.use_language(language)
    said = state_words(state, "AGAIN")
    assert "{" not in said
    assert len(re.findall(r"[;；]", said)) == 2, said
    assert ("safe" in said) if language == "en" else re.search("安全|都在", said), said


@pytest.mark.parametrize("state", ["never", "done"])
def test_what_did_not_stop_anything_needs_no_words(state):
    assert state_words(state, "AGAIN") == ""


@pytest.mark.parametrize(("error", "state"), sorted(sync.client._STATES.items(), key=lambda item: item[1]), ids=str)
def test_the_command_line_says_each_state_in_the_same_words(error, state):
    said = sentence(errors.SyncFailed(cause=error.__new__(error)))
    assert said == state_words(state, "run `fieldkit sync` again")
