"""Every error has its sentence: what happened, what is safe, what to do, in both languages."""

import inspect
import re
from contextlib import closing
from datetime import UTC, datetime

import pytest

import sync.errors
from fieldkit import errors, i18n
from fieldkit.locations import Locations
from fieldkit.replication.laptop import as_failure, open_store, synchronise
from fieldkit.sentences import sentence
from fieldkit.store import settings

FACTS = dict.fromkeys(
    "message path detail found length limit kept position character id count field value reason known kind centre url home "
    "port code cause host name reason title".split(),
    "x",
)
LEAVES = [
    error
    for _name, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, errors.FieldkitError) and not error.__subclasses__()
]


@pytest.fixture(autouse=True)
def _english_again():
    yield
    i18n.use_language("en")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("error", LEAVES, ids=lambda error: error.__name__)
def test_every_error_says_what_happened_what_is_safe_and_what_to_do(error, language):
    i18n.use_language(language)
    said = sentence(error(**FACTS))
    assert "{" not in said
    assert "?" not in said
    assert "\n" not in said
    if error is not errors.UsageError:
        assert len(re.findall("[;；]", said)) >= 1
        assert len(said) > 15


def test_every_error_of_the_tree_is_drawn_in_its_docstring():
    for name, error in inspect.getmembers(errors, inspect.isclass):
        if issubclass(error, errors.FieldkitError):
            assert name in (errors.__doc__ or "")


@pytest.mark.parametrize(
    "cause",
    [error for _name, error in inspect.getmembers(sync.errors, inspect.isclass) if issubclass(error, Exception)],
    ids=lambda cause: cause.__name__,
)
def test_every_failure_of_sync_has_a_sentence(cause):
    said = sentence(errors.SyncFailed(cause=cause.__new__(cause)))
    assert "safe" in said


def test_a_centre_that_refuses_the_connection_is_told_as_one_that_does_not_answer(tmp_path):
    with closing(open_store(Locations(str(tmp_path)), lambda: datetime.now(UTC))) as store:
        with closing(store.writer()) as connection:
            settings.put(connection, {"centre_url": "http://127.0.0.1:9", "credential": "x"})
        outcome = synchronise(store)
    assert outcome.error is not None
    said = sentence(as_failure(outcome.error))
    assert said.startswith("The centre does not answer; everything you saved is safe")
    assert "rrno" not in said


def test_a_fact_that_is_missing_does_not_hide_the_sentence():
    assert "?" in sentence(errors.NoSuchRecord())
