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


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("宁德时代新能源科技股份有限公司", "ningdeshidaixinnengyuankejigufenyouxiangongsi"),
        ("长鑫存储技术有限公司", "changxincunchujishuyouxiangongsi"),
        ("西安电气先进材料有限公司", "xiandianqixianjincailiaoyouxiangongsi"),
        ("吉安新能源轨道交通集团有限公司", "jianxinnengyuanguidaojiaotongjituanyouxiangongsi"),
    ],
)
def test_typing_more_of_a_name_never_loses_it(reader, put, name, typed):
    put("companies", name=name)
    assert [typed[:end] for end in range(2, len(typed) + 1) if not find(reader, typed[:end])] == []


def test_a_name_longer_than_what_is_looked_for_is_found_too(reader, put):
    put("companies", name="安徽涡阳高新技术产业开发区建设投资集团有限公司")
    assert find(reader, "anhuiguoyanggaoxinjishuchanyekaifaqujianshetouzijituanyouxiangongsi") != []


@pytest.mark.parametrize("place", range(16))
def test_any_one_character_may_be_read_otherwise_in_the_whole_of_a_long_name(reader, put, place):
    name = "乐山区会乐山区会乐山区会乐山区会"
    put("leads", title=name)
    usual = pinyin.sequences(name)[0]
    typed = [*usual[:place], pinyin.readings(name[place])[1][-1], *usual[place + 1 :]]
    assert find(reader, "".join(typed)) == [name]


def test_names_that_differ_at_their_end_are_told_apart(reader, put):
    put("companies", name="宁德时代新能源科技北方中心")
    assert find(reader, "ningdeshidaixinnengyuankejibeifangzhongxin") != []
    assert find(reader, "ningdeshidaixinnengyuankejinanfangzhongxin") == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        (
            "58同城信息技术有限公司",
            "58tongcheng 58to 58tcxx 58tcxxjsyxgs 58tongchengxinxijishuyouxiangongsi 8tongcheng",
        ),
        ("3M中国有限公司", "3mzhongguo 3mzhong 3mzg 3mzhongguoyouxiangongsi"),
        ("360安全研究院", "360anquan 360aq 360anquanyanjiuyuan"),
        ("新华三H3C技术", "xinhuasanh3c sanh3cjishu h3cjs"),
        ("TCL电子控股股份有限公司", "tcldianzi tcldianzikonggugufenyouxiangongsi"),
    ],
)
def test_digits_and_latin_letters_of_a_name_are_typed_as_they_are(reader, put, name, typed):
    put("companies", name=name)
    put("companies", name="宁德同城", uscc="91350900587527783P")
    for word in typed.split():
        (found,) = search.find(reader, word)
        assert (found["title"], found["match"]["field"]) == (name, "name"), word


def test_digits_of_a_name_count(reader, put):
    put("companies", name="58同城信息")
    assert [typed for typed in ("59tongcheng", "58chengtong", "158tongcheng", "58tcxy") if find(reader, typed)] == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("吕梁女娲旅游", "lüliang lyuliang luliang lvliang lü lv lyu nüwa nvwa nuwa nyuwa nvwalüyou LÜLIANG"),
        ("战略", "zhanlüe zhanlve zhanlue zhanlyue"),
        ("吕行", "lyuxing luxing lüxing lvx lux lyux"),
        ("刘玉龙", "liuyulong"),
    ],
)
def test_u_with_dots_is_typed_in_any_way(reader, put, name, typed):
    put("contacts", name=name)
    for word in typed.split():
        (found,) = search.find(reader, word)
        assert found["match"]["field"] == "name", word


def test_a_name_with_u_comes_first_where_u_is_typed(reader, put):
    for name in ("卢行", "吕行"):
        put("contacts", name=name)
    assert find(reader, "luxing") == ["卢行", "吕行"]
    assert find(reader, "lüxing") == ["吕行", "卢行"]


def test_dotted_letters_of_a_text_stay_what_they_are(reader, put):
    put("visits", text="Zürich, Lübeck", visited_on="2026-01-01")
    assert [len(find(reader, word)) for word in ("zürich", "lübeck", "übe", "zvrich", "lubeck")] == [1, 1, 1, 0, 0]


@pytest.mark.parametrize("name", ["凌志有限公司", "凌云集团有限公司", "凌风股份有限公司", "涡阳凌海科技有限责任公司"])
def test_the_words_of_a_legal_form_are_found_as_its_beginning_is(reader, put, name):
    put("companies", name=name)
    put("companies", name="凌河中心")
    assert [find(reader, typed) for typed in ("gongsi", "youxian", "lingsi")] == [[name], [name], []]


@pytest.mark.parametrize("typed", ["xiang", "rengong", "zi", "gong", "si"])
def test_no_other_word_finds_what_ends_in_a_legal_form(reader, put, typed):
    put("companies", name="凌海有限责任公司")
    assert find(reader, typed) == []
