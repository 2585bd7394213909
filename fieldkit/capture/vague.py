"""Rough words for money and time: they are shown as understood in kind, with no value: 千万级, 一个多亿, 十几亿, 过几天, 近期."""

from __future__ import annotations

from fieldkit.capture import numbers
from fieldkit.capture.amounts import currency_at
from fieldkit.capture.text import Words

TIMES = Words("""
    改天 改日 择日 择机 近期 近日 最近 不久 不日 尽快 尽早 稍后 稍晚 回头 过几天 过些天 过些日子 过段时间 过一阵 几天后 几天内
    几周后 几个月后 数日后 十几天后 十来天 这几天 这两天 这阵子 过一会儿 一会儿 晚些时候 节前 节后 有空 抽空 下次 届时
""")
_ROUGH = frozenset("上数几多来余好")
_BETWEEN = frozenset("个近") | _ROUGH | numbers.STARTS - {"半"}
_LONGEST = 10


def money_end(text: str, start: int) -> int:
    """Where the rough amount beginning at `start` ends; 0 where none stands."""
    end, rough = start, False
    while end < len(text) and text[end] in _BETWEEN and end - start < _LONGEST:
        rough = rough or text[end] in _ROUGH
        end += 1
    scale = end
    while end < len(text) and text[end] in "万亿":
        end += 1
    if end in {scale, start}:
        return 0
    end += len(currency_at(text, end))
    graded = text.startswith("级", end)
    return end + graded if rough or graded else 0
