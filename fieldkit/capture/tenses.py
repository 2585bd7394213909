"""Whether a time lies behind or ahead, by the words of its clause: 拜访了, 已于…签订, 根据…会议纪要, 周五不行."""

from __future__ import annotations

from fieldkit.capture import verbs
from fieldkit.capture.numbers import STARTS
from fieldkit.capture.text import is_latin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from fieldkit.capture.moments import Moment, When
    from fieldkit.capture.verbs import Verb

STOPS = frozenset("。;!?\n")
PAUSES = frozenset(",、:") | STOPS
_CLOSING = frozenset(["", *" ,。;!?)、"])
_DONE = ("了", "已", "刚", "曾", "发生", "开过", "去过", "来过", "见过", "谈过", "做过", "买的", "立的", "签的")
_NOT_DONE = ("了解", "不了", "为了", "除了", "已有", "已知")
_UNDONE = ("要", "就", "将", "快", "再", "准备", "打算", "计划", "预计", "到了", "拟", "才", "别", "完了", "好了")
"""Words with which 了 tells what is still to come."""
_UNTIL_NOW = ("以来", "至今", "到现在")
_FIGURES = ("销售", "产值", "营收", "税收", "纳税", "收入", "利润", "产量", "出口", "累计", "共", "完成产")
_ARRANGED = frozenset({"约", "约见", "约谈"})
_STILL_TO_COME = frozenset({"回访", "回复", "答复", "给答复", "约", "复访", "催", "催办", "回电", "回话", "复谈"})
_CANCELLED = (
    "不行", "没空", "没时间", "取消", "不去", "不来", "不在", "来不了", "去不了", "不方便", "改期", "不要", "不用", "cancelled", "canceled",
)  # fmt: skip
_MOVED = (
    "改到", "改为", "改成", "改在", "改至", "推迟到", "推迟至", "延期到", "延期至", "延到", "延至", "提前到", "提前至", "调整到", "调整为", "调整至", "顺延到",
    "顺延至", "moved to", "postponed to",
)  # fmt: skip
_MOVED_FROM = ("moved from ", "rescheduled from ", "postponed from ", "changed from ")
_VOID_BEFORE = ("根据", "按照", "依据", "收到", "上次", "上回", "落实", "not coming ")
_QUOTED_AFTER = ("会议纪要", "来函", "会议精神", "的文件", "的通知", "的纪要", "的会议纪要", "的来函")
_DEADLINES = ("前", "内")
_PERIODS = frozenset({"month", "part", "range"})
_LONGEST_CLAUSE = 30
"""Characters in which the word that tells what is done is looked for."""
_LONG_AGO = 100
"""Days back that people still write about without a year, where the coming one is most of a year ahead."""


def _clause_end(text: str, start: int, until: int) -> int:
    """Where the clause goes on to from `start`: the next pause, at most `until`."""
    while start < until and text[start] not in PAUSES:
        start += 1
    return start


def is_done(text: str, when: When, verb: Verb, until: int) -> bool:
    """Whether 了, 过, 已, 的 stand in the verb's clause; what was arranged (约了周二见面) is still to come."""
    if verb.word in _ARRANGED or (verb.kind == verbs.NEXT and verb.word[0] == "再"):
        return False
    if when.end == verb.start and text.startswith("的", verb.end) and not text.startswith("的话", verb.end):
        return True
    end = _clause_end(text, verb.end, min(until, verb.end + _LONGEST_CLAUSE))
    clause = (
        text[min(when.end, verb.start) : end]
        .replace("了解", "")
        .replace("过来", "")
        .replace("过去", "")
        .replace("通过", "")
        .replace("不了", "")
    )
    before = text[max(0, when.start - 2) : when.start]
    if (
        any(word in clause for word in _DONE)
        or before.endswith(("已于", "已在", "刚于"))
        or (text.startswith("过", verb.end) and not text.startswith(("过来", "过去"), verb.end))
    ):
        return "要" not in clause[: clause.find("了") + 1] and "到了" not in clause[:2]
    return verb.word in verbs.PAST_ENGLISH


def is_told_as_past(text: str, when: When, since: int, until: int) -> bool:
    """Whether the clause of a time without a verb of ours tells something done: 10月12日立了案, 事故发生在7月6日."""
    begin = when.start
    while begin > since and text[begin - 1] not in PAUSES:
        begin -= 1
    clause = text[begin : _clause_end(text, when.end, min(until, when.end + _LONGEST_CLAUSE))]
    for word in _NOT_DONE:
        clause = clause.replace(word, "")
    if text.startswith(_UNTIL_NOW, when.end):
        return True
    return any(word in clause for word in _DONE) and not any(word in clause for word in _UNDONE)


