"""Projects named in a line: 动力电池包项目, 项目名称:十月稻田, battery pack project."""

from __future__ import annotations

from fieldkit.capture.text import GAP, Words, is_digit, is_han, is_latin, phrases, word_start, words

Span = tuple[int, int]
"""Where a title begins and ends in the folded text."""

_LEADING = Words("""
    关于 洽谈 谈 推进 对接 了解 讨论 介绍 推介 跟进 沟通 聊 就 其 将 把 投资 投建 建设 拟建 新建 汇报 考察 看 的 了 过
    推荐 委托 签约 签订 落地
""")
_GENERIC = frozenset(
    words("""
    项目 该项目 本项目 此项目 这个项目 那个项目 新项目 老项目 一个项目 两个项目 几个项目 重点项目 招商项目 投资项目 我们项目
    他们项目 大项目 小项目 合作项目 二期项目 一期项目 三期项目 工业项目 亿元项目 意向项目 在谈项目 签约项目 产业项目 有项目
    没有项目 所有项目 各项目 相关项目 类似项目 储备项目
    """)
)
_NOT_TITLES = frozenset("部组制书化经负进已是有上")
_LABELS = ("项目名称:", "项目名称", "项目:", "project:")
_ENGLISH_LEADS = phrases("the , about , on , for , a , an , new , their , discussed , discuss , of ")


def find(text: str) -> list[Span]:
    """The titles in the masked text.

    A title is what a label names (项目名称:…), else the stretch up to and with 项目 since the last space, mark, or verb of
    talking; what says nothing by itself (该项目, 二期项目, 3个项目) is no title. In English the words up to "project".
    """
    labelled = _labelled(text)
    if labelled:
        return [labelled]
    found = []
    index = text.find("项目")
    while index >= 0:
        start, end = _start(text, index), index + 2
        following = text[end : end + 1]
        if (
            text[start:end] not in _GENERIC
            and index - start >= 2
            and following not in _NOT_TITLES
            and not is_digit(following or " ")
        ):
            found.append((start, end))
        index = text.find("项目", end)
    return found or _english(text)


def _start(text: str, index: int) -> int:
    """Past the last verb of talking before 项目; a verb's single character counts at the beginning only (谈, 看)."""
    start = word_start(text, index)
    for place in range(start, index):
        word = _LEADING.at(text[:index], place)
        if word and (place <= start or len(word) > 1 or word in {"的", "了"}):
            start = place + len(word)
    return start


def _labelled(text: str) -> Span | None:
    for label in _LABELS:
        index = text.find(label)
        if index < 0:
            continue
        start = index + len(label)
        while start < len(text) and text[start] in " :":
            start += 1
        end = start
        while end < len(text) and (is_han(text[end]) or is_latin(text[end]) or is_digit(text[end])):
            end += 1
        if end - start >= 2:
            return start, end
    return None


def _english(text: str) -> list[Span]:
    end = text.find(" project")
    if end < 0 or is_latin(text[end + 8 : end + 9] or " "):
        return []
    start = end
    while (
        start
        and text[start - 1] != GAP
        and (is_latin(text[start - 1]) or is_digit(text[start - 1]) or text[start - 1] in " -")
    ):
        start -= 1
    for lead in _ENGLISH_LEADS:
        while (place := text.find(lead, start, end)) >= 0 and (place == start or text[place - 1] == " "):
            start = place + len(lead)
    while start < end and text[start] == " ":
        start += 1
    return [(start, end + 8)] if end - start >= 2 else []
