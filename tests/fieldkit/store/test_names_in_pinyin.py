"""Names found by the whole of their pinyin, whatever readings their characters have."""

from __future__ import annotations

import pytest

from fieldkit.store import pinyin, search, spoken


def find(reader, query):
    return [row["title"] for row in search.find(reader, query)]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("长鑫存储技术有限公司", "changxincunchu cxccjs cxcc"),
        ("长安汽车", "changanqiche caqc"), ("长城汽车股份有限公司", "changchengqiche changchengqichegufen"),
        ("长江存储科技有限责任公司", "changjiangcunchu"), ("重庆啤酒", "chongqingpijiu"),
        ("重庆长安汽车股份有限公司", "chongqingchangan chongqingchang cqchangan changanqiche cqcaqcgf"),
        ("长沙中联重科", "changshazhonglian"), ("厦门钨业股份有限公司", "xiamenwuye"), ("长春一汽富维", "changchunyiqi"),
        ("六安江淮电机", "luanjianghuai"), ("番禺珠江钢管", "panyuzhujiang"), ("中国银行", "zhongguoyinhang"),
        ("台州银行", "taizhouyinhang"), ("都市丽人", "dushiliren"), ("单县蓝天药业", "shanxianlantian"),
        ("会稽山绍兴酒", "kuaijishanshaoxing"), ("铅山单乐重工", "yanshanshanlezhong yanshandanlechong"),
    ],
)  # fmt: skip
def test_a_company_is_found_by_as_much_of_its_pinyin_as_is_typed(reader, put, name, typed):
    put("companies", name=name)
    missed = [word for word in typed.split() if not find(reader, word)]
    assert missed == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单长生", "shanchangsheng shanchang scs danzhangsheng"), ("解长春", "xiechangchun xcc"), ("仇长贵", "qiuchanggui qcg"),
        ("查长安", "zhachangan zca chachangan"), ("盖长青", "gechangqing"), ("朴重乐", "piaochongle puzhongyue"),
        ("尉迟长安", "yuchichangan yuchizhangan"),
    ],
)  # fmt: skip
def test_a_person_is_found_by_every_combination_of_readings(reader, put, name, typed):
    put("contacts", name=name)
    assert [word for word in typed.split() if not find(reader, word)] == []


@pytest.mark.parametrize("place", range(16))
def test_any_one_character_of_a_long_name_may_be_read_otherwise(reader, put, place):
    name = "长乐重行单解查盖朴区曾仇都会乐长"
    put("leads", title=name)
    usual = pinyin.sequences(name, spoken.told(name, person=False))[0]
    other = pinyin.readings(name[place])[1][-1]
    typed = [*usual[:place], other, *usual[place + 1 :]]
    spans = [typed[max(0, place - before) : place + 4 - before] for before in range(4)]
    assert [span for span in spans if not find(reader, "".join(span))] == []


def test_what_resembles_a_name_but_for_its_end_is_not_found(reader, put):
    put("companies", name="长鑫一地义和李二河")
    assert find(reader, "changxinyidiyiheliyihe") == []
    assert find(reader, "changxinyidiyiheliersha") == []
    assert find(reader, "changxinyidiyihelierhe") != []
