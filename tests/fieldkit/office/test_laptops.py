"""Laptops at a real centre: what they receive, what is refused from them, and the laptop that may come no more."""

import re
from contextlib import closing

import pytest
from sqlmodel import select

import sync
from fieldkit.actions import add, edit, undo
from fieldkit.domain import records
from fieldkit.domain.city import city, group_codes
from fieldkit.errors import Withdrawn
from fieldkit.ids import new_id
from fieldkit.locations import Locations
from fieldkit.office.people import invite
from fieldkit.replication.centre import refuse
from fieldkit.replication.disputes import disputes, settle
from fieldkit.replication.enrol import enrol
from fieldkit.replication.laptop import as_failure, open_store, synchronise
from fieldkit.store import centre_access as access
from fieldkit.store import centre_reading as reading

URL = "http://centre.test"
EVERY_GROUP = frozenset(group_codes())


@pytest.fixture
def laptop(office, tmp_path, clock, direct):
    """laptop(name, group) → a store enrolled at the centre; laptop.sync(store) exchanges its work."""
    stores, transport = [], direct(office.app)

    def enrolled(name, group, role="recruiter"):
        store = open_store(Locations(str(tmp_path / f"laptop-{len(stores)}")), clock)
        stores.append(store)
        enrol(store, URL, invite(office.centre, "", name, role, group=group)["invite"], transport=transport)
        return store

    def exchange(store):
        clock.move(seconds=1)
        return synchronise(store, transport=transport)

    def join(store, name, group):
        enrol(store, URL, invite(office.centre, "", name, "recruiter", group=group)["invite"], transport=transport)

    enrolled.sync = exchange
    enrolled.again = join
    yield enrolled
    for store in stores:
        store.close()


def names(store, table):
    connection = store.reader()
    try:
        return {row["name"] for row in connection.execute(f"SELECT name FROM {table} WHERE NOT deleted")}
    finally:
        connection.close()


def at_centre(office, table):
    with office.centre.reading() as connection:
        return [dict(row) for row in connection.execute(reading.TABLES[table].select()).mappings()]


def test_a_laptop_receives_the_city_and_its_people(office, laptop):
    office.person("recruiter", "tcm-health", name="赵敏")
    store = laptop("王芳", "digital")
    outcome = laptop.sync(store)
    assert outcome.state == "done"
    for table in ("task_forces", "groups", "places"):
        assert names(store, table) == {row["name"] for row in city()[table]}
    assert names(store, "people") == {"综合协调组", "王芳", "赵敏"}


def test_work_reaches_the_group_the_pages_and_nobody_else(office, laptop):
    first, second, stranger = laptop("王芳", "digital"), laptop("李强", "digital"), laptop("赵敏", "tcm-health")
    add(first, "companies", {"name": "科大讯飞"})
    assert laptop.sync(first).sent == 1
    laptop.sync(second)
    laptop.sync(stranger)
    assert names(second, "companies") == {"科大讯飞"}
    assert names(stranger, "companies") == set()
    (company,) = at_centre(office, "companies")
    assert company["group_code"] == "digital"
    assert "科大讯飞" in office.signed_in().get(f"/companies/{company['id']}").text


def forged(store, **values):
    """A company as only a changed program would write it, saved and captured."""
    me = store.me
    row = {
        "group_code": me.group_code,
        "person_id": me.person_id,
        "created_at": store.clock(),
        "name": "forged",
    } | values
    with store.session() as session:
        company = records.Company(id=new_id(store.clock), **row)
        session.add(company)
        session.commit()
        return company.id


def test_nobody_signs_for_another_or_writes_into_another_group(office, laptop):
    store, colleague = laptop("王芳", "digital"), office.person("recruiter", "digital", name="李强")
    laptop.sync(store)
    forged(store, person_id=colleague)
    forged(store, person_id="nobody")
    forged(store, group_code="tcm-health")
    forged(store, group_code="nowhere")
    forged(store)
    assert laptop.sync(store).rejected == 4
    (only,) = at_centre(office, "companies")
    assert (only["person_id"], only["group_code"]) == (store.me.person_id, "digital")


def test_who_made_a_record_cannot_be_changed_afterwards(office, laptop):
    store = laptop("王芳", "digital")
    forged(store)
    laptop.sync(store)
    for field, value in (
        ("person_id", office.person("recruiter", "digital", name="李强")),
        ("group_code", "tcm-health"),
    ):
        with store.session() as session:
            company = session.exec(select(records.Company)).one()
            setattr(company, field, value)
            session.commit()
        assert laptop.sync(store).rejected == 1
    (only,) = at_centre(office, "companies")
    assert (only["person_id"], only["group_code"]) == (store.me.person_id, "digital")


def test_a_laptop_cannot_write_what_the_office_publishes(office, laptop):
    store = laptop("王芳", "digital")
    laptop.sync(store)
    with store.session() as session:
        me = session.get(records.Person, store.me.person_id)
        me.role = "admin"
        session.add(records.Group(id=new_id(store.clock), code="mine", name="mine"))
        session.commit()
    assert laptop.sync(store).rejected == 2
    with office.centre.reading() as connection:
        assert access.person(connection, store.me.person_id)["role"] == "recruiter"
        assert {row["code"] for row in access.groups(connection)} == EVERY_GROUP


