"""Companies in a line, by the words beside them: 拜访宁德时代, …有限公司, …来亳考察, 与…签约, 企业:…, met CATL."""

from __future__ import annotations

from fieldkit.capture import verbs
from fieldkit.capture.company_names import GROUPS, LEGAL, LONGEST, SUFFIXES, is_name, is_place, name_end
from fieldkit.capture.company_words import HOUSES, is_inside, is_talk
from fieldkit.capture.people import (
    COMMON,
    DOUBLE_SURNAMES,
    NOT_NAMES,
    PINYIN_SURNAMES,
    SURNAMES,
    has_double_surname,
    looks_like_name,
    post_at,
)
from fieldkit.capture.signs import task_force
from fieldkit.capture.text import GAP, Words, is_digit, is_han, is_latin, phrases, starts, word_start, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.capture.text import Line
    from fieldkit.capture.verbs import Verb

_ARRIVALS = words("来亳 来访 来考察 到访 来电 来谈 来函 来我市 来我区 来我县 来园区 拟投 计划投资 有意投资 意向投资")
_LABELS = words("线索: 企业名称: 企业: 公司名称: 公司: 投资方: 客户: 单位: company:")
_ARRIVED = frozenset({"来亳", "来访", "到访", "来电"})
"""Verbs of a company that stands before them."""
_MEETINGS = Words(
    "见 吃饭 喝茶 视频 开会 会面 面谈 聊 通电话 打电话 电话 微信 碰面 碰头 签约 签订 签署 签 洽谈 对接 见面 沟通 交流 座谈 会谈 合作 通话 谈"
)
"""What one does with a company: 与…签约."""
_LEADING = words("的那家 的这家 那家 这家 了 过 完 一下 到 在 位于 来自 是 我市 我区 我县 园区 企业: 公司: 客户: 单位:")
_QUOTES = {"“": "”", '"': '"', "「": "」", "【": "】", "《": "》", "『": "』"}
_CALLED = ("的一家企业叫", "一家企业叫", "的一家公司叫", "一家公司叫", "的企业叫", "一家叫", "名叫", "名为", "叫做")
_SAID_BEFORE = words("""
    公司名称 企业名称 项目公司 注册公司 成立公司 客户名称 投资主体 投资方 拟 请 由 叫
    拜访 走访 会见 接待 看望 考察 回访 联系 对接 约见
""")
"""What may stand right before a name with its legal form and is no part of it."""
_CUT_BEFORE = ("了", "的", "与", "和", "到", "去", "在", "对", "给", "向", "由", "为", "跟", "后")
_POINTING = ("该", "本", "这", "那", "一家", "几家", "我")
_ARTICLES = phrases("with , the ")
_LEGAL_LATIN = (", ltd.", ", ltd", ", limited", ", inc.", ", inc", ", llc")
_OF = (" of ", " from ", " at ")
_TRADE_POSTS = frozenset(
    words("""
    博士 教授 老师 老板 先生 女士 小姐 工程师 律师 会计 秘书 助理 站长 队长 校长 会长 组长 社长 主管 董事 经理 主任 主席 总裁
    """)
)
"""Posts of which names are made as well (老板电器, …律师事务所): they end a company's name only as its last word."""
_PLACE_ENDS = ("市", "县", "镇", "乡")


class Subject:
    """A company by the words; `person` where the name may as well be someone's, `sure` where it is theirs.

    `unclear` where a post or a place's word follows, so that it is not certain what the company is; the name may then
    end at `cut`.
    """

    __slots__ = ("cut", "end", "person", "start", "sure", "unclear")

    def __init__(
        self, start: int, end: int, *, person: bool = False, sure: bool = False, unclear: bool = False, cut: int = 0
    ) -> None:
        self.cut = cut
        self.start = start
        self.end = end
        self.person = person
        self.sure = sure
        self.unclear = unclear


