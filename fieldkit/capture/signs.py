"""What `@`, `#` and `!` mark: a person, a task force or tag, a mode or stage."""

from __future__ import annotations

from fieldkit.capture.freestanding import FOLLOWERS
from fieldkit.capture.people import (
    DOUBLE_SURNAMES,
    POST_WORDS,
    POSTS,
    SHORT_POSTS,
    STOPS,
    SURNAMES,
    Found,
    looks_like_name,
)
from fieldkit.capture.text import GAP, is_digit, is_han, is_latin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fieldkit.capture.text import Line

MODES = {
    "上门": "on-site", "上门招商": "on-site", "on-site": "on-site", "onsite": "on-site", "驻点": "stationed", "驻点招商": "stationed", "驻地": "stationed",
    "stationed": "stationed", "委托": "entrusted", "委托招商": "entrusted", "entrusted": "entrusted", "以商招商": "by-investors", "以商": "by-investors",
    "by-investors": "by-investors",
}  # fmt: skip
SPOKEN_MODES = {
    "上门招商": "on-site", "驻点招商": "stationed", "委托招商": "entrusted", "以商招商": "by-investors", "上门拜访": "on-site", "上门洽谈": "on-site",
    "上门对接": "on-site", "登门拜访": "on-site",
}  # fmt: skip
"""Words of the line itself that tell the mode."""
STAGES = {
    "线索": "lead", "lead": "lead", "洽谈": "talks", "在谈": "talks", "talks": "talks", "准入": "admitted", "admitted": "admitted", "签约": "signed", "signed": "signed",
    "落地": "landed", "landed": "landed", "开工": "started", "started": "started", "纳统": "counted", "入统": "counted", "counted": "counted", "投产": "producing",
    "producing": "producing", "达产": "at-capacity", "at-capacity": "at-capacity", "搁置": "shelved", "暂缓": "shelved", "shelved": "shelved", "终止": "lost",
    "流失": "lost", "lost": "lost",
}  # fmt: skip
TASK_FORCES = {
    "tcm-health": ("现代中医药及大健康", "现代中医药", "中医药", "中药", "医药", "大健康", "医药健康", "医疗健康", "中医药大健康", "tcm"),
    "culture-tourism": ("文化旅游创意", "文化旅游", "文旅", "文旅创意", "旅游", "文创", "tourism"),
    "green-food": ("绿色食品", "食品", "农产品", "白酒", "food"),
    "new-energy-materials": ("新能源和新材料", "新能源新材料", "新能源", "新材料", "光伏", "储能", "锂电", "动力电池", "newenergy", "energy"),
    "vehicles-equipment": ("汽车(农机、环卫)装备制造", "汽车农机环卫装备制造", "汽车装备制造", "装备制造", "汽车", "装备", "农机", "环卫", "高端装备", "vehicles"),
    "green-assembly": ("绿色装配", "装配式", "装配式建筑", "绿色建筑", "绿色建材"),
    "environment": ("节能环保", "环保", "节能", "environment"),
    "light-textile": ("轻纺", "纺织", "服装", "轻工", "纺织服装", "textile"),
    "digital": ("数字经济", "数字", "大数据", "人工智能", "软件", "互联网"),
    "electronics": ("电子信息", "电子", "半导体", "集成电路", "芯片"),
}  # fmt: skip
"""Task force → its name and the tags that mean it."""
_BY_TAG = {alias: code for code, aliases in TASK_FORCES.items() for alias in (code, *aliases)}
_ENDS = frozenset(" \n\r,;。、!?:()[]{}<>《》「」“”\"'@#|/" + GAP)
"""What ends a marked word."""
_LONGEST_NAME = 4
"""Chinese characters in a name after @ with which a post may stand: 张伟总经理 has more and is no sentence."""


class Sign:
    """A marked word: which sign, the span with the sign, and the span of the word alone."""

    __slots__ = ("end", "mark", "start", "word")

    def __init__(self, mark: str, start: int, end: int, word: str) -> None:
        self.mark = mark
        self.start = start
        self.end = end
        self.word = word


def task_force(tag: str) -> str | None:
    """The code of the task force that a folded tag means: 新能源, 新能源专班, new-energy-materials."""
    for ending in ("产业招商组", "产业专班", "招商组", "专班", "产业"):
        if tag.endswith(ending) and tag[: -len(ending)] in _BY_TAG:
            return _BY_TAG[tag[: -len(ending)]]
    return _BY_TAG.get(tag)


