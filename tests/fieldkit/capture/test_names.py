"""Names as keys, and the short names that people use."""

import pytest

from fieldkit.capture.names import key, short_names


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
