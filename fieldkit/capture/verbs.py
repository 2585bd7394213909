"""Verbs of a recruiter's day: what was a visit, what comes next, what only happens to the project."""

from __future__ import annotations

from fieldkit.capture.numbers import STARTS
from fieldkit.capture.text import Words, is_latin, phrases, words

VISIT, NEXT, MILESTONE = "visit", "next", "milestone"

VISITS = words("""
    上门拜访 登门拜访 实地考察 实地走访 电话联系 电话沟通 微信沟通 微信联系 电话拜访 拜访 走访 接待 会见 会晤
    见面 见了 见到 见 考察 看望 慰问 调研 跟进 联系 对接 洽谈 座谈 会谈 约见 约谈 陪同 陪 参观 电话 微信 致电 去电
    吃饭 喝茶 宴请 碰头 碰面 面谈 电话通知 通知 通话 视频会议 视频会见 视频拜访 视频连线 视频沟通 视频洽谈 视频 交流 沟通 谈 聊 到访 来亳 来电 赴 前往 到 去 与 和 同 跟
""")
"""Words after which a company or person may stand; the ones below are too common to be an occasion by themselves."""
TOGETHER = frozenset({"与", "和", "同", "跟"})
"""With whom something is done: what is done follows the name (与…签约)."""
LIGHT = frozenset({"到", "去", "赴", "前往", "谈", "聊", "陪同", "陪"}) | TOGETHER
ENGLISH_VISITS = phrases(
    "met with, meeting with, meet with, met, visited, called on, called, call with, saw, "
    "hosted, received, phoned, emailed, talked to, spoke with, spoke to"
)
NEXTS = words("""
    回访 回复 答复 给答复 再约 再谈 再联系 再拜访 再去 再来 再见面 再见 再跟进 再沟通 再议 再次 寄 邮寄 发送 发
    提交 递交 报送 签约 签协议 签合同 签订 签署 签 回电 回话 反馈 给反馈 确认 跟踪 催 催办 准备 送 安排 汇报 上会
    评审 定稿 约 复访 二次拜访 交材料 付款 打款 到账 开会 召开 举行 举办 参加 出差 出发 交 报名 完成 落实 办理
    再定 再说 再看 再报 再聊 再碰 再商量 再细谈 复谈 详谈 汇总 上报 汇总上报 审批 来考察 来亳考察 来访 来谈 带队 过来
""")
ENGLISH_NEXTS = phrases(
    "call back, follow up, follow-up, send, reply, answer, sign, revisit, visit again, meet again, "
    "get back, call, meet, visit, email, submit, report, return, confirm, deliver, present, review, "
    "discuss, call again"
)
MILESTONES = words("""
    投产 试产 达产 竣工 建成 完工 开工 动工 奠基 纳统 落地 成立 上市 建厂 交付 入驻 量产 封顶 试生产 开业 达效
""")
PAST_ENGLISH = frozenset(
    phrases(
        "met with, met, visited, called on, called, saw, hosted, received, phoned, emailed, talked to, spoke with, spoke to"
    )
)
PLANNED = words("""
    计划 拟 将 准备 打算 预计 约好 约定 定于 要 争取 力争 安排
""")
"""Words that make a visit a plan: 3号要拜访, 计划周五走访."""


class Verb:
    """A verb found in the line: its class and span in the folded text."""

    __slots__ = ("end", "kind", "light", "start", "word")

    def __init__(self, kind: str, start: int, word: str) -> None:
        self.kind = kind
        self.start = start
        self.end = start + len(word)
        self.word = word
        self.light = word in LIGHT


def _by_first(kinds: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, tuple[tuple[str, str], ...]]:
    table: dict[str, list[tuple[str, str]]] = {}
    for kind, verbs in kinds:
        for word in verbs:
            table.setdefault(word[0], []).append((word, kind))
    return {char: tuple(sorted(pairs, key=lambda pair: -len(pair[0]))) for char, pairs in table.items()}


_CHINESE = _by_first(((NEXT, NEXTS), (VISIT, VISITS), (MILESTONE, MILESTONES)))
_ENGLISH = _by_first(((NEXT, ENGLISH_NEXTS), (VISIT, ENGLISH_VISITS)))
_NOT_VERBS = Words("""
    发展 发电 发改 发现 发动 发明 签证 到期 和谐 同意 同时 与会 去年 去向 交通 交易 交给 送检 约定 约为 约占
    谈判 寄存 同比 同行 同步 到位 到底 交大 发票 发布 和平 准备金 电话号 微信号
    联系方 联系电 联系人 到达 发债 见习 催化 约有 安排上 见下 见附 见效 见表 约合 同号 同期 和用 和厂 和土 来电显示 开会议 去化
""")
_ENDS_A_WORD = {
    "见": "意再偏罕看听碰少常可主成创", "约": "签合节制大条违预特契完", "到": "达得收等遇迟推延拖想感受直谈提看找接买拿签", "同": "合共相认协陪连会不等",
    "和": "协祥总温缓饱调中", "去": "过失除减拿离", "与": "参给赋", "交": "递上提外社成移转", "发": "开研批触出自引激沙", "谈": "面洽会座访商详细深", "签": "标书竹面",
    "送": "输传赠", "寄": "邮", "聊": "无", "上会": "线网晚早会掌", "跟": "高", "陪": "失", "赴": "奔", "催": "摧",
}  # fmt: skip
"""Verb → the characters before it with which it is the end of another word: 意见, 合约, 达到, 递交."""


def find_verbs(text: str, typed: str) -> list[Verb]:
    """The verbs of a masked folded line in order, `typed` being the same before it was masked; the longest word wins."""
    found = []
    index = 0
    while index < len(text):
        verb = _verb_at(text, index, typed)
        if verb:
            found.append(verb)
        index = verb.end if verb else index + 1
    return found


def _verb_at(text: str, index: int, typed: str) -> Verb | None:
    char = text[index]
    if is_latin(char):
        if index and is_latin(text[index - 1]):
            return None
        for word, kind in _ENGLISH.get(char, ()):
            if text.startswith(word, index) and not is_latin(text[index + len(word) : index + len(word) + 1] or " "):
                return Verb(kind, index, word)
        return None
    for word, kind in _CHINESE.get(char, ()):
        if text.startswith(word, index) and len(_NOT_VERBS.at(text, index)) <= len(word):
            after = index + len(word)
            ended = index and text[index - 1] in _ENDS_A_WORD.get(word, "") and not text.startswith("给", after)
            counted = word == "约" and _is_counted(typed, index + 1)
            return None if ended or counted else Verb(kind, index, word)
    return None


def _is_counted(typed: str, index: int) -> bool:
    """Whether 约 means about: a figure follows that is no date (约8000万元, not 约12月2日)."""
    end = index
    while typed[end : end + 1] in STARTS and end < len(typed):
        end += 1
    return end > index and typed[end : end + 1] not in {"月", "号", "日", "点", ":"}
