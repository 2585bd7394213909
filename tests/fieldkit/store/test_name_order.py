"""Names in the order in which they are spoken, surnames and places with the readings of their own."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.store import index, pinyin, query, schema
from fieldkit.store.connection import open_reader, open_writer
from fieldkit.store.spoken import order_key

SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "翟": "zhai", "黑": "he",
    "尉迟": "yu chi", "单于": "chan yu", "万俟": "mo qi", "令狐": "ling hu", "朴": "piao", "缪": "miao", "乐": "yue",
    "任": "ren", "华": "hua", "召": "shao", "覃": "qin", "繁": "po", "员": "yun", "种": "chong", "洗": "xian", "折": "she",
    "句": "gou", "卜": "bu", "都": "du", "藏": "zang", "尉": "wei", "薄": "bo", "谌": "chen", "宓": "fu",
    "盛": "sheng", "柏": "bai", "葛": "ge", "车": "che", "石": "shi", "沈": "shen", "冯": "feng", "殷": "yin", "宁": "ning",
}  # fmt: skip
PLACES = {
    "亳州": "bo zhou", "涡阳": "guo yang", "六安": "lu an", "蚌埠": "beng bu", "枞阳": "zong yang", "濉溪": "sui xi",
    "谯城": "qiao cheng", "阜阳": "fu yang", "歙县": "she xian", "黟县": "yi xian", "砀山": "dang shan", "厦门": "xia men",
    "重庆": "chong qing", "长沙": "chang sha", "台州": "tai zhou", "番禺": "pan yu", "单县": "shan xian", "长安银行": "chang an yin hang",
    "成都重工": "cheng du zhong gong", "六合": "lu he", "解州": "xie zhou", "厦钨": "xia wu",
}  # fmt: skip


def syllables(key: str) -> str:
    """The letters of an order key."""
    return "".join(char for char in key if char.isascii() and not char.isdigit())


@pytest.mark.parametrize(("surname", "said"), SURNAMES.items())
def test_a_surname_is_ordered_as_it_is_spoken_and_found_by_that(surname, said):
    assert syllables(order_key(surname + "伟", person=True)) == f"{said} wei"
    assert any(" ".join(sequence).startswith(said) for sequence in pinyin.sequences(surname + "伟"))


@pytest.mark.parametrize(("place", "said"), PLACES.items())
def test_a_place_is_ordered_as_it_is_spoken_and_found_by_that(place, said):
    assert syllables(order_key(place + "药业")) == f"{said} yao ye"
    spelled = [" ".join(sequence) for sequence in pinyin.sequences(place[:2])]
    assert " ".join(said.split()[:2]) in spelled


def test_surnames_of_one_sound_do_not_mix_and_tones_follow_each_other(reader, put):
    names = ["章一", "张伟", "区小明", "Zoe", "单雄信", "山鹰", "欧阳锋", "张安", "Alice", "查良镛", "阿强"]
    for name in names:
        put("contacts", name=name)
    listed = [row["name"] for row in query.listing(reader, "contacts", 50, order="name")]
    assert listed == ["阿强", "Alice", "区小明", "欧阳锋", "山鹰", "单雄信", "查良镛", "张安", "张伟", "章一", "Zoe"]
    assert [row["name"] for row in query.listing(reader, "contacts", 50, order="-name")] == listed[::-1]


def test_the_order_follows_a_new_name_and_forgets_the_deleted(reader, put, change):
    first, second = put("companies", name="亳州药业"), put("companies", name="安徽古井")
    change("companies", second, name="涡阳酒业")
    assert query.ids(reader, "companies", order="name") == [first, second]
    change("companies", first, deleted=True)
    assert query.ids(reader, "companies", order="name") == [second]
    assert query.ids(reader, "companies", order="name", filters={"name": "亳州药业"}) == []


def test_a_page_of_names_is_read_without_sorting(reader):
    plan = reader.execute(
        "EXPLAIN QUERY PLAN SELECT n.record_id FROM name_order n WHERE n.kind = ? ORDER BY n.spelled, n.record_id LIMIT ?",
        ("contacts", 50),
    ).fetchall()
    assert not any("TEMP B-TREE" in step["detail"] for step in plan)


def test_names_that_stood_before_there_was_an_order_get_their_places(tmp_path, older):
    path = str(tmp_path / "fieldkit.db")
    older(path, "0006")
    writer = open_writer(path)
    for number, name in enumerate(("查良镛", "区小明", "不在了")):
        writer.execute(
            "INSERT INTO contacts (id, deleted, group_code, person_id, created_at, name, company_id, post, phone, wechat,"
            " email, note) VALUES (?, ?, '', '', '', ?, '', '', '', '', '', '')",
            (str(number), name == "不在了", name),
        )
    writer.close()
    schema.ensure_current(path)
    reader = open_reader(path)
    assert query.ids(reader, "contacts", order="name") == ["1", "0"]
    reader.close()


@given(st.lists(st.text(max_size=12), max_size=8), st.booleans())
def test_any_name_has_one_place_in_the_order(names, person):
    keys = [order_key(name, person=person) for name in names]
    assert all(isinstance(key, str) for key in keys)
    assert keys == [order_key(name, person=person) for name in names]


def test_the_order_is_kept_in_the_transaction_of_the_record(writer: sqlite3.Connection, put):
    company = put("companies", name="亳州药业")
    writer.execute("BEGIN")
    writer.execute("UPDATE companies SET name = '涡阳药业' WHERE id = ?", (company,))
    index.update(writer, "companies", [company])
    writer.execute("ROLLBACK")
    (row,) = writer.execute("SELECT spelled FROM name_order WHERE record_id = ?", (company,)).fetchall()
    assert syllables(row["spelled"]).startswith("bo zhou")
