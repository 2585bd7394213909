"""The search index is made anew beside the one in use: whole, without what was forgotten, whatever happens meanwhile."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from fieldkit.errors import IndexDamaged
from fieldkit.store import checkup, index, reindex, schema, snapshot
from fieldkit.store.connection import Guarded, open_reader, open_writer
from fieldkit.store.documents import FIELDS
from fieldkit.store.search import find, matching_ids


def quiet(_done: int, _total: int) -> None:
    """Nobody looks."""


def words_held(connection: sqlite3.Connection, kind: str) -> int:
    """How many (record, token) pairs the full-text table of `kind` holds, forgotten ones too."""
    connection.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search_{kind}', 'row')")
    held = connection.execute("SELECT coalesce(sum(doc), 0) AS held FROM temp.words").fetchone()["held"]
    connection.execute("DROP TABLE temp.words")
    return held


def shape(connection: sqlite3.Connection) -> set[str]:
    made = [row["sql"] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql <> ''")]
    return {sql.replace('"', "").replace("'", "") for sql in made}


@pytest.fixture
def some(put) -> list[str]:
    names = ["海尔智家", "宁德时代新能源科技股份有限公司", "比亚迪"]
    ids = [put("companies", name=name, uscc="91350900587527783P") for name in names]
    return [
        *ids,
        put("contacts", name="张伟", phone="13800138000"),
        put("visits", text="谈海尔", visited_on="2026-01-01"),
    ]


def test_everything_is_found_as_before_in_the_same_order(store_path, reader, writer, some, change):
    change("companies", some[0], note="又谈")
    queries = ("海尔", "ndsd", "8000", "7783", "zangwei")
    before = [find(reader, query) for query in queries], shape(reader)
    assert reindex.reindex(store_path, quiet) == 5
    assert ([find(reader, query) for query in queries], shape(reader)) == before
    assert index.last_number(writer) == 6


def test_what_the_index_could_not_forget_is_gone(store_path, writer, some, put, change):
    before = words_held(writer, "companies")
    for name in ("甲", "乙", "丙"):
        change("companies", some[0], name=name)
    change("companies", some[0], name="海尔智家")
    assert words_held(writer, "companies") > before
    reindex.reindex(store_path, quiet)
    assert words_held(writer, "companies") == before
    assert writer.execute("SELECT count(*) AS n FROM names_companies WHERE key = '甲'").fetchone()["n"] == 0


def test_an_index_that_lost_records_is_whole_again(store_path, reader, writer, some):
    writer.execute("INSERT INTO search_companies (search_companies) VALUES ('delete-all')")
    writer.execute("UPDATE contacts SET name = '李娜'")
    writer.execute("UPDATE visits SET rowid = 70")
    assert checkup.check(reader, store_path).strays == 5
    reindex.reindex(store_path, quiet)
    assert checkup.check(reader, store_path) == ([], 0)
    assert len(find(reader, "海尔")) == 2


def test_contacts_whose_numbers_the_index_lost_are_told(store_path, reader, writer, put):
    put("contacts", name="张伟", phone="13800138000")
    put("contacts", name="李娜")
    writer.execute("DELETE FROM search_phones")
    assert checkup.check(reader, store_path).strays == 1
    writer.execute("DROP TABLE search_phones")
    assert checkup.check(reader, store_path).strays > 0
    reindex.reindex(store_path, quiet)
    assert checkup.check(reader, store_path) == ([], 0)


DAMAGE = (
    "DELETE FROM search_visits_data WHERE id > 10",
    "DELETE FROM search_visits_data WHERE id = 10",
    "DROP TABLE search_visits",
    "DROP TABLE names_companies",
)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_told_from_a_damaged_store_and_made_anew(store_path, some, damage):
    with closing(open_writer(store_path)) as connection:
        connection.execute(damage)
    with closing(open_reader(store_path)) as connection:
        with pytest.raises(IndexDamaged), Guarded(store_path):
            find(connection, "海尔")
        assert checkup.check(connection, store_path).strays > 0
    reindex.reindex(store_path, quiet)
    with closing(open_reader(store_path)) as connection:
        assert len(find(connection, "海尔")) == 2
        assert checkup.check(connection, store_path) == ([], 0)


def test_what_changes_meanwhile_is_taken_in(store_path, reader, writer, some, put, change):
    done = []

    def meanwhile(_done: int, _total: int) -> None:
        if not done:
            done.append(put("companies", name="格力电器"))
            change("companies", some[0], name="美的集团")
            change("companies", some[2], deleted=True)
            change("visits", some[4], text="谈美的")

    reindex.reindex(store_path, meanwhile)
    assert [row["id"] for row in find(reader, "格力")] == done
    assert [row["id"] for row in find(reader, "美的")] == [some[0], some[4]]
    assert find(reader, "海尔") == find(reader, "比亚迪") == []
    assert checkup.check(reader, store_path) == ([], 0)
    again = put("visits", text="再谈", visited_on="2026-01-01")
    assert matching_ids(reader, "visits", "再谈") == {again}


@pytest.mark.parametrize("step", [1, 2, 3])
def test_broken_off_anywhere_the_old_index_stays_and_the_next_one_ends_well(store_path, reader, writer, some, step):
    steps = 0

    def broken(_done: int, _total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex.reindex(store_path, broken)
    assert len(find(reader, "海尔")) == 2
    reindex.reindex(store_path, quiet)
    assert len(find(reader, "海尔")) == 2
    assert not [row for row in reader.execute("SELECT name FROM sqlite_master") if "_anew" in row["name"]]


def test_others_write_between_any_two_steps(store_path, some):
    other = open_writer(store_path)
    other.execute("PRAGMA busy_timeout=0")

    def writes(_done: int, _total: int) -> None:
        other.execute("INSERT INTO settings (key, value) VALUES ('k', 'v') ON CONFLICT (key) DO UPDATE SET value = 'v'")

    reindex.reindex(store_path, writes)
    other.close()


def test_a_store_whose_index_a_revision_emptied_is_filled(store_path, reader, writer, some):
    for kind in FIELDS:
        writer.execute(f"INSERT INTO search_{kind} (search_{kind}) VALUES ('delete-all')")
    for table in ("search_last", "names_companies", "names_contacts", "names_leads"):
        writer.execute(f"DELETE FROM {table}")
    assert find(reader, "海尔") == []
    reindex.fill_if_empty(writer)
    assert [row["kind"] for row in find(reader, "海尔")] == ["companies", "visits"]
    assert checkup.check(reader, store_path) == ([], 0)
    last = index.last_number(writer)
    reindex.fill_if_empty(writer)
    assert index.last_number(writer) == last


def test_a_name_that_is_missing_is_a_stray(store_path, reader, writer, some):
    writer.execute("DELETE FROM names_companies WHERE key = '比亚迪'")
    assert checkup.check(reader, store_path).strays == 1


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM search_companies_data WHERE id > 10",
        "UPDATE search_companies_data SET block = x'00' WHERE id > 10",
        "DROP TABLE search_companies",
        "DROP TABLE names_companies",
        "INSERT INTO search_companies (search_companies) VALUES ('delete-all')",
    ],
)
def test_an_index_that_is_broken_or_gone_is_told_and_made_again(store_path, writer, some, damage):
    writer.execute(damage)
    writer.close()
    with closing(open_reader(store_path)) as reader:
        assert checkup.check(reader, store_path) == ([], 3)
    reindex.reindex(store_path, quiet)
    with closing(open_reader(store_path)) as reader:
        assert checkup.check(reader, store_path) == ([], 0)
        assert len(find(reader, "海尔")) == 2


def test_an_edit_is_saved_and_found_though_the_last_number_was_lost(store_path, reader, writer, some, change):
    writer.execute("DELETE FROM search_last")
    assert checkup.check(reader, store_path).strays == 5
    change("contacts", some[3], post="处长")
    assert [row["id"] for row in find(reader, "处长")] == [some[3]]
    reindex.reindex(store_path, quiet)
    assert checkup.check(reader, store_path) == ([], 0)


def test_a_record_that_is_held_with_other_words_is_a_stray(store_path, reader, writer, some):
    writer.execute("UPDATE visits SET text = '谈别的'")
    assert checkup.check(reader, store_path).strays == 1


def test_what_was_deleted_when_the_work_began_and_came_back_meanwhile_is_found(store_path, reader, put, change):
    visit = put("visits", text="谈海尔", visited_on="2026-01-01")
    change("visits", visit, deleted=True)
    put("visits", text="谈别的", visited_on="2026-01-01")
    reindex.reindex(store_path, lambda _done, _total: change("visits", visit, deleted=False))
    assert [row["id"] for row in find(reader, "海尔")] == [visit]


def test_a_copy_of_the_store_has_the_numbers_of_its_index(store_path, tmp_path, writer, some, change):
    """SQLite does not promise it where a table has no number of its own."""
    change("companies", some[0], note="又谈")
    snapshot.take(store_path, str(tmp_path / "copy.db"))
    writer.execute("VACUUM")
    for path in (store_path, str(tmp_path / "copy.db")):
        with closing(open_reader(path)) as copy:
            assert checkup.check(copy, path) == ([], 0)


def test_a_store_from_before_the_index_was_laid_out_anew_finds_its_records(tmp_path, older):
    path = str(tmp_path / "fieldkit.db")
    older(path, "0007")
    with closing(open_writer(path)) as writer:
        for record_id, name in (("01937c2e-8a1c", "海尔智家"), ("01937c2e-8a1b", "海尔电器")):
            columns = {row["name"]: "" for row in writer.execute("PRAGMA table_info(companies)")}
            columns |= {"id": record_id, "deleted": 0, "name": name, "uscc": "91350900587527783P"}
            marks = ", ".join("?" * len(columns))
            writer.execute(f"INSERT INTO companies ({', '.join(columns)}) VALUES ({marks})", list(columns.values()))
    schema.ensure_current(path)
    with closing(open_reader(path)) as reader:
        assert [row["title"] for row in find(reader, "7783P")] == ["海尔智家", "海尔电器"]
        assert checkup.check(reader, path) == ([], 0)
