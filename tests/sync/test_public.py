from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sync
from sync import errors
from sync.tables import centre_metadata, laptop_metadata

ROOT = Path(__file__).parents[2]


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_public_names_are_these() -> None:
    assert sorted(sync.__all__) == [
        "Caller",
        "Change",
        "Client",
        "Conflict",
        "DeviceState",
        "Holder",
        "Outcome",
        "Progress",
        "Receipt",
        "Replica",
        "Server",
        "centre_metadata",
        "errors",
        "laptop_metadata",
        "sqlite_engine",
        "testing",
        "wall_clock",
    ]
    for name in sync.__all__:
        found = getattr(sync, name)
        assert getattr(found, "__module__", found.__name__).startswith("sync.")
    with pytest.raises(AttributeError):
        _ = sync.nothing  # type: ignore[attr-defined]


def test_reading_the_status_loads_nothing_heavy() -> None:
    heavy = "{'sqlmodel', 'sqlalchemy', 'httpx', 'msgspec', 'pydantic'}"
    assert run(f"import sys, sync, sync.status, sync.errors; print({heavy} & set(sys.modules))") == "set()"


def test_the_laptop_s_half_loads_no_server_and_the_server_s_half_no_client() -> None:
    assert run("import sys, sync.replica; print({'httpx', 'sync.server', 'sync.client'} & set(sys.modules))") == "set()"
    assert run("import sys, sync.server; print({'httpx', 'sync.replica', 'sync.client'} & set(sys.modules))") == "set()"


def test_every_table_constraint_and_index_has_a_name() -> None:
    for metadata in (laptop_metadata(), centre_metadata()):
        for table in metadata.tables.values():
            assert table.name.startswith("sync_")
            assert all(constraint.name for constraint in table.constraints)
            assert all(index.name for index in table.indexes)


def test_the_tree_of_errors_is_the_one_that_is_drawn() -> None:
    assert errors.__doc__ is not None
    drawn = {line.split("── ")[1].split()[0] for line in errors.__doc__.splitlines() if "── " in line}
    raised = {
        name
        for name, found in vars(errors).items()
        if isinstance(found, type) and issubclass(found, errors.SyncError) and found is not errors.SyncError
    }
    assert drawn == raised