def find(line: Line, text: str, found_verbs: Sequence[Verb]) -> list[Subject]:
    """The companies in the masked text: after a verb or label, before an arrival, or with a suffix of their own."""
    found = [subject for label in _LABELS if (subject := _after_label(text, label))]
    for verb in found_verbs:
        if verb.kind != verbs.MILESTONE:
            found += _after_verb(line, text, verb)
    found += [subject for word in _ARRIVALS for subject in _before_arrival(text, word)]
    found += _by_suffix(text)
    return _apart(found)


def _apart(found: list[Subject]) -> list[Subject]:
    kept: list[Subject] = []
    for subject in found:
        if all(subject.end <= other.start or other.end <= subject.start for other in kept):
            kept.append(subject)
    return sorted(kept, key=lambda subject: subject.start)


def _after_label(text: str, label: str) -> Subject | None:
    index = text.find(label)
    if index < 0:
        return None
    start = index + len(label)
    end = name_end(text, start)
    return (_before_a_post(text, start, end) or Subject(start, end)) if is_name(text[start:end]) else None


def _before_a_post(text: str, start: int, end: int) -> Subject | None:
    """The company in 古井贡酒董事长, 比亚迪采购部长: sure where it has a suffix of its own."""
    index = start + 2
    while index < end:
        post = post_at(text, index)
        last = index + len(post)
        if len(post) > 1 and (last == end or (last < end and post not in _TRADE_POSTS)):
            name = text[start:index]
            if name[-2:] in NOT_NAMES and len(name) > 3 and not name.endswith(SUFFIXES):
                name = name[:-2]
            return Subject(start, start + len(name), unclear=not name.endswith(SUFFIXES) and name not in HOUSES)
        index += 1
    return None


def _after_verb(line: Line, text: str, verb: Verb) -> list[Subject]:
    start = verb.end
    if is_latin(verb.word[-1]):
        return _latin_after(line, text, start) if verb.kind == verbs.VISIT else []
    placed = False
    while word := starts(text, start, _LEADING):
        start += len(word)
        placed = placed or word in {"位于", "来自", "在"}
    while text.startswith((" ", ":"), start):
        start += 1
    if close := _QUOTES.get(text[start : start + 1]):
        end = text.find(close, start + 1)
        return [Subject(start + 1, end)] if end > 0 and is_name(text[start + 1 : end]) else []
    end = name_end(text, start)
    if called := starts(text, end, _CALLED):
        start, end = end + len(called), name_end(text, end + len(called))
    while text.startswith("的", end) and (placed or is_place(text[start:end])):
        placed = False
        start, end = end + 1, name_end(text, end + 1)
    name = text[start:end]
    if not is_name(name):
        return []
    if (cut := _before_a_post(text, start, end)) and not (verb.light or verb.kind == verbs.NEXT):
        return [cut] if is_name(text[cut.start : cut.end]) else []
    if has_double_surname(name):
        return [Subject(start, end, person=True, sure=True)]
    suffixed = name.endswith(SUFFIXES) and name not in SUFFIXES
    if verb.word in _ARRIVED and not suffixed:
        return []
    if not (suffixed or verb.light or verb.kind == verbs.NEXT) and (found := _before_a_name(text, start, end)):
        return found
    if verb.kind == verbs.NEXT or (
        verb.light and not (verb.word in verbs.TOGETHER and _MEETINGS.at(text, _past_people(text, end)))
    ):
        return [Subject(start, end)] if suffixed or name in HOUSES else []
    unclear = len(name) < 5 and name.endswith(_PLACE_ENDS) and not name.endswith("超市")
    person = not suffixed and name not in HOUSES and looks_like_name(name)
    return [Subject(start, end, person=person, unclear=unclear)]


def _past_people(text: str, index: int) -> int:
    """Past whoever was read already: the 会谈 of 与药明康德李革董事长会谈."""
    while index < len(text) and text[index] in GAP + " 、":
        index += 1
    return index


def before_person(text: str, end: int) -> Subject | None:
    """The company that stands by itself right before a person: 合肥 阳光电源 曹总."""
    while end and text[end - 1] in " ,":
        end -= 1
    start = word_start(text, end)
    name = text[start:end]
    if len(name) < 3 or not is_name(name) or name in SUFFIXES or task_force(name):
        return None
    if not (name.endswith(SUFFIXES) or name in HOUSES):
        return None
    return Subject(start, end)


