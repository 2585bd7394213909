"""Names in letters, every usual reading of every character."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fieldkit.store import pinyin


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("张伟", [["zhang", "wei"]]),
        ("吕绿", [["lv", "lv"], ["lv", "lu"]]),
        ("单语", [["dan", "yu"], ["chan", "yu"], ["shan", "yu"]]),
        ("TCL电视", [["t", "c", "l", "dian", "shi"]]),
        ("CATL", []),
        ("", []),
        ("！·", []),
    ],
)
def test_the_usual_readings_come_first_and_every_other_once(name, spelled):
    assert pinyin.sequences(name) == spelled


def test_another_reading_brings_its_neighbours():
    assert ["shan", *["wei"] * pinyin.AROUND] in pinyin.sequences("单" + "伟" * 20)


def test_the_readings_of_a_short_name_come_in_every_combination():
    assert ["shan", "zhang", "sheng"] in pinyin.sequences("单长生")


def test_initials_cover_every_reading_of_the_whole_name():
    assert set(pinyin.initials("曾国藩")) == {"cgf", "zgf"}


def test_the_table_is_pypinyins_but_the_package_is_never_loaded():
    code = "import sys; from fieldkit.store import pinyin; assert pinyin.sequences('亳州'); assert 'pypinyin' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
