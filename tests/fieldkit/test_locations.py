"""Where files lie: FIELDKIT_HOME moves all of them, and the default is what platformdirs says."""

import os

import platformdirs
import pytest

from fieldkit.locations import Locations


def test_fieldkit_home_moves_everything(tmp_path):
    locations = Locations.from_environment({"FIELDKIT_HOME": str(tmp_path)})
    paths = [getattr(locations, name) for name, value in vars(Locations).items() if isinstance(value, property)]
    assert len(paths) >= 6
    assert all(os.path.dirname(path) == str(tmp_path) for path in paths)


@pytest.mark.parametrize("data_home", [None, "", "/srv/data", "  "])
def test_the_default_is_what_platformdirs_says(monkeypatch, data_home):
    if data_home is None:
        monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_DATA_HOME", data_home)
    monkeypatch.delenv("FIELDKIT_HOME", raising=False)
    expected = platformdirs.user_data_dir("fieldkit", appauthor=False)
    assert Locations.from_environment(os.environ).home == expected
