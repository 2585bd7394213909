"""Days told from today, and periods around it: 明天, 今晚, 次日, 下周三, 本月15号, 明年3月, 年内."""

from __future__ import annotations

from datetime import timedelta

from fieldkit.capture import dates, days, numbers, periods, weekdays
from fieldkit.capture.moments import Day
from fieldkit.capture.text import Words, skip_space, starts, word_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from fieldkit.capture.days import Span
    from fieldkit.capture.moments import MonthPicker

DAYS = {
    "大大后天": 4, "大后天": 3, "大后日": 3, "大后儿": 3, "后天": 2, "后日": 2, "后儿个": 2, "后儿": 2, "明天": 1, "明日": 1, "明儿个": 1, "明儿": 1,
    "今天": 0, "今日": 0, "今儿个": 0, "今儿": 0, "昨天": -1, "昨日": -1, "昨儿个": -1, "昨儿": -1, "前天": -2, "前日": -2, "前儿个": -2, "前儿": -2,
    "大前天": -3, "大前儿": -3, "大大前天": -4,
}  # fmt: skip
LITERARY = frozenset({"今日", "明日", "昨日", "前日", "后日"})
HALF_DAYS = {"今": 0, "明": 1, "昨": -1, "后": 2, "前": -2, "当": 0}
"""First characters of 今晚, 明早, 昨夜: only before a part of the day."""
DAY_SPANS = {
    "今明两天": (0, 1),
    "今明两日": (0, 1),
    "今明": (0, 1),
    "明后两天": (1, 2),
    "明后天": (1, 2),
    "明后两日": (1, 2),
    "今明后三天": (0, 2),
}
NEXT_DAYS = {"次日": 1, "第二天": 1, "翌日": 1, "隔天": 1, "隔日": 1, "当天": 0, "当日": 0, "同日": 0, "第三天": 2}
"""Days told from the one named before in the line."""
FROM_TODAY = frozenset({"次日", "翌日", "隔天", "隔日"})
"""Those of them that, with none named before, are told from today."""
PREFIXES = {
    "下下下个": 3, "下下下": 3, "下下个": 2, "下下": 2, "下一个": 1, "下个": 1, "下一": 1, "下": 1, "次": 1, "来": 1, "上上上": -3, "上上个": -2,
    "上上": -2, "上一个": -1, "上个": -1, "上一": -1, "上": -1, "本": 0, "这个": 0, "这一": 0, "这": 0, "当": 0, "头": -1,
}  # fmt: skip
YEARS = {
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "来年": 1,
    "次年": 1,
    "后年": 2,
    "大后年": 3,
    "去年": -1,
    "上年": -1,
    "前年": -2,
    "大前年": -3,
    "下一年": 1,
    "上一年": -1,
}
_PREFIX_WORDS = Words(PREFIXES)
_SKY = Words("天然气 天然橡 天然药 天津 天使 天猫 天麻 天下科技 天会更好 天天")
"""What 天 belongs to after 明 or 后: 说明天然气价格, 签约后天津公司派人来."""
_YEARLY = Words("产 税 纳 营 销售 收入 利 均 新增 贡献 用电 用水 用能 处理 加工 可 实现 出口 综合 耗 产能 度")
"""What 年 belongs to after 后: 达产后年产值."""
BARE_ENDS = {
    "年内": "year",
    "月内": "month",
    "周内": "week",
    "季末": "quarter",
    "季度末": "quarter",
    "季度内": "quarter",
}
_ENDS_A_WORD = {
    "本": "资成日样版基根原书文剧",
    "当": "应相适恰",
    "次": "一二三四五六七八九十两几每多首层档名依",
    "后天": "今以之最先然往",
    "前天": "目以之提空",
    "上": "晚早以之",
    "下": "以之",
    "前年": "以之",
    "后年": "以之今产成达营工效用股市立",
    "来": "回往起近以",
}
"""Word → the characters before it with which it is the end of another word: 资本, 适当, 晚上, 以前年."""


