"""What an amount is the amount of, by the words beside it: investment, fixed assets, a loan, or another figure."""

from __future__ import annotations

from itertools import pairwise

from fieldkit.capture import numbers
from fieldkit.capture.text import Words, phrases, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.capture.reading import AmountRead

_WORDS = {
    "total": words("总投资 总投资额 计划投资 投资总额 总额 合计 总计 共计"),
    "investment": words("拟投资 投资额 投资 投 invest"),
    "part": words("一期 二期 三期 首期 其中"),
    "loan": words("贷款 融资 借款 授信 loan"),
    "fixed": (*words("固定资产 固定资产投资 固投 设备投资"), *phrases("fixed assets")),
    "other": words("""
        产值 税收 纳税 营收 营业额 收入 销售额 销售 注册资本 注册资金 注资 利润 估值 市值 租金 到位资金 到位 补贴 奖补 订单 采购 净资产
        投资强度 亩均投资 每亩 每吨 每平 每人 每月 每台 每度 每方 月薪 月租 花费 差旅费 门票 价格 报价 利息 借款 欠款 退税 拨付 成本 运费 诚意金
        缺口 周转资金 日均 流水 电费 水费 气费 房租 招待费 误工费 违约金 押金 罚金 奖金 年费 服务费 咨询费 评估费 车票 机票 资产总额 定金 保证金 首付 流动资金 亩均 年薪 工资 单价 罚款 出口 gdp revenue output tax
    """),
}
_KINDS = {word: kind for kind, table in _WORDS.items() for word in table}
_TABLE = Words(_KINDS)
_OF_LEAD = ("total", "investment", "", "part", "fixed")
"""Purposes that can be the amount of a lead, the likeliest first; a loan, turnover, tax and the like cannot."""
_EACH = ("每亩", "每吨", "每平", "每人", "每年", "每月", "每台", "每度", "一亩", "一吨", "一平")
"""After an amount that is a price or a rate."""
_CHANGED = (
    "调整为", "调整到", "调整至", "改为", "改成", "改到", "变为", "变成", "增至", "增加到", "增加至", "增到", "提高到", "提高至", "提升到", "升至", "降至",
    "降到", "降为", "减至", "减到", "调到", "调至", "追加到", "追加至", "扩大到", "上调至", "下调至", "涨到", "加到", "缩减到", "缩减至", "→", "->",
)  # fmt: skip
"""Between an amount and the one that has taken its place."""
_LEAST = 10_000
"""What is less, and not called an investment, is the price of something."""
_REACH = 12
_PAUSES = frozenset(",;。、!?\n")


def purpose(text: str, start: int, end: int) -> str:
    """The purpose told by the nearest word before the amount (in its clause, up to 12 characters back) or right after it."""
    if text.startswith(_EACH, end) or (text.startswith("/", end) and text[end + 1 : end + 2].isalpha()):
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


def main_amount(found: Sequence[AmountRead], text: str) -> AmountRead | None:
    """The amount of the lead itself: the total investment before an investment before an amount without a word.

    Of an amount that was changed (由3亿调整为2亿) the later one; `text` is the typed line.
    """
    alone = len(found) == 1 and found[0].text == text.strip()
    former = [first for first, second in pairwise(found) if _is_replaced(text, first, second)]
    return next(
        (
            amount
            for kind in _OF_LEAD
            for amount in found
            if amount.role == kind and amount not in former and (alone or kind or amount.amount >= _LEAST)
        ),
        None,
    )


def _is_replaced(text: str, first: AmountRead, second: AmountRead) -> bool:
    between = text[first.end : second.start]
    if any(word in between for word in _CHANGED) and len(between) < _REACH:
        return True
    return text[: first.start].endswith(("不是", "并非")) and "是" in between
