"""Days told from today: 明天, 下周三, 本月15号, 明年3月, 下半年, 三天后, 两周内."""

from __future__ import annotations

from datetime import timedelta

from fieldkit.capture import dates, days, numbers, periods
from fieldkit.capture.moments import Day
from fieldkit.capture.text import Words, is_digit, skip_space, starts, word_in

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
LITERARY = frozenset({"今日", "明日", "昨日", "前日", "后日", "明儿", "今儿", "昨儿", "前儿", "后儿"})
HALF_DAYS = {"今": 0, "明": 1, "昨": -1, "后": 2, "前": -2, "当": 0}
"""First characters of 今晚, 明早, 昨夜: only before a part of the day."""
PARTS_AFTER = ("上午", "下午", "中午", "傍晚", "早", "晚", "夜", "晨", "凌晨")
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
WEEKS = ("星期", "礼拜", "周")
WEEKDAYS = {
    char: index for index, chars in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天末7")) for char in chars
}
_COUNTS = frozenset("每两几半一二三四五六七八九十逢隔0123456789")
BARE_ENDS = {
    "年内": "year",
    "月内": "month",
    "周内": "week",
    "季末": "quarter",
    "季度末": "quarter",
    "季度内": "quarter",
}
_NOT_AFTER = {
    "本": frozenset("资成日样版基根原书文剧"),
    "当": frozenset("应相适恰"),
    "次": frozenset("一二三四五六七八九十两几每多首层档名依"),
}
_MISREAD_BEFORE = {
    "后天": "今以之最先然往",
    "前天": "目以之提空从",
    "上": "晚早以之",
    "下": "以之",
    "前年": "以之",
    "后年": "以之今产成达营工产效用股市立",
    "今天": "",
    "来": "回往起近以",
}


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
    if word and not (start and text[start - 1] in _MISREAD_BEFORE.get(word, "")):
        by = DAYS[word]
        return Day(lambda ref, _back: _moved(ref, by), start + len(word), weak=2 if word in LITERARY else 1)
    by_half = HALF_DAYS.get(text[start])
    if by_half is None or not starts(text, start + 1, PARTS_AFTER) or text.startswith("会", start + 2):
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
    if not word or (start and text[start - 1] in _MISREAD_BEFORE.get(word, "")):
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
    if not prefix or (start and text[start - 1] in _NOT_AFTER.get(prefix, _MISREAD_BEFORE.get(prefix, ""))):
        return None
    by, index = PREFIXES[prefix], start + len(prefix)
    if text.startswith("工作日", index):
        return Day(lambda ref, _back: dates.one(days.working_days(ref, by)), index + 3) if by else None
    week = starts(text, index, WEEKS)
    if week:
        return _same_weekday(text, index + len(week), by) or _week_rest(text, index + len(week), by)
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
        return Day(lambda ref, _back: dates.one(days.day(ref.year, 12, 31)), end)
    if unit == "quarter":
        return Day(lambda ref, _back: days.days_of_month(ref.year, ref.month + (-ref.month % 3), 31, 31), end)
    if unit == "month":
        return Day(lambda ref, _back: days.days_of_month(ref.year, ref.month, 31, 31), end)
    return Day(lambda ref, _back: (days.week(ref)[1],) * 2, end)


def _same_weekday(text: str, index: int, by: int) -> Day | None:
    """下周今天, 上周的今天."""
    index += text.startswith("的", index)
    if not text.startswith(("今天", "今日"), index):
        return None
    return Day(lambda ref, _back: _moved(ref, 7 * by), index + 2)


def _week_rest(text: str, index: int, by: int) -> Day | None:
    """What can follow 本周, 下周: a weekday, weekdays, the weekend, the beginning or middle; with nothing, the week."""
    index = skip_space(text, index) if text[index + 1 : index + 2] in WEEKDAYS else index
    again = skip_space(text, index + text.startswith("的", index))
    again += len(starts(text, again, WEEKS))
    if text[again : again + 1] in WEEKDAYS and again - index >= 1:
        index = again
    word = text[index : index + 1]
    if text.startswith("六日", index):
        return Day(lambda ref, _back: _weekdays(ref, by, 5, 6), index + 2)
    if word == "末":
        return Day(lambda ref, _back: _weekdays(ref, by, 5, 6), index + 1, unit="week")
    if word in {"初", "中"}:
        first, last = (0, 1) if word == "初" else (2, 3)
        return Day(lambda ref, _back: _weekdays(ref, by, first, last), index + 1, unit="week")
    if word in WEEKDAYS and word:
        weekday, end = WEEKDAYS[word], index + 1
        last, end = _until_weekday(text, weekday, end)
        return Day(lambda ref, _back: _weekdays(ref, by, weekday, last), end)
    if starts(text, index, ("期", "边", "转", "报", "刊", "年", "岁", "长")):
        return None
    return Day(lambda ref, _back: days.week(ref, by), index, unit="week")


