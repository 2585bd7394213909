"""Numbers that count other things than money: 120亩, 3万吨, 5G, 15%, 二期."""

from __future__ import annotations

from fieldkit.capture.text import is_latin, skip_space, starts

MEASURES = (
    "平方公里", "平方米", "平方", "立方米", "立方", "公里", "千米", "公顷", "亩", "吨", "公斤", "千克", "克", "斤", "升", "米", "人", "名", "位", "户", "台", "套", "件",
    "只", "个", "辆", "条", "张", "座", "栋", "幢", "间", "层", "家", "项", "期", "次", "倍", "成", "度", "千瓦", "瓦", "兆瓦", "安时", "伏", "头", "羽", "尾", "株", "棵",
    "箱", "标箱", "瓶", "盒", "袋", "支", "枚", "片", "颗", "粒", "块", "卷", "册", "份", "字", "年", "岁", "天", "小时", "分钟", "秒", "里", "步", "用户", "粉丝", "人口",
    "人次", "单", "笔", "股", "票", "种", "款", "级", "标准", "标煤", "门", "线", "路", "桶", "罐", "锭", "匹", "双", "副", "床", "间房", "平", "方", "公升", "毫升", "帧", "条线",
    "千伏", "亿", "万", "%", "‰", "㎡", "m2", "m3", "m²", "kw", "mw", "gw", "kwh", "mwh", "gwh", "km", "kg", "mm", "cm", "gb", "tb",
)  # fmt: skip
_LATIN = frozenset(measure for measure in MEASURES if measure.isascii() and measure.isalnum())


def is_quantity(text: str, index: int) -> bool:
    """Whether a unit of something other than money stands at `index` (one space may be between)."""
    index = skip_space(text, index)
    word = starts(text, index, MEASURES)
    if not word:
        return False
    if word in _LATIN:
        return not is_latin(text[index + len(word) : index + len(word) + 1] or " ")
    return not text.startswith(("年底", "年内", "年初", "年前", "单位", "级别", "人民币", "门口", "项目", "人工", "家里", "家族", "路演"), index)
