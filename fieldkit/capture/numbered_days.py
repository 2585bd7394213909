"""Days by their number in the month: 3号, 28日, 3-5号, 3、4号, and the 3 of 12月3; numbers of houses and documents are none."""

from __future__ import annotations

from fieldkit.capture import days, numbers, periods
from fieldkit.capture.moments import Day
from fieldkit.capture.offsets import FROM_ELSEWHERE
from fieldkit.capture.text import Words, skip_space, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fieldkit.capture.days import Span
    from fieldkit.capture.moments import MonthPicker

_NOT_DAY_NUMBER = Words("""
    食堂 厂 楼 线 机 院 门 口 地 仓 库 井 路 产品 文 令 公告 桥 馆 展 会议室 窗 码 召 称 基地 项目 园 桌 炉 泵
    包间 包厢 位 出口 航站 厅 房 栋 幢 座 室 店 站 台 柜 摊 公馆 公路 高炉 矿 坑 船 舱 塔 段 标 电池 员工 首长 人物
    种子 字 牌 汽油 柴油 专班 客户 泊位 会议厅 选手 病房 病区 组 队 产线 生产线 车 议题 问题
""")
_NOT_DAY = Words("游 均 产 常 元 本 报 企 资 系 式 语 化 处理 用 程 照 夜 韩 方")
_LONGEST_LIST = 12
_DAY_ALL_THE_SAME = Words("报到 报名 报送 报告 报价 报批 报备 报销 本地 本人 用餐 资料 方案 方便")
_STREET_BEFORE = frozenset("月路街道巷弄厦座号栋幢区编第牌房楼村组园院期")


def day_first(text: str, start: int) -> Day | None:
    """3号, 28日, 3-5号, 中旬: month and year are left open."""
    if start and (text[start - 1] in _STREET_BEFORE or _after_year_in_brackets(text, start)):
        return None
    if (
        start
        and text[start - 1] in FROM_ELSEWHERE
        and text.startswith(("日内", "日之内"), numbers.digits_end(text, start))
    ):
        return None
    return (
        periods.bare_part_of_month(text, start)
        or day_of_month(text, start, days.in_month, fixed=False)
        or _day_before_day(text, start)
    )


def day_of_month(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    """3号, 3日, 3-5号."""
    found = numbers.whole(text, start)
    if found is None or not 1 <= found[0] <= 31 or found[1] - start > 3:
        return None
    first, index = found
    last, index = _second_day(text, first, index)
    index = skip_space(text, index)
    sign = text[index : index + 1]
    if sign not in {"号", "日"}:
        return None
    if (_NOT_DAY_NUMBER if sign == "号" else _NOT_DAY).at(text, index + 1) and not _DAY_ALL_THE_SAME.at(
        text, index + 1
    ):
        return None
    if sign == "号" and text[index + 1 : index + 2] in {"、", "和", "及"} and _is_listed_number(text, index + 2):
        return None

    def span_of(year: int, month: int) -> Span | None:
        begin, end = days.day(year, month, first), days.day(year, month, last)
        return (begin, end) if begin and end else None

    return Day.picked(pick, span_of, index + 1, fixed=fixed)


def _second_day(text: str, first: int, index: int) -> tuple[int, int]:
    """The end of 3-5号, 3至5日, 3号到5号 when the month stands before it only once."""
    after_sign = index + (text[index : index + 1] in {"号", "日"})
    word = starts(text, after_sign, numbers.TO)
    second = numbers.whole(text, after_sign + len(word)) if word else None
    if second and first < second[0] <= 31 and text[second[1] : second[1] + 1] in {"号", "日"}:
        return second
    return first, index


def _is_listed_number(text: str, start: int) -> bool:
    """Whether the 5号楼 of 3号、5号楼 stands at `start`, after others of the list perhaps."""
    for _item in range(_LONGEST_LIST):
        found = numbers.whole(text, start)
        if found is None or not text.startswith("号", found[1]):
            return False
        after = found[1] + 1
        if text[after : after + 1] not in {"、", "和", "及"}:
            return bool(_NOT_DAY_NUMBER.at(text, after)) and not _DAY_ALL_THE_SAME.at(text, after)
        start = after + 1
    return False


def listed_day(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    """The 3 of 12月3,4日 and 12月3、4日."""
    end = numbers.digits_end(text, start)
    if not 1 <= end - start <= 2 or text[end : end + 1] not in {"、", ","}:
        return None
    number, last = int(text[start:end]), numbers.digits_end(text, end + 1)
    if (
        not 1 <= last - end - 1 <= 2
        or text[last : last + 1] not in {"日", "号"}
        or not 1 <= number < int(text[end + 1 : last])
    ):
        return None
    return Day.picked(pick, lambda year, month: days.one(days.day(year, month, number)), end, fixed=fixed)


def bare_day(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    """The day in 12月3 without its 号, in digits only: 八月十五 may be a lunar date."""
    end = numbers.digits_end(text, start)
    if not 1 <= end - start <= 2 or not numbers.at_boundary_after(text, end):
        return None
    number = int(text[start:end])
    return Day.picked(pick, lambda year, month: days.one(days.day(year, month, number)), end, fixed=fixed)


def _day_before_day(text: str, start: int) -> Day | None:
    """The 3 of 3、4号."""
    first = numbers.whole(text, start)
    if first is None or text[first[1] : first[1] + 1] not in {"、", ","} or not 1 <= first[0] <= 31:
        return None
    if text[first[1]] == "," and numbers.digits_end(text, start) == start:
        return None
    number, end = first
    if day_of_month(text, end + 1, days.in_month, fixed=False) is None:
        return None
    return Day.picked(days.in_month, lambda year, month: days.one(days.day(year, month, number)), end, fixed=False)


def _after_year_in_brackets(text: str, start: int) -> bool:
    """Whether the number is that of a document: 皖政〔2026〕12号."""
    return text[start - 1] in "〕])】" and numbers.digits_end(text, max(0, start - 5)) == start - 1
