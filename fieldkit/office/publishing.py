"""Publishing a task force's guide: a file in, its sections written through the centre's one door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from fieldkit.domain import guides
from fieldkit.domain.choices import task_force_called
from fieldkit.domain.guides import Passage, Step
from fieldkit.domain.records import GuideSection
from fieldkit.errors import FileUnreadable, GuideNotTaken
from fieldkit.ids import new_id
from fieldkit.office.centre import Centre
from fieldkit.store import centre as database
from fieldkit.store import centre_guides


class Published(NamedTuple):
    """What stands now: the guide's `version`, and the `steps` that led to it, each with its record's id."""

    task_force: str
    version: int
    steps: tuple[Step, ...]


def publish(centre: Centre, author: str, path: str, task_force: str) -> Published:
    """Publish the text at `path` as the guide of a task force, which is given by its code, its name or a part of that.

    Sections that say what they said stay as they are; where all do, the version that stands remains. Laptops of the task
    force receive what changed with their next sync. Raises UnknownTaskForce, FileUnreadable, GuideNotTaken; then nothing
    was changed.
    """
    code = task_force_called(task_force)
    passages = read(path)
    with database.answering(centre.engine):
        with centre.reading() as connection:
            former = centre_guides.sections(connection, code)
            version = centre_guides.latest_version(connection, code)
        steps = [
            step if step.id else step._replace(id=new_id(centre.clock)) for step in guides.compared(former, passages)
        ]
        changed = [step for step in steps if step.what != guides.UNCHANGED]
        if changed:
            version += 1
            centre.save(author, *_records(changed, code, version, centre.clock()))
    return Published(code, version, tuple(steps))


def read(path: str) -> list[Passage]:
    """The sections of the guide in a file. Raises FileUnreadable, GuideNotTaken."""
    try:
        with open(path, "rb") as file:
            data = file.read(guides.LARGEST_FILE + 1)
    except OSError as error:
        raise FileUnreadable(path=path, detail=error) from error
    if len(data) > guides.LARGEST_FILE:
        raise GuideNotTaken(path=path, reason="too-large", limit=guides.LARGEST_FILE // 1024**2)
    text = guides.decoded(data)
    if text is None:
        raise GuideNotTaken(path=path, reason="not-text")
    return _checked(guides.divided(text), path)


def _checked(passages: list[Passage], path: str) -> list[Passage]:
    if not passages:
        raise GuideNotTaken(path=path, reason="empty")
    if len(passages) > guides.MOST_SECTIONS:
        raise GuideNotTaken(path=path, reason="too-many", limit=guides.MOST_SECTIONS)
    for one in passages:
        if len(one.title) + len(one.text) > guides.LONGEST_SECTION:
            raise GuideNotTaken(path=path, reason="too-long", limit=guides.LONGEST_SECTION, title=one.title)
    return passages


def _records(changed: Sequence[Step], task_force: str, version: int, now: datetime) -> list[GuideSection]:
    return [
        GuideSection(
            id=step.id,
            deleted=step.what == guides.REMOVED,
            task_force=task_force,
            version=version,
            position=step.position,
            title=step.passage.title,
            text=step.passage.text,
            published_at=now,
        )
        for step in changed
    ]
