"""What all tests share."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# a machine that is busy with other things is no defect of what is tested
settings.register_profile("fieldkit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fieldkit")


@pytest.fixture(scope="session", autouse=True)
def _runtime_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One runtime directory for all workers: the PostgreSQL wheel keeps its lock there and warns without one."""
    shared = tmp_path_factory.getbasetemp().parent / "runtime"
    shared.mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(shared))
        yield


@pytest.fixture(scope="session")
def postgresql_folder() -> Iterator[Callable[[], Path]]:
    """New folders for PostgreSQL's data, outside pytest's own, which it closes to every other user whenever it starts."""
    made: list[Path] = []

    def folder() -> Path:
        made.append(Path(tempfile.mkdtemp(prefix="fieldkit-postgresql-")))
        return made[-1]

    yield folder
    for path in made:
        shutil.rmtree(path, ignore_errors=True)
