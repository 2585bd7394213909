"""What a laptop holds of guides: read in order, found by any fragment, and there after a migration of any older store."""

import sqlite3
from contextlib import closing

import pytest

from fieldkit.store import guides, migrate, query, schema, search, settings
from fieldkit.store.connection import open_reader, open_writer
from fieldkit.store.schema import ensure_current

PUBLISHED = "2026-11-20T01:00:00.000+00:00"


@pytest.fixture
def section(put):
    def put_section(title, text="", **values):
        given = {"task_force": "digital", "version": 1, "position": 1, "published_at": PUBLISHED} | values
        return put("guides", title=title, text=text, **given)

    return put_section


def found(reader, words, **options):
    return [(row["kind"], row["title"]) for row in search.find(reader, words, **options)]


def test_guides_are_read_in_the_order_of_the_task_forces_and_their_sections(reader, section):
    section("企业", position=2)
    section("政策", position=1, version=2, published_at="2026-11-23T01:00:00.000+00:00")
    section("药材", task_force="tcm-health")
    section("撤下的", version=3, position=3, deleted=True)
    section("从前", task_force="green-food", deleted=True)
    first, second = guides.held(reader)
    assert (first.task_force, [row["title"] for row in first.sections]) == ("tcm-health", ["药材"])
    assert [row["title"] for row in second.sections] == ["政策", "企业"]
    assert (second.version, second.published_at) == (3, "2026-11-23T01:00:00.000+00:00")
    assert [row["title"] for row in query.listing(reader, "guides", 10)] == ["政策", "企业", "药材"]


def test_the_task_force_of_whoever_works_here_is_that_of_their_group(reader, writer):
    assert guides.own_task_force(reader) == ""
    settings.put(writer, {"group_code": "digital"})
    assert guides.own_task_force(reader) == "digital"
    settings.put(writer, {"group_code": "office"})
    assert guides.own_task_force(reader) == ""


@pytest.mark.parametrize(
    ("words", "field", "shown"),
    [
        ("算力", "title", "算力"),
        ("suanli", "title", "算力"),
        ("slzc", "title", "算力政策"),
        ("suan zhengce", "title", "算政策"),
        ("电", "text", "电"),
        ("用电 数据中心", "text", "数据中心用电"),
        ("0.35", "text", "0.35"),
    ],
)
def test_a_section_is_found_by_any_fragment_with_what_was_found(reader, section, words, field, shown):
    section("算力政策", "一、概述\n" + "说明。" * 40 + "\n对数据中心给予用电支持,每千瓦时0.35元。")
    (row,) = search.find(reader, words)
    assert (row["kind"], row["match"]["field"]) == ("guides", field)
    assert "".join(row["match"]["text"][start:end] for start, end in row["match"]["spans"]) == shown
    assert "\n" not in row["match"]["text"]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("支持 类型:指南", ["算力政策", "药材政策"]),
        ("支持 kind:guide", ["算力政策", "药材政策"]),
        ("kind:guide 专班:数字", ["算力政策"]),
        ("支持 专班:中医药", ["药材政策"]),
        ("支持 类型:拜访", []),
        ("支持 类型:指南 阶段:洽谈", []),
    ],
)
def test_filters_narrow_guides(reader, section, words, titles):
    section("算力政策", "支持算力")
    section("药材政策", "支持药材", task_force="tcm-health")
    assert sorted(title for kind, title in found(reader, words) if kind == "guides") == titles


def test_ones_own_records_come_before_the_guide_that_says_the_same(reader, writer, put, section):
    settings.put(writer, {"person_id": "wang", "group_code": "digital"})
    put("visits", text="谈动力电池", person_id="wang", group_code="digital")
    section("电池", "动力电池")
    assert found(reader, "动力电池") == [("visits", "谈动力电池"), ("guides", "电池")]
    assert found(reader, "dongli") == []
    assert found(reader, "dianci") == [("guides", "电池")]


def test_what_is_withdrawn_or_rewritten_is_found_no_more(reader, section, change):
    gone, rewritten = section("甲", "氢能"), section("乙", "氢能储运")
    change("guides", gone, deleted=True)
    change("guides", rewritten, text="光伏")
    assert found(reader, "氢能") == []
    assert found(reader, "光伏") == [("guides", "乙")]


def test_an_older_store_learns_of_guides_and_keeps_what_it_had(tmp_path, older):
    path = str(tmp_path / "fieldkit.db")
    older(path, "0007")
    with closing(open_writer(path)) as writer:
        writer.execute(
            "INSERT INTO companies (id, deleted, group_code, person_id, created_at, name, short_name, former_names, uscc, region,"
            " address, task_force, note, merged_into) VALUES ('c1', 0, '', '', '', '宁德时代', '', '', '', '', '', '', '', '')"
        )
    assert not schema.is_current(path)
    ensure_current(path)
    with closing(open_reader(path)) as reader:
        assert guides.held(reader) == []
        assert [row["name"] for row in query.listing(reader, "companies", 5)] == ["宁德时代"]
        assert search.find(reader, "算力") == []


def test_an_older_centre_learns_of_guides(tmp_path, older):
    path = str(tmp_path / "centre.db")
    older(path, "0007", migrate.CENTRE)
    migrate.migrate_file(path, migrate.CENTRE)
    with closing(sqlite3.connect(path)) as centre:
        assert centre.execute("SELECT count(*) FROM guides").fetchone() == (0,)
        tables = {name for (name,) in centre.execute("SELECT name FROM sqlite_master")}
        assert "search_guides" not in tables
