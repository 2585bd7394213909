"""Currencies beside an amount: 元, 块, 美元, $, US$, and the small change after 元 and 块 (五块五, 三元六角)."""

from __future__ import annotations

from fieldkit.capture import numbers
from fieldkit.capture.quantities import is_quantity
from fieldkit.capture.text import Words, is_digit, is_han, is_latin, starts

AFTER = {
    "元人民币": "CNY", "人民币": "CNY", "块钱": "CNY", "万元": "CNY", "元": "CNY", "块": "CNY", "圆": "CNY", "rmb": "CNY", "cny": "CNY", "yuan": "CNY",
    "美元": "USD", "美金": "USD", "美刀": "USD", "刀": "USD", "usd": "USD", "us dollars": "USD", "dollars": "USD", "欧元": "EUR", "欧": "EUR", "eur": "EUR",
    "euros": "EUR", "euro": "EUR", "港币": "HKD", "港元": "HKD", "hkd": "HKD", "日元": "JPY", "日币": "JPY", "日圆": "JPY", "jpy": "JPY", "yen": "JPY",
    "英镑": "GBP", "gbp": "GBP", "pounds": "GBP", "韩元": "KRW", "韩币": "KRW", "krw": "KRW", "新台币": "TWD", "台币": "TWD", "twd": "TWD", "新加坡元": "SGD",
    "新币": "SGD", "sgd": "SGD", "澳元": "AUD", "澳币": "AUD", "aud": "AUD", "加元": "CAD", "cad": "CAD", "瑞士法郎": "CHF", "chf": "CHF", "卢布": "RUB", "卢比": "INR",
    "泰铢": "THB", "越南盾": "VND", "林吉特": "MYR", "澳门元": "MOP", "¥": "CNY", "$": "USD", "€": "EUR",
}  # fmt: skip
BEFORE = {
    "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "cn¥": "CNY", "¥": "CNY", "us$": "USD", "usd": "USD", "hk$": "HKD", "hkd": "HKD", "a$": "AUD", "s$": "SGD", "nt$": "TWD", "c$": "CAD", "sgd": "SGD", "chf": "CHF", "aud": "AUD", "cad": "CAD", "krw": "KRW", "twd": "TWD", "$": "USD", "€": "EUR",
    "eur": "EUR", "£": "GBP", "gbp": "GBP", "美元": "USD", "美金": "USD", "欧元": "EUR", "港币": "HKD", "港元": "HKD", "日元": "JPY", "日币": "JPY", "jpy": "JPY",
    "新台币": "TWD", "台币": "TWD", "英镑": "GBP", "韩元": "KRW", "韩币": "KRW", "新加坡元": "SGD", "澳元": "AUD", "加元": "CAD", "瑞士法郎": "CHF", "卢布": "RUB", "泰铢": "THB",
}  # fmt: skip
YUAN = ("元", "块", "圆")
_PRICED = Words("""
    钱 多 左右 上下 出头 以 的 每 整 人民币 不 到 至 和 就 是 都 也 了 吧 吗 啊 呢 起 打 买 卖 给 与 包 带 够 算 找 还 一 两 二 三 四 五 六 七 八 九 零
    现金 押金 定金 红包 饭 午餐 晚餐 早餐 车费 办 搞 拿 钞 纸币 硬币 单 租 成本 成交 封顶 起步 优惠 补贴 奖 罚 零头
""")
"""What follows 块 as money: 五块一斤, 三块的; before anything else in Chinese it counts pieces (一块蛋糕)."""
_AFTER_WORDS = Words(AFTER)
BEFORE_WORDS = Words(BEFORE)


def currency_at(text: str, index: int) -> str:
    """The currency that stands at `index`, unless its word goes on: 元素, 块地."""
    word = _AFTER_WORDS.at(text, index)
    after = text[index + len(word) : index + len(word) + 1]
    if word == "块" and after and is_han(after) and not _is_price(text, index):
        return ""
    if (word and is_latin(word[-1]) and is_latin(after or " ")) or (
        word in {"元", "块"}
        and (
            after in {"素", "器", "件", "旦", "宵", "组", "地", "田", "论", "化", "老"}
            or text.startswith("结构", index + 1)
        )
    ):
        return ""
    return word


def _is_price(text: str, index: int) -> bool:
    """Whether the 块 at `index`, with Chinese after it, is money and does not count pieces: only a few pieces are counted."""
    if _PRICED.at(text, index + 1):
        return True
    return (
        text[index - 1 : index] in {"十", "百", "千", "万", "亿", "来", "多", "余"}
        or text[max(0, index - 3) : index].isdigit()
    )


def change(text: str, start: int) -> tuple[int, int]:
    """The hundredths of a yuan after 元 or 块, and where they end: 五角六分, 零五毛; after 块 also 三块五."""
    index = start + (text[start : start + 1] in {"零", "〇"})
    digit, end = _one_digit(text, index), index + 1
    if digit and text[end : end + 1] in {"角", "毛"}:
        more, last = _one_digit(text, end + 1), end + 2
        if more and (_is_cent(text, last) or not text[last : last + 1].isalnum()):
            return 10 * digit + more, last + text.startswith("分", last)
        return 10 * digit, end + 1
    if digit and _is_cent(text, end):
        return digit, end + 1
    tenths = digit and index == start and text[start - 1] == "块" and not is_quantity(text, end)
    following = text[end : end + 1]
    if tenths and (following in {"", "一"} or following not in numbers.STARTS | {"点", "月", "号", "日", "."}):
        return 10 * digit, end
    return 0, start


def _one_digit(text: str, index: int) -> int:
    char = text[index : index + 1]
    return int(char) if is_digit(char or " ") else numbers.DIGITS.get(char, 0)


def _is_cent(text: str, index: int) -> bool:
    return text.startswith("分", index) and not starts(text, index + 1, ("之", "钟", "公司", "厂", "店", "行", "期"))
