"""Another company that stands beside somebody, or a project, that the store knows elsewhere: 海螺水泥 张伟来电, 晶澳科技 电机项目."""

from __future__ import annotations

from fieldkit.capture.company_names import SUFFIXES, is_name, is_place, name_end
from fieldkit.capture.company_words import HOUSES
from fieldkit.capture.names import PLACES
from fieldkit.capture.people import NOT_NAMES, POSTS
from fieldkit.capture.signs import task_force
from fieldkit.capture.text import GAP, Words, is_han, word_start, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldkit.capture.verbs import Verb

    Span = tuple[int, int]

_BETWEEN = frozenset(" ,、:的")
_AFTER = frozenset(" ,、:" + GAP)
_LONGEST = 12
"""Characters of a name without a word of its own for what it is."""
_WORD = 2
"""Characters of a word that no name with a suffix begins with; a single one may be its beginning (大全能源)."""
_TRADES = frozenset(
    words("智能 电动 高端 商用 生物 精细 绿色 现代 新型 先进 特种 光伏 锂电 储能 氢能 动力 消费 工业 汽车 半导体")
)
"""Before a suffix these say what is made, and not by whom: 智能汽车, 消费电子."""
_NOT_BESIDE = Words("""
    提醒 告知 通知 抄送 转告 转达 转 询问 问 请示 请教 请 催 找 替 帮 陪 跟 等 约 让 叫 托 委托 经 由 据 听 给 向 为 对 收到 接到 加 添加
    感谢 祝贺 慰问 送 发 回 致 汇报 客户 朋友 老友 老乡 同学 校友 同事 战友 领导 老板 负责 对接 联系 联络 接 去 来 到 在 从 和 与 同 及 或 并
    再 又 还 也 已 未 没 不 就 才 刚 将 要 想 拟 能 可 会 应 需 中午 早上 晚上 上午 下午 上次 本次 此次 这次 首次 多次 今 明 昨 周 月 年
    用地 用电 用工 用能 厂房 土地 选址 扩产 增资 投资 产线 设备 政策 补贴 融资 贷款 签约 意向 合同 协议 方案 材料 样品 名片 报价 环评 能评
    老 小 两 几 该 本 此 那 这 某 另 其 他 她 我 你 咱 双方 推进 讨论 研究 了解 关注 跟踪 跟进 回复 答复 反馈 沟通 交流 安排 准备
    继续 重点 紧急 重要 备注 记录 纪要 待办 提示 计划 主题 议题 内容 地点 时间 地址 参会 出席 参加 邀请 接待 会见 拜访 走访 考察 调研 座谈 洽谈 谈 聊
    电话 微信 短信 邮件 视频 会议 聚餐 午餐 晚餐 午宴 晚宴 吃饭 喝茶 饭局 酒局 展会 论坛 招商 驻点 外地 本地 园区 政府 专班 项目
    """)
"""Words that begin what stands before somebody and is no company."""
_OFFICES = words(
    "项目 管委会 局 委 园 办 区 厅 部 中心 处 室 组 专班 政府 产业园 基地 市 县 镇 乡 村 街道 路 楼 酒店 饭店 餐厅 机场 高铁站 站 馆 会 展 院"
)
"""Words at the end of what is an office, a place or an occasion."""
_AND = frozenset("和与及同跟")
_INTRODUCED = Words("介绍 介绍了 推荐 推荐了 引荐 引荐了 介绍的 推荐的 引荐的 偕 携")


def find(text: str, spans: Iterable[Span], leads: Iterable[Span], verbs: Sequence[Verb]) -> Span | None:
    """The first name of a company that stands right before or after one of the people at `spans`, or before one of the `leads`.

    `text` is masked; who stands in it has been read already.
    """
    ends = [verb.end for verb in verbs if not verb.light]
    for start, end in spans:
        if found := _before(text, start, ends, attached=True) or _after(text, end):
            return found
    return next((found for start, _ in leads if (found := _before(text, start, ends, attached=False))), None)


def before_person(text: str, start: int, read: Sequence[Span], verbs: Sequence[Verb]) -> Span | None:
    """The company right before somebody at `start` that is not the line's first: one of those `read`, or a new one.

    A new one is told by a word of its own, or by what introduces it: 介绍天赐材料李总.
    """
    end = start
    while end and text[end - 1] in {" ", "的"}:
        end -= 1
    if found := next((span for span in read[1:] if span[1] == end), None):
        return found
    begin = max([word_start(text, end), *(verb.end for verb in verbs if verb.end <= end and not verb.light)])
    introduced = False
    for place in range(begin, end):
        if word := _INTRODUCED.at(text, place):
            begin, introduced = place + len(word), True
    if begin and text[begin - 1] == GAP and end > begin and text[begin] in _AND:
        begin += 1
    name = text[begin:end]
    if not may_be_name(name) or (begin and text[begin - 1] == GAP):
        return None
    return (begin, end) if introduced or _says_it_is_one(name) else None


def _before(text: str, start: int, verb_ends: Iterable[int], *, attached: bool) -> Span | None:
    end = start
    while end and text[end - 1] in _BETWEEN:
        end -= 1
    end -= attached and end > 0 and text[end - 1] in _AND
    begin = word_start(text, end)
    begin = max([begin, *(place for place in verb_ends if place <= end)])
    name = text[begin:end]
    if not may_be_name(name) or name.isascii():
        return None
    if _says_it_is_one(name):
        return begin, end
    loose = (
        (attached or end < start) and all(map(is_han, name)) and len(name) <= _LONGEST and not name.endswith(_OFFICES)
    )
    return (begin, end) if loose else None


def _after(text: str, end: int) -> Span | None:
    start = end
    while start < len(text) and text[start] in _AFTER:
        start += 1
    until = name_end(text, start)
    name = text[start:until]
    if post := next((post for post in POSTS if name.endswith(post)), ""):
        until -= len(post)
        name = text[start:until]
    stands = start > end and may_be_name(name) and _says_it_is_one(name) and not text.startswith("项目", until)
    return (start, until) if stands else None


def may_be_name(name: str) -> bool:
    """Whether a stretch that stands by itself can be a company's name, and is no word of every day."""
    if not is_name(name) or is_place(name) or name in PLACES or name in POSTS or name in SUFFIXES or task_force(name):
        return False
    other = _NOT_BESIDE.at(name, 0)
    told = len(other) < _WORD and _says_it_is_one(name)
    return name in HOUSES or not ((other and not told) or name[:2] in NOT_NAMES or name.endswith(POSTS))


def _says_it_is_one(name: str) -> bool:
    """Whether a word of its own tells a company: 晶澳科技, not 智能汽车."""
    if name in HOUSES:
        return True
    front = next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), "")
    return len(front) > 1 and front not in _TRADES and front not in SUFFIXES
