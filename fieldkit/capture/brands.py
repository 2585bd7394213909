"""Names made of words of time that grammar alone cannot tell from dates: they are taken out before dates are read."""

from __future__ import annotations

from fieldkit.capture.text import is_digit, words

BRANDS = words("""
    今日头条 今日资本 今天国际 明日之后 明日方舟 明日世界 明天系 明天控股 昨日重现 后天学院 十月稻田 十月妈咪
    十月天使 一周科技 周末花园 周末酒店 三月三食品 三月兔 三月天 五月天 五月花 六月雪 七月流火 八月桂花
    二月河 腊月红 三一重工 三一集团 三一重能 六国化工 一汽 七天连锁 7天酒店 7天连锁 九号公司 一点点
    一点资讯 零点有数 零点研究 零点传媒 三点一线 周大福 周大生 周黑鸭 周六福 周生生 周一围 周五味 清明上河
    谷雨春 国庆路 国庆村 五一路 五一广场 八一路 八一大道 七一路 元旦路 春节联欢 春节晚会 中秋月饼 中秋晚会
    南方周末 下周刊 年年有余 十一科技 十一冶 双十一狂欢 一亿中流 十万大山 58同城 51job 360 3m 21世纪
    三元食品 四季度酒店
""")
_BY_FIRST: dict[str, tuple[str, ...]] = {}
for _brand in BRANDS:
    _BY_FIRST[_brand[0]] = (*_BY_FIRST.get(_brand[0], ()), _brand)
_JOINED = frozenset("零〇一二三四五六七八九十百千万亿两周期拜月点第")


def find(text: str) -> list[tuple[int, int]]:
    """Where such names stand in the folded text."""
    return [
        (index, index + len(brand))
        for index, char in enumerate(text)
        for brand in _BY_FIRST.get(char, ())
        if text.startswith(brand, index) and _whole(text, index, brand)
    ]


def _whole(text: str, index: int, brand: str) -> bool:
    """Whether the name is not the middle of a number or date: 下周三一汽, 1360万."""
    before = text[index - 1] if index else " "
    after = text[index + len(brand) : index + len(brand) + 1] or " "
    if is_digit(brand[0]):
        return not (
            (before.isalnum() and before.isascii())
            or before in ".,-¥$"
            or (after.isascii() and after.isalnum())
            or after in ".万亿元-亩吨人台个套%"
        )
    return len(brand) > 3 or before not in _JOINED
