"""Lines in which a company is named only for what another has to do with it, and lines with two companies side by side.

拜访宁德时代的供应商科达利, 宁德时代旁边的海螺水泥, 前华为员工王强, 为海螺水泥配套的纸袋厂; 拜访宁德时代和比亚迪.
"""

from __future__ import annotations

from fieldkit.capture.beside import may_be_name
from fieldkit.capture.company_names import name_end
from fieldkit.capture.text import GAP, Words, is_latin, starts
from fieldkit.capture.verbs import VISIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.capture.verbs import Verb

    Span = tuple[int, int]

_KIN = Words("""
    供应商 经销商 代理商 服务商 客户 大客户 老客户 竞争对手 对手 友商 同行 合作伙伴 伙伴 合作方 股东 投资方 配套企业 配套商 配套厂 配套厂商 上游 下游 上游企业 下游企业
    供应链企业 邻居 旁边 旁 附近 隔壁 对面 对门 附近的企业 旁边的企业 介绍 推荐 引荐 引来 带来 上下游 代工厂 代工企业 子公司 关联企业 关联公司
    """)
_KIN_WITH_OF = frozenset({"介绍", "推荐", "引荐", "引来", "带来"})
"""Verbs that tell whose, only with a 的 behind them: 宁德时代介绍的科达利."""
_LATIN_KIN = (
    " supplier ",
    " customer ",
    " competitor ",
    " client ",
    " partner ",
    " vendor ",
    "'s supplier ",
    "'s customer ",
)
_NO_NAMES = Words(
    "大会 管理 关系 清单 名单 资源 需求 审核 体系 服务 问题 要求 订单 情况 经理 代表 名录 分析 调研 会议 座谈 年会 都 也 会 很 有 是 在 要 不 没 多 较 比"
)
_AROUND = (
    (("从", "离开"), Words("出来 出发 回来 回程 离开 离职 出走 跳槽")),
    (("前", "原", "曾在", "曾任"), Words("员工 高管 工程师 技术员 副总 总监 总经理 经理 研发 骨干 团队 总裁 副总裁")),
    (("为", "给"), Words("配套 供货 代工 供应 做配套 提供 生产")),
    (("乘", "坐", "乘坐", "开"), Words("出租车 出租 网约车 大巴 客车 汽车 轿车 车")),
)
"""Words before a company → those behind it with which somebody or something else is meant."""
_JOINTS = frozenset("和与、及跟同/&以,")
_PLACES = ("厂", "厂区", "公司", "总部", "园区")


def other(text: str, left: str, companies: Sequence[Span]) -> Span | None:
    """The company that is meant beside the first of `companies`, empty where it is not named; None where the first is meant.

    `left` is the masked `text`.
    """
    start, end = companies[0]
    for before, behind in _AROUND:
        if text[:start].endswith(before) and behind.at(text, end):
            return end, end
    end += len(starts(text, end, _PLACES))
    if latin := starts(text, end, _LATIN_KIN):
        return _named(left, end + len(latin), companies)
    end += text.startswith("的", end)
    word = _KIN.at(text, end)
    if not word:
        return None
    end += len(word)
    of = text.startswith("的", end)
    if word in _KIN_WITH_OF and not of:
        return None
    return _named(left, end + of, companies)


def _named(left: str, start: int, companies: Sequence[Span]) -> Span | None:
    while left.startswith((" ", ":"), start):
        start += 1
    if found := next((span for span in companies[1:] if span[0] <= start < span[1]), None):
        return start, found[1]
    if is_latin(left[start : start + 1] or " "):
        end = start
        while end < len(left) and left[end] not in " ,;" + GAP:
            end += 1
        return start, end
    end = name_end(left, start)
    name = left[start:end]
    return (start, end) if may_be_name(name) and not _NO_NAMES.at(name, 0) else None


def are_side_by_side(text: str, companies: Sequence[Span], verbs: Sequence[Verb]) -> bool:
    """Whether the first two `companies` are named alike: 宁德时代和比亚迪, or each behind a verb of visiting."""
    (first, until), (second, _) = companies[:2]
    between = text[until:second].strip()
    if 0 < len(between) <= len("以及") and all(char in _JOINTS for char in between) and between not in {"以"}:
        return True
    met = {verb.end for verb in verbs if verb.kind == VISIT and not verb.light}
    return first in met and second in met