def looks_back(text: str, said: str, when: When, verb: Verb | None, since: int) -> bool:
    """A visit looks back, unless it is planned or told by a weekday alone; a next step looks ahead."""
    if verb is None or verb.kind != verbs.VISIT or verb.light:
        return False
    if when.day is not None and (when.day.unit == "weekday" or said.endswith(_DEADLINES)):
        return False
    return not _is_appointment(text, when, verb) and not _is_planned(text, when, verb, since)


def _is_appointment(text: str, when: When, verb: Verb | None) -> bool:
    """六点半老地方见: 见 without anybody after it."""
    return (
        verb is not None and verb.word == "见" and when.end <= verb.start and text[verb.end : verb.end + 1] in _CLOSING
    )


def _is_planned(text: str, when: When, verb: Verb | None, since: int) -> bool:
    until = max(verb.start, when.end) if verb is not None else when.end + 6
    near = text[max(since, when.start - 6) : when.start] + text[when.end : until]
    return any(word in near for word in verbs.PLANNED)


def lies_behind(text: str, said: str, when: When, verb: Verb | None, *, since: int, now: datetime) -> bool:
    """Whether a time that leaves its year, month or day open is the last one, by how near it lies; `said` is its text.

    Only inside a sentence, and where no verb says that it is still to come.
    """
    if when.anchor is not None or when.shift is not None or text[: when.start].strip() + text[when.end :].strip() == "":
        return False
    if _is_planned(text, when, verb, since) or _is_appointment(text, when, verb):
        return False
    counted = verb is not None and text[verb.end : verb.end + 1] in STARTS and bool(text[verb.end : verb.end + 1])
    telling = verb is None or verb.kind == verbs.VISIT or counted
    if when.day is None:
        behind = when.resolve(now, True)
        return telling and behind is not None and behind.first == now.date()
    if not when.day.open or said.endswith((*_DEADLINES, "后")) or (verb is not None and verb.kind == verbs.MILESTONE):
        return False
    strong = verb is not None and (verb.word in _STILL_TO_COME or verb.word[0] == "再")
    if text.startswith(_FIGURES, when.end) and when.day.unit in _PERIODS:
        return True
    return not strong and _is_nearer_behind(when, said, telling, now)


def _is_nearer_behind(when: When, said: str, telling: bool, now: datetime) -> bool:
    """`telling`: no verb says that it is still to come."""
    assert when.day is not None
    named = when.day.unit == "day" and ("月" in said[1:] or any(map(is_latin, said)))
    numbered = when.day.unit == "day" and said[0] in STARTS
    ahead, behind, today = when.resolve(now, False), when.resolve(now, True), now.date()
    if ahead is None or behind is None or ahead.first <= today:
        return False
    to_come, gone = (ahead.first - today).days, (today - behind.last).days
    if named:
        return gone <= _LONG_AGO and to_come >= 2 * gone
    if when.day.unit in _PERIODS:
        return telling and gone < to_come and gone <= _LONG_AGO
    return numbered and telling and gone <= 7 and to_come >= 20


def is_told_with_le(text: str, when: When, until: int) -> bool:
    """Whether 了 stands in the clause after the time: it is surely behind, however far."""
    return "了" in text[when.end : _clause_end(text, when.end, until)]


def belongs_before(text: str, said: str, earlier: When | None, verb: Verb, when: When) -> bool:
    """Whether the visit before a pause has nothing to do with this time: 上周四拜访…,月底前给可研."""
    told = verb.kind == verbs.VISIT or text.startswith("了", verb.end)
    if not told or verb.start >= when.start or PAUSES.isdisjoint(text[verb.end : when.start]):
        return False
    return said.endswith(_DEADLINES) or (earlier is not None and earlier.end <= verb.start)


def is_void(text: str, when: When, since: int, until: int) -> bool:
    """Whether the time was cancelled, moved to the next one, or only quoted: 周五不行, 12月3日改到12月8日, 根据12月3日会议纪要."""
    after = text[when.end : _clause_end(text, when.end, until)]
    if any(word in after for word in _CANCELLED) or (
        until < len(text) and text[when.end : until].rstrip().endswith(_MOVED)
    ):
        return True
    if until < len(text) and text[since : when.start].endswith(_MOVED_FROM):
        return True
    return text[since : when.start].endswith(_VOID_BEFORE) or text.startswith(_QUOTED_AFTER, when.end)


def nearer(when: When, past: Moment, now: datetime) -> Moment:
    """A visit more than half a year back is the coming one when that is much nearer: it is being planned."""
    ahead = when.resolve(now, False)
    gone = (now.date() - past.last).days
    return ahead if ahead and 2 * (ahead.first - now.date()).days <= gone else past
