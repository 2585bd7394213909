"""A restored centre gets back what colleagues' copies still hold, under its author's name; and takes nobody's word for new work."""

import sqlite3
from contextlib import closing

import pytest

from fieldkit.actions import add, edit
from fieldkit.domain import records
from fieldkit.ids import new_id
from fieldkit.locations import Locations
from fieldkit.office import publishing
from fieldkit.office.people import invite
from fieldkit.replication.enrol import enrol
from fieldkit.replication.laptop import open_store, synchronise
from fieldkit.store import centre_reading as reading
from fieldkit.store import guides

URL = "http://centre.test"


class City:
    """A centre that can be put back, and laptops of one group."""

    def __init__(self, office, path, clock, transport):
        self.office = office
        self.clock = clock
        self._path = path
        self._transport = transport
        self.stores = []

    def invite(self, name):
        return invite(self.office.centre, "", name, "recruiter", group="digital")["invite"]

    def laptop(self, name):
        store = open_store(Locations(str(self._path / f"laptop-{len(self.stores)}")), self.clock)
        self.stores.append(store)
        enrol(store, URL, self.invite(name), transport=self._transport)
        return store

    def join(self, store, name):
        enrol(store, URL, self.invite(name), transport=self._transport)

    def sync(self, *stores):
        self.clock.move(seconds=1)
        return [synchronise(store, transport=self._transport) for store in stores][-1]

    def backup(self):
        with closing(sqlite3.connect(self._database())) as source, closing(sqlite3.connect(self._kept())) as target:
            source.backup(target)

    def restore(self):
        """What `office restore` comes to: last week's database, and a new life."""
        self.clock.move(hours=1)
        with closing(sqlite3.connect(self._kept())) as source, closing(sqlite3.connect(self._database())) as target:
            source.backup(target)
        self.office.centre.server.new_epoch()
        self.clock.move(hours=1)

    def _database(self):
        return self.office.centre.engine.url.database

    def _kept(self):
        return self._path / "backup.db"

    def companies(self):
        with self.office.centre.reading() as connection:
            rows = connection.execute(reading.TABLES["companies"].select()).mappings()
            return {row["name"]: row["person_id"] for row in rows}


@pytest.fixture
def restorable(sqlite_office, tmp_path, clock, direct):
    city = City(sqlite_office, tmp_path, clock, direct(sqlite_office.app))
    yield city
    for store in city.stores:
        store.close()


def forge(store, name, person, stamp=""):
    """A company as only a changed program would write it, under a colleague's name, with any stamp."""
    with store.session() as session:
        company = records.Company(
            id=new_id(store.clock), group_code="digital", person_id=person, created_at=store.clock(), name=name
        )
        session.add(company)
        session.commit()
        record_id = company.id
    if stamp:
        with closing(store.writer()) as connection:
            for table, column in (("sync_outbox", "fields"), ("sync_stamp", "stamps")):
                value = f'{{"*":["{stamp}"]}}' if table == "sync_outbox" else f'{{"*":"{stamp}"}}'
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (value, record_id))


def stamp_of(store):
    with closing(store.reader()) as connection:
        return connection.execute("SELECT stamps FROM sync_stamp WHERE tab = 'companies' LIMIT 1").fetchone()["stamps"][
            6:-2
        ]


def test_a_colleagues_copy_brings_back_what_the_restored_centre_lacks(restorable):
    wang, li = restorable.laptop("王芳"), restorable.laptop("李强")
    restorable.sync(wang, li)
    restorable.backup()
    company = add(wang, "companies", {"name": "科大讯飞"})
    add(wang, "companies", {"name": "古井贡酒"})
    restorable.sync(wang, li)
    edit(li, "companies", company, {"note": "acknowledged"})
    restorable.sync(li)
    edit(li, "companies", company, {"region": "not sent yet"})
    restorable.restore()
    assert restorable.companies() == {}
    outcome = restorable.sync(li)
    assert (outcome.state, outcome.waiting, outcome.rejected) == ("done", 0, 0)
    assert restorable.companies() == dict.fromkeys(("科大讯飞", "古井贡酒"), wang.me.person_id)
    assert restorable.sync(wang).rejected == 0