def find_signs(text: str) -> list[Sign]:
    """Every `#` and `!` with its word; a `!` counts before a mode or stage only (it ends sentences too)."""
    found = []
    index = 0
    while (index := _next_sign(text, index)) >= 0:
        end = index + 1
        while end < len(text) and text[end] not in _ENDS:
            end += 1
        sign = _known_word(text, index) if text[index] == "!" else _tag(text, index, end)
        if sign:
            found.append(sign)
        index = sign.end if sign else index + 1
    return found


def _next_sign(text: str, start: int) -> int:
    places = [place for place in (text.find("#", start), text.find("!", start)) if place >= 0]
    return min(places, default=-1)


def _tag(text: str, start: int, end: int) -> Sign | None:
    if end == start + 1 or (start and (is_digit(text[start - 1]) or is_latin(text[start - 1]))):
        return None
    closed = end + 1 if text.startswith("#", end) and (end + 1 == len(text) or text[end + 1] in _ENDS) else end
    return Sign("#", start, closed, text[start + 1 : end])


def _known_word(text: str, start: int) -> Sign | None:
    for length in (12, 11, 9, 8, 7, 6, 5, 4, 3, 2):
        word = text[start + 1 : start + 1 + length]
        if len(word) == length and (word in MODES or word in STAGES):
            return Sign("!", start, start + 1 + length, word)
    return None


def signed(line: Line) -> list[Found]:
    """Everyone marked with `@`; a Latin name may have several capitalised words. Mail addresses are not people."""
    found = []
    text = line.folded
    start = text.find("@")
    while start >= 0:
        end = _signed_end(line.plain, start + 1)
        lead = len(POST_WORDS.at(text, start + 1))
        if lead > 1 and looks_like_name(text[start + 1 + lead : end]):
            found.append(Found(start, end, start + 1 + lead, end, text[start + 1 : start + 1 + lead]))
        elif end > start + 1 and not (start and (is_latin(text[start - 1]) or text[start - 1].isdigit())):
            post = _post_of(text[start + 1 : end])
            kept = 0 if end - start - 1 - len(post) < 2 else len(post)
            found.append(Found(start, end, start + 1, end - kept, post))
            if text[end : end + 1] in {"和", "与", "及"} and (second := _second_signed(line.plain, end + 1)):
                found.append(second)
                end = second.end
        start = text.find("@", max(end, start + 1))
    return found


def _second_signed(plain: str, start: int) -> Found | None:
    """The 李刚 of @王强和李刚."""
    end = _signed_end(plain, start)
    return Found(start, end, start, end, "") if looks_like_name(plain[start:end]) else None


def _signed_end(plain: str, start: int) -> int:
    end = start
    while end < len(plain) and plain[end] not in _ENDS and not plain[end].isdigit():
        end += 1
    if end == start + 1 and _is_spaced_out(plain, start):
        return end + 2
    if end - start > _LONGEST_NAME and all(map(is_han, plain[start:end])):
        end = _cut_name(plain, start, end)
    while end < len(plain) and plain[end] == " " and is_latin(plain[end - 1]) and plain[end + 1 : end + 2].isupper():
        end += 1
        while end < len(plain) and (is_latin(plain[end]) or plain[end] in "-'."):
            end += 1
    return end


def _is_spaced_out(plain: str, start: int) -> bool:
    """Whether a name of two characters is written with a blank between them, as lists of names are: 张 伟."""
    given, following = plain[start + 2 : start + 3], plain[start + 3 : start + 4]
    apart = plain[start] in SURNAMES and plain[start + 1 : start + 2] == " " and given not in STOPS
    return apart and is_han(given or " ") and not is_han(following or " ")


def _cut_name(plain: str, start: int, end: int) -> int:
    """Where the name ends in @张天任在芜湖碰面, whose sentence goes on without a space."""
    for length in (4, 3) if plain[start : start + 2] in DOUBLE_SURNAMES else (3, 2):
        cut = start + length
        if cut >= end:
            continue
        if plain[cut] in STOPS or FOLLOWERS.at(plain, cut):
            return cut
    return end


def _post_of(name: str) -> str:
    """The post in 张伟总经理 and 王总."""
    return next(
        (
            post
            for post in POSTS
            if name.endswith(post) and len(name) > len(post) and (post not in SHORT_POSTS or len(name) < 4)
        ),
        "",
    )
