"""Companies and projects in a line, by the words beside them: 拜访宁德时代, …有限公司, …来亳考察, …项目."""

from __future__ import annotations

from fieldkit.capture import verbs
from fieldkit.capture.numbers import digits_end
from fieldkit.capture.people import COMMON, SURNAMES, looks_like_name
from fieldkit.capture.quantities import is_quantity
from fieldkit.capture.text import GAP, Words, is_digit, is_han, is_latin, starts, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.capture.text import Line, Words
    from fieldkit.capture.verbs import Verb

LEGAL_SUFFIXES = ("股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "公司")
_LEGAL_WORDS = Words(LEGAL_SUFFIXES)
TRADE_SURNAMES = frozenset("万华金石白江方高安康海时明云宁东古阳欧长马黄")
"""Surnames with which many companies begin (万科, 华为, 金龙鱼): such a short name is offered, not chosen."""
SUFFIXES = words("""
    股份有限公司 有限责任公司 集团有限公司 有限公司 股份公司 集团公司 公司 集团 股份 银行 科技 重工 药业 实业
    控股 新材料 新能源 生物 电子 食品 制药 酒业 汽车 能源 环保 机械 电器 乳业 证券 保险 资本 基金 研究院 大学
    协会 商会
""")
ENDINGS = words("""
    考察团 代表团 一行人 一行 客商 团队 考察组 调研组 负责人 代表 高管 总部 工厂 厂区 公司总部
""")
_ENDING_WORDS = Words(ENDINGS)
ARRIVALS = words("""
    来亳 来访 来考察 到访 来电 来谈 来函 来我市 来我区 来我县 来园区
""")
GENERIC = frozenset(
    words("""
    客户 企业 公司 项目 对方 市政府 政府 领导 园区 他们 我们 现场 朋友 老乡 商会 协会 集团 银行 一下 情况 工作
    负责人 客商 厂家 厂里 方案 合作 事宜 沟通 投资 电话 微信 一家企业 几家企业 这家公司 该公司 该企业 合同 对接
    有关部门 双方 大家 老板 代表 市里 县里 区里 会议 合肥 上海 北京 深圳 杭州 南京 苏州 广州 亳州 外地 当地 材料
    进展 下一步 进度 后续 投资意向 意向 合作意向 问题 签约 土地 贷款 融资 细节 条款 协议 价格 厂房 选址 政策
    安徽 江苏 浙江 广东
    """)
)
_STOPS = Words("""
    的 了 过 就 关于 并 商谈 洽谈 谈 聊 了解 介绍 推介 汇报 对接 讨论 沟通 考察 参观 表示 希望 计划 拟 准备 在
    来亳 来访 反馈 说 提出 负责 陪同 参加 调研 和 与 及 等 现场 再 一起 共同 投资 总投资 回访 签约 商讨 交流
    座谈 推进 落实 确认 签 为 有意 想 要 已 未 没 不 无 前往 电话 微信 手机
""")
_LEADING = words("""
    了 过 一下 到 在 位于 来自 是 我市 我区 我县 园区
""")
_PROJECT_LEADING = Words("""
    关于 洽谈 谈 推进 对接 了解 讨论 介绍 推介 跟进 沟通 聊 就 其 将 把 投资 建设 拟建 新建 汇报 考察 看 的 了
    过 推荐
""")
GENERIC_PROJECTS = frozenset(
    words("""
    项目 该项目 本项目 此项目 这个项目 那个项目 新项目 老项目 一个项目 两个项目 重点项目 招商项目 投资项目
    我们项目 他们项目 大项目 小项目 合作项目 二期项目 一期项目 三期项目 工业项目 亿元项目 意向项目 在谈项目
    签约项目 产业项目 有项目 的项目 没有项目
    """)
)
_MARKED_TITLES = ("项目名称:", "项目名称", "项目:", "project:")


class Subject:
    """A company or project by the words: span in the folded text, and what speaks for it."""

    __slots__ = ("end", "evidence", "person", "start")

    def __init__(self, start: int, end: int, evidence: str, person: bool = False) -> None:
        self.start = start
        self.end = end
        self.evidence = evidence
        self.person = person


def projects(line: Line, text: str) -> list[Subject]:
    """Projects named in the masked text: 动力电池包项目 (with 项目), 项目名称:十月稻田, battery pack project.

    The title is the stretch since the last sign, space, mark or verb of talking, up to and with 项目; what says nothing by
    itself (该项目, 二期项目) is no title.
    """
    marked = _marked_title(text)
    if marked:
        return [marked]
    found = []
    index = text.find("项目")
    while index >= 0:
        end = index + 2
        start = _word_start(text, index)
        while word := _PROJECT_LEADING.at(text[:index], start):
            start += len(word)
        if (
            text[start:end] not in GENERIC_PROJECTS
            and index - start >= 2
            and text[end : end + 1] not in {"部", "组", "制", "书", "化", "经", "负"}
        ):
            found.append(Subject(start, end, "word"))
        index = text.find("项目", end)
    return found or _english_project(text)


def _marked_title(text: str) -> Subject | None:
    for mark in _MARKED_TITLES:
        index = text.find(mark)
        if index < 0:
            continue
        start = index + len(mark)
        while start < len(text) and text[start] in " :":
            start += 1
        end = start
        while end < len(text) and (is_han(text[end]) or is_latin(text[end]) or is_digit(text[end])):
            end += 1
        if end - start >= 2:
            return Subject(start, end, "label")
    return None


def _english_project(text: str) -> list[Subject]:
    index = text.find(" project")
    if index < 0 or is_latin(text[index + 8 : index + 9] or " "):
        return []
    start = index
    while (
        start
        and (is_latin(text[start - 1]) or text[start - 1] in " -" or is_digit(text[start - 1]))
        and text[start - 1] != GAP
    ):
        start -= 1
    words = text[start:index]
    for lead in ("the ", "about ", "on ", "for ", "a ", "an ", "new ", "their ", "discussed ", "discuss "):
        while (place := words.find(lead)) >= 0 and (place == 0 or words[place - 1] == " "):
            start += place + len(lead)
            words = text[start:index]
    while start < index and text[start] == " ":
        start += 1
    return [Subject(start, index + 8, "word")] if index - start >= 2 else []


def _word_start(text: str, index: int) -> int:
    start = index
    while start and (
        is_han(text[start - 1]) or is_latin(text[start - 1]) or is_digit(text[start - 1]) or text[start - 1] in "-()+."
    ):
        start -= 1
    return start


def companies(line: Line, text: str, found_verbs: Sequence[Verb]) -> list[Subject]:
    """Companies (or a person, see `Subject.person`) told by a verb before, an arrival after, or their own suffix."""
    found = [
        subject for verb in found_verbs if verb.kind != verbs.MILESTONE and (subject := _after_verb(line, text, verb))
    ]
    found += [subject for word in ARRIVALS if (subject := _before_arrival(text, word))]
    found += _by_suffix(text)
    return _apart(found)


def _apart(found: list[Subject]) -> list[Subject]:
    kept: list[Subject] = []
    for subject in found:
        if all(subject.end <= other.start or other.end <= subject.start for other in kept):
            kept.append(subject)
    return sorted(kept, key=lambda subject: subject.start)


def _after_verb(line: Line, text: str, verb: Verb) -> Subject | None:
    start = verb.end
    if is_latin(verb.word[-1]):
        return _latin_after(line, text, start) if verb.kind == verbs.VISIT else None
    while word := starts(text, start, _LEADING):
        start += len(word)
    while text.startswith(" ", start):
        start += 1
    end = _name_end(text, start)
    name = text[start:end]
    if not 2 <= len(name.strip()) <= 24 or name in GENERIC or _counts(name):
        return None
    suffixed = name.endswith(SUFFIXES)
    if verb.light or verb.kind == verbs.NEXT:
        return Subject(start, end, "suffix") if suffixed else None
    return Subject(start, end, "verb", person=not suffixed and looks_like_name(name))


def _counts(name: str) -> bool:
    """Whether the words are a number of something (3家企业) rather than a name that begins with digits (58同城)."""
    end = digits_end(name, 0)
    return end > 0 and (end == len(name) or is_quantity(name, end))


def _latin_after(line: Line, text: str, start: int) -> Subject | None:
    while text.startswith(" ", start):
        start += 1
    for article in ("with ", "the "):
        if text.startswith(article, start):
            start += len(article)
    end = start
    index = start
    while index < len(text):
        word_end = index
        while word_end < len(text) and (
            is_latin(text[word_end]) or is_digit(text[word_end]) or text[word_end] in "&-'." or is_han(text[word_end])
        ):
            word_end += 1
        if word_end == index or not (line.plain[index].isupper() or is_digit(text[index]) or is_han(text[index])):
            break
        end = word_end
        index = word_end + 1 if text.startswith(" ", word_end) else len(text)
    return Subject(start, end, "verb") if end - start >= 2 else None


def _name_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and (is_han(text[end]) or is_latin(text[end]) or is_digit(text[end]) or text[end] in "&·-"):
        if end > start + 1:
            if _STOPS.at(text, end):
                break
            ending = _ENDING_WORDS.at(text, end)
            if ending:
                break
        suffix = _LEGAL_WORDS.at(text, end)
        if suffix and end > start:
            return end + len(suffix)
        end += 1
    return end


def _before_arrival(text: str, word: str) -> Subject | None:
    index = text.find(word)
    if index < 2:
        return None
    end = index
    for ending in ENDINGS:
        if text[:end].endswith(ending):
            end -= len(ending)
    start = _word_start(text, end)
    name = text[start:end]
    if (
        not 2 <= len(name) <= 20
        or name in GENERIC
        or (name[0] in COMMON and len(name) <= 3)
        or (name[:1] in SURNAMES and len(name) == 2)
    ):
        return None
    return Subject(start, end, "arrival")


def _by_suffix(text: str) -> list[Subject]:
    found = []
    for suffix in LEGAL_SUFFIXES:
        index = text.find(suffix)
        while index >= 0:
            end = index + len(suffix)
            start = _word_start(text, index)
            for stop in ("了", "的", "与", "和", "到", "去", "在", "对", "给", "向", "由", "为"):
                place = text.rfind(stop, start, index)
                start = place + 1 if place >= 0 else start
            if 2 <= index - start <= 24 and not text[start:end].startswith(
                ("该", "本", "这", "那", "一家", "几家", "我")
            ):
                found.append(Subject(start, end, "suffix"))
            index = text.find(suffix, end)
    return found