def told_day(text: str, start: int) -> Day | None:
    """明天, 大后天, 今(晚), 明后两天."""
    word = word_in(text, start, DAY_SPANS, 5)
    if word:
        first, last = DAY_SPANS[word]
        return Day(lambda ref, _back: (ref + timedelta(first), ref + timedelta(last)), start + len(word))
    word = word_in(text, start, DAYS, 4)
    if (
        word.endswith("天")
        and _SKY.at(text, start + len(word) - 1)
        and not text.startswith("天天气", start + len(word) - 1)
    ):
        return None
    if word and not (start and text[start - 1] in _ENDS_A_WORD.get(word, "")):
        by = DAYS[word]
        return Day(lambda ref, _back: _moved(ref, by), start + len(word), weak=2 if word in LITERARY else 1)
    by_half = HALF_DAYS.get(text[start])
    if by_half is None or not starts(text, start + 1, weekdays.PARTS_AFTER) or text.startswith("会", start + 2):
        return None
    if text[start] in "后前当" and text[start + 1] not in "上下晚":
        return None
    return Day(lambda ref, _back: _moved(ref, by_half), start + 1, weak=1)


def next_day(text: str, start: int) -> Day | None:
    """次日, 当天: told from the day named before."""
    word = word_in(text, start, NEXT_DAYS, 3)
    by = NEXT_DAYS.get(word, 0)
    if not word:
        return None
    told = word not in FROM_TODAY
    return Day(lambda ref, _back: _moved(ref, by), start + len(word), open=True, weak=1 if told else 2, told=told)


def _moved(ref: date, by: int) -> Span:
    there = ref + timedelta(by)
    return there, there


def told_period(text: str, start: int) -> Day | None:
    """本周三, 下下周, 上个月15号, 这个月底, 下季度, 明年3月, 今年底, 年内."""
    return _told_year(text, start) or _prefixed(text, start) or _bare_end(text, start)


def _told_year(text: str, start: int) -> Day | None:
    word = word_in(text, start, YEARS, 3)
    if not word or (start and text[start - 1] in _ENDS_A_WORD.get(word, "")):
        return None
    if word == "后年" and _YEARLY.at(text, start + 2):
        return None
    by = YEARS[word]
    index = skip_space(text, start + len(word))
    index += text.startswith("的", index)
    day = dates.year_rest(text, index, lambda ref, _back, span_of: span_of(ref.year + by))
    return day if day and day.end > index else dates.whole_year(start + len(word), lambda ref: ref.year + by)


def _prefixed(text: str, start: int) -> Day | None:
    prefix = _PREFIX_WORDS.at(text, start)
    if not prefix or (start and text[start - 1] in _ENDS_A_WORD.get(prefix, "")):
        return None
    by, index = PREFIXES[prefix], start + len(prefix)
    if text.startswith("工作日", index):
        return Day(lambda ref, _back: days.one(days.working_days(ref, by)), index + 3) if by else None
    week = starts(text, index, weekdays.WEEKS)
    if week:
        return weekdays.week_rest(text, index + len(week), by)
    month: MonthPicker = lambda ref, _back, span_of: span_of(*days.shift_month(ref.year, ref.month, by))  # noqa: E731
    if text.startswith("月", index) and not text.startswith("月季", index):
        return dates.month_rest(text, index + 1, month, fixed=True)
    if text.startswith("季度", index):
        return periods.quarter_rest(
            text,
            index + 2,
            lambda ref, _back, span_of: span_of(*days.shift_month(ref.year, ref.month - (ref.month - 1) % 3, 3 * by)),
            fixed=True,
        )
    part = periods.OF_MONTH.get(text[index : index + 2])
    if prefix in {"本", "这个"} and part and text.startswith("旬", index + 1):
        return Day(
            lambda ref, back: month(ref, back, lambda y, m: days.days_of_month(y, m, *part)), index + 2, unit="part"
        )
    return None


def _bare_end(text: str, start: int) -> Day | None:
    word = word_in(text, start, BARE_ENDS, 3)
    if (
        not word
        or (start and text[start - 1] in numbers.STARTS)
        or text[start - 1 : start] in {"两", "几", "下", "上", "本", "该", "当", "个"}
    ):
        return None
    unit, end = BARE_ENDS[word], start + len(word)
    if unit == "year":
        return Day(lambda ref, _back: days.one(days.day(ref.year, 12, 31)), end)
    if unit == "quarter":
        return Day(lambda ref, _back: days.days_of_month(ref.year, ref.month + (-ref.month % 3), 31, 31), end)
    if unit == "month":
        return Day(lambda ref, _back: days.days_of_month(ref.year, ref.month, 31, 31), end)
    return Day(lambda ref, _back: (days.week(ref)[1],) * 2, end)