def test_a_leader_reads_everything_and_writes_nothing(office, laptop):
    writer, leader = laptop("王芳", "digital"), laptop("市领导", "", role="leader")
    add(writer, "companies", {"name": "科大讯飞"})
    laptop.sync(writer)
    laptop.sync(leader)
    assert names(leader, "companies") == {"科大讯飞"}
    forged(leader, group_code="digital")
    assert laptop.sync(leader).rejected == 1


@pytest.mark.parametrize("way", ["laptop withdrawn", "person left"])
def test_a_withdrawn_laptop_is_told_so_and_keeps_its_work(office, laptop, clock, way):
    store = laptop("王芳", "digital")
    laptop.sync(store)
    add(store, "companies", {"name": "科大讯飞"})
    with office.centre.changing() as connection:
        (device,) = access.devices(connection)
        if way == "laptop withdrawn":
            assert access.withdraw(connection, device["id"], clock())
        person = dict(access.person(connection, store.me.person_id))
    if way == "person left":
        office.centre.save("", records.Person(**(person | {"deleted": True})))
    outcome = laptop.sync(store)
    assert isinstance(as_failure(outcome.error), Withdrawn)
    assert outcome.waiting == 1
    assert at_centre(office, "companies") == []
    laptop.again(store, "王芳", "digital")
    assert laptop.sync(store).waiting == 0
    assert [row["name"] for row in at_centre(office, "companies")] == ["科大讯飞"]
    if way == "laptop withdrawn":
        assert re.search(r"not known\s*<span[^>]*>withdrawn", office.signed_in().get("/devices").text)


def test_a_decision_undone_is_open_again_at_the_centre(office, laptop):
    first, second = laptop("王芳", "digital"), laptop("李强", "digital")
    company = add(first, "companies", {"name": "科大讯飞"})
    laptop.sync(first)
    laptop.sync(second)
    edit(first, "companies", company, {"region": "合肥"})
    laptop.sync(first)
    edit(second, "companies", company, {"region": "上海"})
    laptop.sync(second)
    (open_now,) = office.centre.server.conflicts()
    with closing(second.reader()) as connection:
        (dispute,) = disputes(connection)
    settle(second, dispute.id, "mine")
    laptop.sync(second)
    assert office.centre.server.conflicts() == []
    undo(second)
    laptop.sync(second)
    (again,) = office.centre.server.conflicts()
    assert (again.value, again.author) == (open_now.value, open_now.author)


def test_the_devices_page_tells_what_each_laptop_holds_back(office, laptop, clock):
    store = laptop("王芳", "digital")
    browser = office.signed_in()
    assert cells(browser)[2:4] == ["never", "0"]
    laptop.sync(store)
    assert cells(browser)[2:5] == ["11-23 15:00", "0", ""]
    forged(store, person_id="nobody")
    clock.move(hours=2)
    for _round in range(2):  # the laptop tells with its next request what the last one left
        laptop.sync(store)
    assert cells(browser)[2:5] == ["11-23 17:00", "1", "11-23 15:00"]
    clock.move(days=8)
    browser = office.signed_in()
    assert cells(browser)[2] == "11-23 17:00 quiet"
    overview = browser.get("/").text
    assert "1 laptop has gone quiet" in overview
    assert "王芳: quiet since 11-23 17:00, with 1 not yet sent" in overview


def cells(browser):
    body = browser.get("/devices").text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", body)]


def test_one_field_edited_by_two_people_shows_both_values(office, laptop, clock):
    first, second = laptop("王芳", "digital"), laptop("李强", "digital")
    lead = add(first, "leads", {"title": "语音基地"})
    laptop.sync(first)
    laptop.sync(second)
    edit(first, "leads", lead, {"title": "语音基地一期"})
    clock.move(seconds=1)
    edit(second, "leads", lead, {"title": "语音基地扩产"})
    laptop.sync(first)
    laptop.sync(second)
    browser = office.signed_in()
    conflict = browser.get(f"/leads/{lead}").text.partition('class="conflicts"')[2].partition("</section>")[0]
    assert {"语音基地一期", "语音基地扩产"} <= set(re.findall(r"语音基地\w+", conflict))
    assert "王芳" in conflict
    assert "语音基地" in browser.get("/").text.partition('class="conflicts"')[2].partition("</section>")[0]


ME = sync.Caller("me", "device", frozenset({"all", "group:digital"}), frozenset({"group:digital"}))
MINE = {"group_code": "digital", "person_id": "me"}


@pytest.mark.parametrize(
    ("table", "before", "after", "reason"),
    [
        ("companies", None, MINE, None),
        ("companies", MINE, MINE, None),
        ("companies", MINE | {"person_id": "colleague"}, MINE | {"person_id": "colleague"}, None),
        ("companies", None, MINE | {"person_id": "colleague"}, "author"),
        ("companies", None, MINE | {"person_id": ""}, "author"),
        ("companies", MINE | {"person_id": "colleague"}, MINE, "author"),
        ("companies", None, MINE | {"group_code": "tcm-health"}, "group"),
        ("companies", None, MINE | {"group_code": ""}, "group"),
        ("companies", MINE, MINE | {"group_code": "tcm-health"}, "group"),
        ("people", None, {"name": "x"}, "reference"),
        ("rule_packs", {"version": 1}, {"version": 2}, "reference"),
    ],
)
def test_what_the_centre_refuses(table, before, after, reason):
    assert refuse(ME, table, before, after) == reason
