"""The Chinese catalogue is complete, compiled from its source, and read as gettext reads it."""

import gettext
import importlib.machinery
import importlib.util
import re
import string
from pathlib import Path

import polib
import pytest

from fieldkit import i18n

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def tool():
    loader = importlib.machinery.SourceFileLoader("catalogue", str(ROOT / ".ci" / "catalogue"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("catalogue", loader))
    loader.exec_module(module)
    return module


def test_every_message_has_its_chinese(tool):
    known = tool.translations(polib.pofile(str(tool.PO)))
    missing = [message for message in tool.messages() if not known.get(message)]
    assert missing == []


def test_the_catalogue_holds_nothing_that_nobody_says(tool):
    assert {entry.msgid for entry in polib.pofile(str(tool.PO))} == set(tool.messages())


def test_the_compiled_catalogue_is_that_of_the_source(tool, tmp_path):
    polib.pofile(str(tool.PO)).save_as_mofile(str(tmp_path / "fresh.mo"))
    assert (tmp_path / "fresh.mo").read_bytes() == Path(i18n.catalogue_path("zh_CN")).read_bytes()


def test_translations_keep_the_placeholders(tool):
    for message, chinese in tool.translations(polib.pofile(str(tool.PO))).items():
        if "%(" in message or "%s" in message:
            assert message.count("%") == chinese.count("%"), message
            continue
        assert _placeholders(chinese) <= _placeholders(message), message


def test_chinese_is_punctuated_in_chinese(tool):
    for message, chinese in tool.translations(polib.pofile(str(tool.PO))).items():
        plain = re.sub(r"`[^`]*`|%\(.*?\)s|\{.*?\}|https?://\S+", "", chinese)
        assert not re.search(r"[\u4e00-\u9fff][,;?!]", plain), message


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_lookup_answers_as_gettext_does(tool):
    with open(i18n.catalogue_path("zh_CN"), "rb") as file:
        standard = gettext.GNUTranslations(file)
    i18n.use_language("zh_CN")
    try:
        for message, plural in tool.messages().items():
            if plural is None:
                assert i18n._(message) == standard.gettext(message)
            else:
                assert i18n.ngettext(message, plural, 2) == standard.ngettext(message, plural, 2)
        assert i18n._("a message that nobody wrote") == "a message that nobody wrote"
    finally:
        i18n.use_language("en")


@pytest.mark.parametrize(
    ("environment", "setting", "language"),
    [
        ({}, "", "en"),
        ({"LANG": "zh_CN.UTF-8"}, "", "zh_CN"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "", "zh_CN"),
        ({"LANG": "zh_CN.UTF-8"}, "en", "en"),
        ({"LANG": "en_GB.UTF-8", "FIELDKIT_LANG": "zh_CN"}, "en", "zh_CN"),
        ({"LANG": "C.UTF-8"}, "", "en"),
    ],
)
def test_the_language_is_chosen_by_setting_or_locale(environment, setting, language):
    assert i18n.choose_language(environment, setting) == language
