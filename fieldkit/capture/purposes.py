"""What an amount is the amount of, by the words beside it: investment, fixed assets, a loan, or another figure."""

from __future__ import annotations

from fieldkit.capture import numbers
from fieldkit.capture.text import Words, phrases, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.capture.reading import AmountRead

_WORDS = {
    "total": words("总投资 总投资额 计划投资 投资总额 总额"),
    "investment": words("拟投资 投资额 投资 投 invest"),
    "part": words("一期 二期 三期 首期 其中"),
    "loan": words("贷款 融资 借款 授信 loan"),
    "fixed": (*words("固定资产 固定资产投资 固投 设备投资"), *phrases("fixed assets")),
    "other": words("""
        产值 税收 纳税 营收 营业额 收入 销售额 销售 注册资本 注册资金 注资 利润 估值 市值 租金 到位资金 到位 补贴 奖补 订单 采购 净资产
        资产总额 定金 保证金 首付 流动资金 亩均 年薪 工资 单价 罚款 出口 gdp revenue output tax
    """),
}
_KINDS = {word: kind for kind, table in _WORDS.items() for word in table}
_TABLE = Words(_KINDS)
_OF_LEAD = ("total", "investment", "", "part", "fixed")
"""Purposes that can be the amount of a lead, the likeliest first; a loan, turnover, tax and the like cannot."""
_EACH = (
    "/亩",
    "/吨",
    "/平",
    "/m",
    "/度",
    "/人",
    "/年",
    "/月",
    "/台",
    "/套",
    "/天",
    "/件",
    "每亩",
    "每吨",
    "每平",
    "每人",
    "每年",
    "每月",
    "每台",
    "每度",
    "一亩",
    "一吨",
    "一平",
)
"""After an amount that is a price or a rate."""
_REACH = 12
_PAUSES = frozenset(",;。、!?\n")


def purpose(text: str, start: int, end: int) -> str:
    """The purpose told by the nearest word before the amount (in its clause, up to 12 characters back) or right after it."""
    if text.startswith(_EACH, end):
        return "other"
    loan = _TABLE.at(text, end)
    if loan and _KINDS[loan] == "loan" and text[end + len(loan) : end + len(loan) + 1] not in numbers.STARTS:
        return "loan"
    since = start
    while since > max(0, start - _REACH) and text[since - 1] not in _PAUSES:
        since -= 1
    found = [
        (place + len(word), len(word), word)
        for place in range(since, start)
        if (word := _TABLE.at(text[:start], place))
    ]
    if found:
        return _KINDS[max(found)[2]]
    while text[end : end + 1] in {"的", "左", "右"}:
        end += 1
    kind = _KINDS.get(_TABLE.at(text, end), "")
    return "" if kind == "part" else kind


def main_amount(found: Sequence[AmountRead]) -> AmountRead | None:
    """The amount of the lead itself: the total investment before an investment before an amount without a word."""
    return next((amount for kind in _OF_LEAD for amount in found if amount.role == kind), None)