def _before_a_name(text: str, start: int, end: int) -> list[Subject]:
    """The company and the person of 三一重工李四: sure after a suffix; 宁德时代张伟 may be a company's name as a whole."""
    for length in (3, 2):
        cut = end - length
        if cut - start < 2 or text[cut] not in COMMON or not all(map(is_han, text[cut:end])):
            continue
        known = text[start:cut] in HOUSES or text[start:cut].isascii()
        if known or (text[start:cut].endswith(SUFFIXES) and text[start:cut] not in SUFFIXES):
            return [Subject(start, cut), Subject(cut, end, person=True, sure=True)]
        if cut - start > 3 and text[cut:end] not in HOUSES and text[start:cut] not in HOUSES:
            return [Subject(start, end, unclear=True, cut=cut)]
    return []


def _latin_after(line: Line, text: str, start: int) -> list[Subject]:
    """Capitalised words after met, visited, spoke to; a person's where they are followed by "of" and a company."""
    while text.startswith(" ", start):
        start += 1
    start += len(starts(text, start, _ARTICLES))
    end = _capitalised_end(line, text, start)
    if end - start < 2:
        return []
    words_said = text[start:end].split()
    of = starts(text, end, _OF)
    company_end = _capitalised_end(line, text, end + len(of)) if of else end
    if of and company_end > end + len(of):
        return [Subject(start, end, person=True, sure=True), Subject(end + len(of), company_end)]
    person = len(words_said) == 2 and not PINYIN_SURNAMES.isdisjoint(words_said)
    return [Subject(start, end, person=person, sure=person)]


def _capitalised_end(line: Line, text: str, start: int) -> int:
    end = index = start
    while index < len(text):
        word_end = index
        while word_end < len(text) and (
            (text[word_end].isascii() and text[word_end].isalnum())
            or text[word_end] in "&-'."
            or is_han(text[word_end])
        ):
            word_end += 1
        if word_end == index or not (line.plain[index].isupper() or is_digit(text[index]) or is_han(text[index])):
            break
        end = word_end
        index = word_end + 1 if text.startswith(" ", word_end) else len(text)
    return end + len(starts(text, end, _LEGAL_LATIN)) if end > start else end


def _before_arrival(text: str, word: str) -> list[Subject]:
    end = text.find(word)
    if end < 2:
        return []
    for group in GROUPS:
        if text[:end].endswith(group):
            end -= len(group)
    start = word_start(text, end)
    if text.startswith(")", end - 1) and (bracket := text.find("(", start, end)) > start:
        end = bracket
    name = text[start:end]
    if text.startswith("(", end) and looks_like_name(name):
        return [Subject(start, end, person=True, sure=True)]
    if has_double_surname(name):
        return [Subject(start, end, person=True, sure=True)]
    if not is_name(name) or (name[0] in COMMON and len(name) <= 3) or (name[0] in SURNAMES and len(name) == 2):
        return []
    return _before_a_name(text, start, end) or [
        Subject(start, end, person=name[:2] in DOUBLE_SURNAMES and looks_like_name(name))
    ]


def _by_suffix(text: str) -> list[Subject]:
    """…有限公司, …公司, from the last small word before it."""
    found = []
    for suffix in LEGAL:
        index = text.find(suffix)
        while index >= 0:
            end = index + len(suffix)
            start = word_start(text, index)
            for stop in _CUT_BEFORE:
                place = text.rfind(stop, start, index)
                while place >= start and is_inside(text, place):
                    place = text.rfind(stop, start, place)
                start = max(start, place + 1)
            while said := starts(text, start, _SAID_BEFORE):
                start += len(said)
            if (
                2 <= index - start <= LONGEST
                and not is_talk(text[start:index])
                and not text[start:end].startswith(_POINTING)
                and GAP not in text[start:end]
            ):
                found.append(Subject(start, end))
            index = text.find(suffix, end)
    return found
