"""`fieldkit office verify`, on either database, also after an upgrade and while the centre serves."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from fieldkit import i18n
from fieldkit.cli.context import Context
from fieldkit.cli.parser import run_command
from fieldkit.clock import instant_text
from fieldkit.domain import records
from fieldkit.errors import DatabaseDamaged, UsageError
from fieldkit.ids import new_id
from fieldkit.locations import Locations
from fieldkit.office.centre import Centre, open_centre
from fieldkit.store import centre as database
from fieldkit.store import migrate, schema


@pytest.fixture(autouse=True)
def english():
    before = i18n.language()
    i18n.use_language("en")
    yield
    i18n.use_language(before)


@pytest.fixture
def verify(home: Locations, clock):
    """verify(*options) → exit code, standard output, standard error."""

    def called(*options: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        context = Context({"FIELDKIT_LANG": "en"}, home, clock, input=io.StringIO(), out=out, err=err)
        return run_command(["office", "verify", *options], context), out.getvalue(), err.getvalue()

    return called


def statements(centre: Centre, *texts: str) -> None:
    """What somebody does who has the database, the history's triggers out of the way."""
    with centre.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE sync_history DISABLE TRIGGER ALL"))
        else:
            for name in ("no_update", "no_delete", "no_replace"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS sync_history_{name}"))
        for one in texts:
            connection.execute(text(one))


def local(centre: Centre) -> str:
    return f"{centre.clock().astimezone():%Y-%m-%d %H:%M}"


def visit(centre: Centre, words: str, author: str = "") -> str:
    made = records.Visit(
        id=new_id(centre.clock), text=words, visited_on=centre.clock().date(), created_at=centre.clock()
    )
    centre.save(author, made)
    return made.id


def test_a_whole_history_is_told_with_its_hash(centre: Centre, verify) -> None:
    visit(centre, "one")
    code, out, err = verify()
    head = centre.server.verify().head
    assert (code, err) == (0, "")
    assert out == (
        "The history is whole: 3 entries, and every record is as they left it. "
        f"Its hash is {head}; write it down elsewhere.\n"
    )
    visit(centre, "another")
    code, out, err = verify("--expect", f" {head.upper()} ")
    assert (code, err) == (0, "")
    assert out.endswith("The expected hash is that of entry 3.\n")
    assert json.loads(verify("--json", "--expect", head)[1]) == {
        "whole": True,
        "entries": 4,
        "hash": centre.server.verify().head,
        "expected": 3,
        "older_records": 0,
        "gap": None,
    }


def test_a_row_that_was_taken_out_is_named(centre: Centre, verify) -> None:
    with centre.reading() as connection:
        person = connection.execute(text("SELECT id FROM people")).scalar_one()
    visit(centre, "one", person)
    visit(centre, "two", person)
    statements(centre, "DELETE FROM sync_history WHERE number = 4")
    code, out, err = verify()
    assert (code, out) == (1, "")
    assert err.startswith(
        f"The history has a gap: entry 4 is missing; the one before is 3 ({local(centre)}, 综合协调组); what comes before"
    )
    statements(centre, "DELETE FROM sync_history WHERE number IN (1, 2)")
    code, out, err = verify("--json")
    assert err.startswith("The history has a gap: entries 1 to 2 are missing; what comes before")
    assert json.loads(out)["gap"] == {
        "kind": "missing", "entry": 1, "until": 2, "at": None, "person": "", "device": "", "table": "", "id": "", "field": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE visits SET text = 'other'",
            "Visit {id} is not as entry 3 ({time}, the centre itself) left it (text)",
        ),
        (
            "DELETE FROM visits",
            "Visit {id} is gone, which entry 3 ({time}, the centre itself) wrote; its words",
        ),
        (
            "DELETE FROM sync_history WHERE number = 3",
            "entry 3 is missing; the one before is 2 ({time}, 综合协调组)",
        ),
        (
            "UPDATE sync_history SET person = 'x' WHERE number = 3",
            "entry 3 ({time}, x) is not what was written",
        ),
        ("UPDATE sync_history SET at = 9223372036854775807 WHERE number = 3", "entry 3 is not what was written"),
        (
            "UPDATE sync_history SET number = -4 WHERE number = 1",
            "entry -4 ({time}, the centre itself) is not what was written",
        ),
        (
            "UPDATE sync_centre SET head = 'x'",
            "the history ends with entry 3 ({time}, the centre itself), and the",
        ),
        ("UPDATE sync_record SET revision = 99 WHERE id = '{id}'", "Visit {id} stands as no entry wrote it"),
        (
            "INSERT INTO sync_conflict VALUES ('x', 'visits', '{id}', 'text', '', '1', '', 0)",
            "Visit {id} has a conflict (text) that is not as the history tells",
        ),
    ],
)
def test_every_gap_has_its_words(centre: Centre, verify, statement: str, said: str) -> None:
    made = visit(centre, "one")
    statements(centre, statement.format(id=made))
    code, out, err = verify()
    assert (code, out) == (1, "")
    assert f"The history has a gap: {said.format(id=made, time=local(centre))}" in err


