"""A guide is published whole or not at all, on either database: what did not change stays, and its laptops get what did."""

from contextlib import closing

import pytest

from fieldkit.domain.guides import LONGEST_SECTION
from fieldkit.errors import FileUnreadable, GuideNotTaken, UnknownTaskForce
from fieldkit.locations import Locations
from fieldkit.office.centre import open_centre
from fieldkit.office.people import first_of_office, invite
from fieldkit.office.publishing import publish
from fieldkit.replication.enrol import enrol
from fieldkit.replication.laptop import open_store, synchronise
from fieldkit.store import centre_guides, guides, schema, search

FIRST = "# 数字经济招商指南\n\n## 产业政策\n\n支持算力。\n\n## 重点企业\n\n数据标注。\n"
SECOND = "# 数字经济招商指南\n\n## 招商环境\n\n新的。\n\n## 产业政策\n\n支持算力和存力。\n"


@pytest.fixture
def write(tmp_path):
    def file(text, name="guide.md"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return file


@pytest.fixture
def author(centre):
    return first_of_office(centre)["id"]


def done(published):
    return [(step.what, step.passage.title) for step in published.steps]


def standing(centre, task_force="digital"):
    with centre.reading() as connection:
        return centre_guides.sections(connection, task_force)


def test_the_first_version_adds_every_section(centre, author, write):
    published = publish(centre, author, write(FIRST), "数字经济")
    assert (published.task_force, published.version) == ("digital", 1)
    assert done(published) == [("added", "数字经济招商指南"), ("added", "产业政策"), ("added", "重点企业")]
    assert [(one.id, one.passage.title, one.position) for one in standing(centre)] == [
        (step.id, step.passage.title, step.position) for step in published.steps
    ]
    assert standing(centre, "electronics") == []


def test_the_next_version_keeps_the_records_of_what_stays(centre, author, write, clock):
    first = {step.passage.title: step.id for step in publish(centre, author, write(FIRST), "digital").steps}
    clock.move(days=7)
    published = publish(centre, author, write(SECOND), "digital")
    assert published.version == 2
    assert done(published) == [
        ("unchanged", "数字经济招商指南"),
        ("added", "招商环境"),
        ("changed", "产业政策"),
        ("removed", "重点企业"),
    ]
    second = {one.passage.title: one.id for one in standing(centre)}
    assert list(second) == ["数字经济招商指南", "招商环境", "产业政策"]
    assert all(second[title] == first[title] for title in ("数字经济招商指南", "产业政策"))
    assert centre.server.verify().gap is None


def test_the_same_text_again_is_no_new_version(centre, author, write):
    publish(centre, author, write(FIRST), "digital")
    entries = centre.server.verify().entries
    again = publish(centre, author, write(FIRST.replace("\n", "\r\n").encode("gb18030")), "digital")
    assert again.version == 1
    assert {step.what for step in again.steps} == {"unchanged"}
    assert centre.server.verify().entries == entries


def test_a_version_that_only_withdraws_counts_and_is_not_given_twice(centre, author, write):
    publish(centre, author, write("## 甲\n\n## 乙\n"), "digital")
    assert publish(centre, author, write("## 甲\n"), "digital").version == 2
    assert publish(centre, author, write("## 甲\n\n## 丙\n"), "digital").version == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not-text"),
        ("## 甲\n" + "长" * LONGEST_SECTION, "too-long"),
        ("## 甲\n" * 1001, "too-many"),
        (b" " * (4 * 1024 * 1024 + 1), "too-large"),
    ],
)
def test_what_is_no_guide_leaves_the_one_that_stands(sqlite_centre, write, text, reason):
    publish(sqlite_centre, "", write(FIRST), "digital")
    before = standing(sqlite_centre)
    with pytest.raises(GuideNotTaken) as refused:
        publish(sqlite_centre, "", write(text), "digital")
    assert refused.value.facts["reason"] == reason
    assert standing(sqlite_centre) == before


def test_a_file_that_is_not_there_and_a_task_force_that_is_none(sqlite_centre, write, tmp_path):
    with pytest.raises(FileUnreadable):
        publish(sqlite_centre, "", str(tmp_path / "none.md"), "digital")
    with pytest.raises(FileUnreadable):
        publish(sqlite_centre, "", str(tmp_path), "digital")
    with pytest.raises(UnknownTaskForce):
        publish(sqlite_centre, "", write(FIRST), "nowhere")


def test_the_longest_section_travels(sqlite_centre, write):
    text = "## 甲\n" + "𠮷" * (LONGEST_SECTION - 1)
    publish(sqlite_centre, "", write(text), "digital")
    assert len(standing(sqlite_centre)[0].passage.text) == LONGEST_SECTION - 1


def test_laptops_of_the_task_force_receive_each_version_and_nobody_else(office, author, write, tmp_path, clock, direct):
    stores = {}
    for group in ("digital", "electronics"):
        stores[group] = open_store(Locations(str(tmp_path / group)), clock)
        secret = invite(office.centre, author, group, "recruiter", group=group)["invite"]
        enrol(stores[group], "http://centre.test", secret, transport=direct(office.app))
    seen = []
    for text in (FIRST, SECOND):
        publish(office.centre, author, write(text), "digital")
        clock.move(seconds=1)
        for store in stores.values():
            assert synchronise(store, transport=direct(office.app)).state == "done"
        with closing(stores["digital"].reader()) as connection:
            (guide,) = guides.held(connection)
            hits = [row["title"] for row in search.find(connection, "企业")]
        seen.append((guide.version, [row["title"] for row in guide.sections], hits))
    assert seen == [
        (1, ["数字经济招商指南", "产业政策", "重点企业"], ["重点企业"]),
        (2, ["数字经济招商指南", "招商环境", "产业政策"], []),
    ]
    with closing(stores["electronics"].reader()) as connection:
        assert guides.held(connection) == []
    for store in stores.values():
        store.close()


def test_an_older_centre_is_brought_to_where_guides_can_be_published(home, clock, write):
    before = schema.REVISIONS[: schema.REVISIONS.index("0009")]
    with closing(open_centre(home, clock)) as centre, centre.changing() as connection:
        connection.exec_driver_sql("DROP TABLE guides")
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{before[-1]}'")
    with closing(open_centre(home, clock)) as centre:
        assert publish(centre, first_of_office(centre)["id"], write(FIRST), "digital").version == 1
        assert centre.server.verify().gap is None