def test_work_of_somebody_who_came_after_the_backup_is_brought_back_too(restorable):
    li = restorable.laptop("李强")
    restorable.sync(li)
    restorable.backup()
    wang = restorable.laptop("王芳")
    author = wang.me.person_id
    add(wang, "companies", {"name": "科大讯飞"})
    restorable.sync(wang, li)
    restorable.restore()
    assert restorable.sync(li).rejected == 0
    assert restorable.companies() == {"科大讯飞": author}


def test_unsent_work_of_who_had_the_laptop_before_is_handed_in_by_who_has_it_now(restorable):
    restorable.backup()
    store = restorable.laptop("王芳")
    former = store.me.person_id
    add(store, "companies", {"name": "acknowledged"})
    restorable.sync(store)
    add(store, "companies", {"name": "never sent"})
    restorable.restore()
    assert restorable.sync(store).state == "sign-in"
    restorable.join(store, "赵敏")
    outcome = restorable.sync(store)
    assert (outcome.state, outcome.waiting, outcome.rejected) == ("done", 0, 0)
    assert restorable.companies() == {"acknowledged": former, "never sent": store.me.person_id}


@pytest.mark.parametrize("restored", [False, True])
def test_nobody_signs_new_work_for_a_colleague(restorable, restored):
    wang, li = restorable.laptop("王芳"), restorable.laptop("李强")
    add(wang, "companies", {"name": "genuine"})
    restorable.sync(wang, li)
    restorable.backup()
    if restored:
        restorable.restore()
        restorable.sync(wang, li)
    forge(li, "forged", wang.me.person_id)
    forge(
        li,
        "forged and stamped as by the colleague's laptop",
        wang.me.person_id,
        _later(stamp_of(wang), restorable.clock),
    )
    assert restorable.sync(li).rejected == 2
    assert set(restorable.companies()) == {"genuine"}


def test_a_centre_that_was_never_restored_takes_no_stamp_for_proof(restorable):
    wang, li = restorable.laptop("王芳"), restorable.laptop("李强")
    add(wang, "companies", {"name": "genuine"})
    restorable.sync(wang, li)
    forge(li, "forged and dated back", wang.me.person_id, stamp_of(wang))
    assert restorable.sync(li).rejected == 1
    assert set(restorable.companies()) == {"genuine"}


def test_work_written_before_the_restore_by_who_joins_after_it_is_their_own(restorable):
    restorable.backup()
    store = open_store(Locations(str(restorable._path / "late")), restorable.clock)
    restorable.stores.append(store)
    add(store, "companies", {"name": "offline for long"})
    restorable.restore()
    restorable.join(store, "赵敏")
    assert restorable.sync(store).rejected == 0
    assert restorable.companies() == {"offline for long": store.me.person_id}


def test_a_restored_centres_guide_is_that_of_the_backup_until_the_office_publishes_again(restorable, tmp_path):
    def publish(text):
        path = tmp_path / "guide.md"
        path.write_text(text, encoding="utf-8")
        publishing.publish(restorable.office.centre, "", str(path), "digital")

    def seen():
        restorable.sync(wang)
        with closing(wang.reader()) as connection:
            return [(row["title"], row["text"]) for row in guides.sections(connection, "digital")]

    wang = restorable.laptop("王芳")
    publish("## 政策\n一")
    assert seen() == [("政策", "一")]
    restorable.backup()
    publish("## 政策\n二\n\n## 企业\n新")
    assert seen() == [("政策", "二"), ("企业", "新")]
    restorable.restore()
    assert restorable.sync(wang).rejected == 0
    assert seen() == [("政策", "一")]
    publish("## 政策\n二\n\n## 企业\n新")
    assert seen() == [("政策", "二"), ("企业", "新")]


def _later(stamp, clock):
    return f"{int(clock().timestamp() * 1000):013d}-0001-{stamp[-12:]}"