def _weekdays(ref: date, by: int, first: int, last: int) -> Span:
    monday = days.week(ref, by)[0]
    return monday + timedelta(first), monday + timedelta(last)


def another_weekday(text: str, start: int) -> Day | None:
    """The 三 of 周一、三、五, told from the day before it."""
    index = start + 1
    following = text[index + 1 : index + 2]
    if text[start : start + 1] not in {"、", "和"} or text[index : index + 1] not in WEEKDAYS or following.isdigit():
        return None
    if following in _COUNTS or following in {
        "点",
        "月",
        "号",
        "日",
        "天",
        "个",
        "家",
        "人",
        "期",
        "楼",
        "年",
        "亿",
        "万",
        "千",
        "百",
        "是",
        "要",
    }:
        return None
    there = WEEKDAYS[text[index]]
    return Day(
        lambda ref, _back: (ref + timedelta((there - ref.weekday()) % 7 or 7),) * 2,
        index + 1,
        open=True,
        unit="weekday",
    )


def _until_weekday(text: str, weekday: int, end: int) -> tuple[int, int]:
    """The end of 周一至五: the last weekday without its 周."""
    word = starts(text, end, dates.TO)
    char = text[end + len(word) : end + len(word) + 1] if word else ""
    last = WEEKDAYS.get(char, -1)
    following = text[end + len(word) + 1 : end + len(word) + 2]
    if (
        last > weekday
        and char not in {"天", "末"}
        and following not in {"点", "月", "时", "号", "日", "天", "个", "人"}
    ):
        return last, end + len(word) + 1
    return weekday, end


def _is_sunday(text: str, start: int) -> bool:
    """Whether 周天 is a day by itself, and not the end of 一周 or the beginning of a name."""
    alone = start + 2 >= len(text) or not text[start + 2].isalnum() or bool(starts(text, start + 2, PARTS_AFTER))
    return alone and (start == 0 or not text[start - 1].isalnum())


def weekday(text: str, start: int) -> Day | None:
    """周三, 星期天, 礼拜五, 周末, 周一至五: the coming one, never today; looking back, the last one."""
    unit = starts(text, start, WEEKS)
    index = start + len(unit)
    word = text[index : index + 1]
    if not unit or word not in WEEKDAYS or not word:
        return None
    if start and text[start - 1] in _COUNTS and text[max(0, start - 2) : start - 1] not in {"周", "期", "拜"}:
        return None
    if unit == "周" and (
        text[index + 1 : index + 2] in {"次", "天", "年"} or (word == "天" and not _is_sunday(text, start))
    ):
        return None
    if word == "末":
        return Day(
            lambda ref, back: days.nearest(ref, back, range(-2, 3), lambda by: _weekdays(ref, by, 5, 6)),
            index + 1,
            open=True,
            weak=2,
        )
    if is_digit(word) and index + 1 < len(text) and (is_digit(text[index + 1]) or text[index + 1] in ".,:%"):
        return None
    if text.startswith("六日", index):
        return Day(
            lambda ref, back: days.nearest(ref, back, range(-2, 3), lambda by: _weekdays(ref, by, 5, 6)),
            index + 2,
            open=True,
        )
    first = WEEKDAYS[word]
    last, end = _until_weekday(text, first, index + 1)

    def span(ref: date, back: bool) -> Span:
        gap = (ref.weekday() - first) % 7 or 7 if back else (first - ref.weekday()) % 7 or 7
        begin = ref + timedelta(-gap if back else gap)
        return begin, begin + timedelta(last - first)

    return Day(span, end, open=True, weak=1, unit="weekday")
