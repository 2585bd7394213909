"""Values told to people, in Chinese and English."""

from datetime import date, datetime

import pytest

from fieldkit import i18n
from fieldkit.capture import read
from fieldkit.replication.status import Status
from fieldkit.tui import words
from fieldkit.tui.status_words import status_words
from fieldkit.tui.widgets.chips import chips_of

TODAY = date(2026, 11, 23)
NOW = datetime.fromisoformat("2026-11-23T15:02:03+08:00")


def millis(text):
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-11-23", "今天"),
        ("2026-11-24", "明天"),
        ("2026-11-22", "昨天"),
        ("2026-12-02", "12-02 周三"),
        ("2027-01-05", "2027-01-05"),
        ("someday", "someday"),
    ],
)
def test_days_near_today_have_names(day, told):
    assert words.day_words(day, TODAY) == told


@pytest.mark.parametrize(
    ("mention", "told"),
    [
        ("2026-12-02", "12-02 周三"),
        ("2026-11-22T15:00", "昨天 15:00"),
        ("2026-11-30/2026-12-06", "11-30 周一 – 12-06 周日"),
        ("2026-12-03T19:00/2026-12-04", "12-03 周四 19:00 – 12-04 周五"),
    ],
)
def test_times_that_were_read_are_told_like_days(mention, told):
    assert words.mention_words(mention, TODAY) == told


def test_an_overdue_day_says_by_how_much():
    assert words.due_words("2026-11-20", TODAY) == "逾期 3 天"
    assert words.due_words("2026-11-23", TODAY) == "今天"
    assert words.due_words("", TODAY) == "未定日期"


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-11-23T06:06:00+00:00", "14:06"),
        ("2026-11-17T06:05:00+00:00", "周二 14:05"),
        ("2026-11-01T06:05:00+00:00", "11-01 14:05"),
    ],
)
def test_instants_are_told_in_the_laptops_time(moment, told):
    assert words.instant_words(moment, NOW) == told


def test_the_status_line_tells_what_waits_and_since_when():
    i18n.use_language("en")
    waiting = Status(12, millis("2026-11-17T14:05:00+08:00"), 0, 0, 0, None, "never", "")
    assert status_words(waiting, NOW) == ("12 not yet sent, oldest Tue 14:05", "$accent")
    confirmed = Status(0, None, 0, 0, 0, millis("2026-11-23T14:06:00+08:00"), "done", "")
    assert status_words(confirmed, NOW) == ("centre confirmed at 14:06", "$success")
    refused = Status(1, millis("2026-11-23T14:06:00+08:00"), 0, 2, 1, None, "rejected", "")
    assert status_words(refused, NOW)[0] == "2 refused · 1 conflict · 1 not yet sent, oldest 14:06"
    assert status_words(Status(0, None, 0, 0, 0, None, "never", ""), NOW)[0] == "nothing to send yet"


def test_chips_tell_what_was_understood():
    line = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"
    told = [(chip.label, chip.value) for chip in chips_of(read(line, NOW), TODAY)]
    assert ("企业", "宁德时代") in told
    assert ("联系人", "张伟") in told
    assert ("金额", "2.5亿元") in told
    assert ("下次", "12-02 周三 回访") in told


def test_chips_tell_times_of_day_and_each_amount_in_its_currency():
    line = "昨天下午3点拜访宁德时代,投资1.2亿,注册资本500万美元,明天上午10点签约"
    assert [(chip.label, chip.value) for chip in chips_of(read(line, NOW), TODAY)] == [
        ("日期", "昨天 15:00"),
        ("企业", "宁德时代"),
        ("金额", "1.2亿元"),
        ("金额", "500万美元"),
        ("下次", "明天 10:00 签约"),
    ]


def test_a_credit_code_is_shown_and_one_that_fails_its_check_is_a_guess():
    told = {chip.value: chip for chip in chips_of(read("91350900587527783P 信用代码 91350900587527783Q", NOW), TODAY)}
    assert told["91350900587527783P"].label == "统一社会信用代码"
    assert (told["91350900587527783P"].sure, told["91350900587527783Q"].sure) == (True, False)


def test_what_has_two_readings_shows_its_candidates():
    chips = chips_of(read("拜访王总，下周回访，投资3到5", NOW), TODAY)
    for chip in chips:
        assert chip.sure or len(chip.candidates) <= 3
