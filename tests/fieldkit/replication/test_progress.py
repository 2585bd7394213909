"""How far an exchange is, in words."""

import pytest

from fieldkit.replication.progress import step_words
from sync import Progress


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Progress(0, 12, 0, 3), "sending 3 of 12"),
        (Progress(3, 9, 0), "sending 3 of 12"),
        (Progress(3, 9, 7, 9), "sending 12 of 12, 7 received"),
        (Progress(0, 12, 0), "12 not yet sent"),
        (Progress(12, 0, 7), "receiving, 7 so far"),
    ],
)
def test_the_words_of_a_step(step, words):
    assert step_words(step) == words