def test_a_history_that_is_not_there_at_all_is_told(centre: Centre, verify) -> None:
    statements(centre, "DROP TABLE sync_history")
    with pytest.raises(DatabaseDamaged) as told:
        verify()
    assert "sync_history" in str(told.value.facts["detail"])


def test_a_rewritten_history_is_seen_by_an_earlier_hash(centre: Centre, verify) -> None:
    code, out, err = verify("--expect", "f" * 64)
    assert (code, out) == (1, "")
    assert err.startswith(f"The history holds together, but no entry has the hash {'f' * 64}: it was rewritten")
    code, out, _err = verify("--json", "--expect", "f" * 64)
    assert code == 1
    document = json.loads(out)
    assert (document["whole"], document["expected"], document["gap"]) == (False, None, None)


def test_what_is_no_hash_is_wrong_usage(centre: Centre, verify) -> None:
    with pytest.raises(UsageError):
        verify("--expect", "abc")


def test_a_centre_of_the_first_release_begins_its_history(
    home: Locations, clock, verify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = first_release(home, clock, tmp_path, monkeypatch)
    with closing(open_centre(home, clock)) as centre:
        assert verify() == (0, "The history has no entry yet: nothing was written since it began.\n", "")
        newer = visit(centre, "from now on")
        code, out, _err = verify()
        assert code == 0
        assert out.endswith("1 record is older than it.\n")
        statements(centre, f"DELETE FROM visits WHERE id = '{older}'")
        assert f"Visit {older} is gone, which is older than the history" in verify()[2]
        statements(centre, f"DELETE FROM visits WHERE id = '{newer}'")
        assert f"Visit {newer} is gone, which entry 1 " in verify()[2]


def first_release(home: Locations, clock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put a centre of revision 0001 in the place of this one, with one visit, whose id is returned."""
    with closing(open_centre(home, clock)) as centre, monkeypatch.context() as patch:
        engine = centre.engine
        (folder / "r0001").mkdir()
        shutil.copy(Path(migrate.VERSIONS[0]) / "r0001_first_tables.py", folder / "r0001")
        patch.setattr(migrate, "VERSIONS", (str(folder / "r0001"),))
        patch.setattr(schema, "REVISIONS", ("0001",))
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        if engine.dialect.name == "sqlite":
            engine.dispose()
            for path in Path(home.home).glob("*.db*"):
                path.unlink()
            migrate.migrate_file(home.centre, migrate.CENTRE)
        else:
            with engine.begin() as connection:
                migrate.migrate(connection, migrate.CENTRE)
        made = records.Visit(id=new_id(clock), text="before", visited_on=clock().date(), created_at=clock())
        with engine.begin() as connection:
            database.put_setting(connection, database.INITIALISED, instant_text(clock()))
            connection.execute(insert(records.Visit).values(made.model_dump()))
            connection.execute(text("INSERT INTO sync_centre VALUES (1, 'epoch', 1, '')"))
            stamped = "INSERT INTO sync_record VALUES ('visits', :id, 1, :stamps, NULL, '[\"group:\"]', NULL)"
            stamps = '{"*":"1795000000000-0000-aaaaaaaaaaaa"}'
            connection.execute(text(stamped).bindparams(id=made.id, stamps=stamps))
    return made.id
