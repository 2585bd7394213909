"""Names as keys, and the short names that people use."""

import pytest

from fieldkit.capture.names import key, short_names
from fieldkit.capture.simplified import NAMED


@pytest.mark.parametrize("spelling", ["CATL", "catl", "ＣＡＴＬ", " C A T L ", "C.A.T.L."])
def test_spellings_of_one_name_have_one_key(spelling):
    assert key(spelling) == "catl"


def test_brackets_and_spaces_do_not_matter():
    assert key("三一重工（亳州）有限公司") == key("三一重工(亳州)有限公司") == "三一重工亳州有限公司"


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("宁德时代新能源科技股份有限公司", "宁德时代"),
        ("安徽古井贡酒股份有限公司", "古井贡酒"),
        ("三一重工股份有限公司", "三一重工"),
        ("上海一周科技有限公司", "一周科技"),
        ("Siemens Energy Co., Ltd.", "siemensenergy"),
    ],
)
def test_short_names_hold_what_people_say(full, short):
    assert short in short_names(full)


@pytest.mark.parametrize(
    "full", ["宁德时代新能源科技股份有限公司", "中国银行股份有限公司", "上海公司", "科技有限公司", "", "A"]
)
def test_short_names_are_shorter_and_never_a_single_character(full):
    names = short_names(full)
    assert all(2 <= len(name) < len(key(full)) for name in names)
    assert names == sorted(names, key=len, reverse=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("寧德時代", "宁德时代"),
        ("臺灣積體電路", "台湾积体电路"),
        ("鍾偉", "钟伟"),
        ("人參堂", "人参堂"),
        ("ＢＹＤ 汽車", "byd汽车"),
    ],
)
def test_traditional_and_simplified_are_one_name(one, other):
    assert key(one) == key(other)
    assert short_names(f"{one}集團有限公司") == short_names(f"{other}集团有限公司")


@pytest.mark.parametrize("name", ["乾照光电", "著名文化", "覆盖科技", "於文"])
def test_a_character_that_simplified_text_has_too_stays(name):
    assert key(name) == name


def test_no_simplified_character_is_read_as_another_but_one_that_only_the_standard_has():
    assert [char for char in map(chr, NAMED) if _is_in_common_use(char)] == ["後"]


def _is_in_common_use(char):
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False
