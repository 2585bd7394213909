"""Names made of words of time or number that grammar alone cannot tell from dates: they are taken out before dates are read."""

from __future__ import annotations

from fieldkit.capture.text import mask

BRANDS = (
    "今日头条", "明日之后", "明日方舟", "明日世界", "今日资本", "明天系", "明天控股", "十月稻田", "十月妈咪", "十月天使", "一周科技", "周末花园", "三月三食品", "三月兔", "三一重工", "三一集团", "三一重能",
    "六必居", "七匹狼", "九阳", "八马茶业", "六国化工", "五粮液", "三只松鼠", "一汽", "二汽", "一点点", "三六零", "五菱", "五芳斋", "六福", "七天连锁", "三七互娱", "四季沐歌", "八方电气", "九牧", "九号公司", "十八子", "百度",
    "百丽", "百胜", "百世", "百威", "千禾", "千方", "千味央厨", "万科", "万达", "万华", "万向", "万润", "万家乐", "万孚", "万泰", "亿纬", "亿联", "亿田", "亿嘉和", "双汇", "双良", "双星", "两面针", "周大福", "周大生", "周黑鸭", "周六福", "周生生",
    "今世缘", "今麦郎", "今天国际", "今飞", "明日星", "昨日重现", "后天学院", "清明上河", "端午食品", "谷雨", "立春文化", "冬至线", "国庆路", "五一路", "五一广场", "八一路", "八一大道", "七一路", "元旦路", "春节联欢", "春节晚会",
    "中秋月饼", "中秋晚会", "重阳木", "三元食品", "三全", "三安光电", "三花", "三环", "三棵树", "三友", "三维", "二十一世纪", "一品红", "一心堂", "一拖", "一重", "二重", "四维图新", "五矿", "五洲", "六和", "七彩", "八达", "九州通", "九芝堂", "九安",
    "十里香", "一二三", "一点资讯", "七点半", "八点半", "三点一刻", "下周刊", "南方周末", "周一围", "周五味", "一季度咖啡", "四季度", "第一季度酒店", "三月天", "六月雪", "七月流火", "八月桂花", "九月九的酒", "九月九酒", "五月天", "五月花", "腊月红",
    "正月初一餐厅", "年年有余", "千里马", "百万葵园", "万里扬", "万里股份", "亿元户", "亿晶", "亿华通", "一亿中流", "千万里", "零点有数", "零点传媒", "零点研究", "二月河", "十一科技", "中国一冶", "一冶", "二冶", "十七冶", "二十冶", "中建三局", "三局", "五局", "八局", "一局",
    "58同城", "51job", "360", "7-11", "7天酒店", "3m", "5分钟", "21世纪",
)  # fmt: skip
_BY_FIRST: dict[str, tuple[str, ...]] = {}
for _brand in BRANDS:
    _BY_FIRST[_brand[0]] = (*_BY_FIRST.get(_brand[0], ()), _brand)


def shield(text: str) -> str:
    """The folded text with such names masked."""
    for index, char in enumerate(text):
        for brand in _BY_FIRST.get(char, ()):
            if text.startswith(brand, index) and _whole(text, index, brand):
                text = mask(text, index, index + len(brand))
    return text


def _whole(text: str, index: int, brand: str) -> bool:
    """Whether the name is not the tail of a number or date (下周三一汽, 二十五洲) and digits stand alone."""
    if brand[0].isdigit() or brand[0].isascii():
        after = text[index + len(brand) : index + len(brand) + 1]
        before = text[index - 1 : index] if index else ""
        return not (before.isascii() and before.isalnum() or before in {".", ",", "-", "¥", "$"}) and not (
            after.isascii() and after.isalnum() or after in {".", "万", "亿", "元", "-", "亩", "吨", "人", "台"}
        )
    return True
