"""What an amount is the amount of, by the words beside it: investment, fixed assets, a loan, or another figure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.capture.reading import AmountRead

WORDS = {
    "固定资产": "fixed", "固投": "fixed", "设备投资": "fixed", "fixed assets": "fixed", "总投资": "total", "计划投资": "total", "投资总额": "total", "总额": "total",
    "拟投资": "investment", "投资额": "investment", "投资": "investment", "invest": "investment", "投": "investment", "贷款": "loan", "融资": "loan", "借款": "loan", "授信": "loan",
    "loan": "loan", "产值": "other", "税收": "other", "纳税": "other", "营收": "other", "营业额": "other", "收入": "other", "销售额": "other", "销售": "other", "注册资本": "other",
    "注册资金": "other", "注资": "other", "利润": "other", "估值": "other", "市值": "other", "租金": "other", "到位资金": "other", "到位": "other", "补贴": "other", "奖补": "other",
    "订单": "other", "采购": "other", "净资产": "other", "资产总额": "other", "定金": "other", "保证金": "other", "首付": "other", "revenue": "other", "output": "other", "tax": "other",
    "流动资金": "other", "一期": "part", "二期": "part", "首期": "part", "三期": "part", "其中": "part", "亩均": "other", "年薪": "other", "工资": "other", "单价": "other", "罚款": "other",
    "出口": "other", "gdp": "other",
}  # fmt: skip
_FIELD = ("total", "investment", "", "part", "loan")
"""Purposes that can be the amount of a lead, the likeliest first."""
_REACH = 12
_BREAKS = frozenset(",;。、!?\n ")


def purpose(text: str, start: int, end: int) -> str:
    """The purpose told by the nearest word before the amount (in its clause, up to 12 characters back) or right after it."""
    before = text[max(0, start - _REACH) : start]
    clause = before.rstrip(" :")
    while clause and clause[-1] in _BREAKS:
        clause = clause[:-1]
    for index in range(len(clause) - 1, -1, -1):
        if clause[index] in _BREAKS and clause[index] != " ":
            clause = clause[index + 1 :]
            break
    found = [(clause.rfind(word) + len(word), len(word), kind) for word, kind in WORDS.items() if word in clause]
    if found and before and before[-1] not in ",;。、":
        return max(found)[2]
    after = text[end : end + 5].lstrip("的左右")
    return next((kind for word, kind in WORDS.items() if after.startswith(word) and kind != "part"), "")


def main_amount(found: Sequence[AmountRead]) -> AmountRead | None:
    """The amount of the lead itself: the total investment before the investment before an amount without a word."""
    for kind in _FIELD:
        for amount in found:
            if amount.role == kind:
                return amount
    fixed = [amount for amount in found if amount.role == "fixed"]
    return fixed[0] if fixed else None
