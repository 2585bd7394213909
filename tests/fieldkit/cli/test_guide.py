"""`fieldkit guide` and `fieldkit office publish`, and what the other commands make of guides."""

import json
import os
from contextlib import closing
from datetime import UTC, datetime

import pytest

from fieldkit import i18n
from fieldkit.cli.main import main
from fieldkit.domain import records
from fieldkit.ids import new_id
from fieldkit.locations import Locations
from fieldkit.replication.laptop import open_store
from fieldkit.store import settings

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
POLICY = "对数据中心给予用电支持。\n\n- 每千瓦时 0.35 元"


@pytest.fixture(autouse=True)
def _laptop(tmp_path, monkeypatch):
    monkeypatch.setenv("FIELDKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIELDKIT_LANG", "en")
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-26T10:00:00+08:00")
    yield
    i18n.use_language("en")


@pytest.fixture
def run(capsys):
    """Run a command; its exit code, output and messages."""

    def command(*arguments, code=0):
        assert main(arguments) == code
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return said

    return command


@pytest.fixture
def documents(run):
    return lambda *arguments: json.loads(run(*arguments, "--json").out)


@pytest.fixture
def received():
    """received(task_force, *(title, text)) → ids of the sections, as a sync leaves them."""

    def receive(task_force, *passages, group="digital"):
        with closing(open_store(Locations(os.environ["FIELDKIT_HOME"]), lambda: NOW)) as store:
            with closing(store.writer()) as connection:
                settings.put(connection, {"group_code": group})
            with store.session() as session:
                made = [
                    records.GuideSection(
                        id=new_id(store.clock),
                        task_force=task_force,
                        version=2,
                        position=place,
                        title=title,
                        text=text,
                        published_at=NOW,
                    )
                    for place, (title, text) in enumerate(passages, 1)
                ]
                ids = [one.id for one in made]
                session.add_all(made)
                session.commit()
            return ids

    return receive


def test_ones_own_guide_is_printed_whole(run, documents, received):
    ids = received("digital", ("算力政策", POLICY), ("重点企业", ""))
    printed = run("guide").out
    assert printed.startswith("Guide: Digital economy · version 2 · ")
    assert "1  算力政策\n\n对数据中心给予用电支持。\n\n- 每千瓦时 0.35 元\n" in printed
    (guide,) = documents("guide")
    assert list(guide) == ["task_force", "name", "version", "published_at", "sections"]
    assert (guide["task_force"], guide["version"], guide["published_at"][:10]) == ("digital", 2, "2026-11-26")
    assert [(row["kind"], row["id"], row["title"]) for row in guide["sections"]] == [
        ("guides", ids[0], "算力政策"),
        ("guides", ids[1], "重点企业"),
    ]


def test_of_several_guides_the_contents_are_printed_and_the_text_of_the_one_that_is_named(run, documents, received):
    received("digital", ("算力政策", POLICY), group="office")
    received("tcm-health", ("药材政策", "道地药材"), group="office")
    contents = run("guide").out
    assert "   1  算力政策\n" in contents
    assert "药材政策" in contents
    assert "道地药材" not in contents
    assert "道地药材" in run("guide", "中医药").out
    assert [one["task_force"] for one in documents("guide", "tcm-health")] == ["tcm-health"]
    assert len(documents("guide")) == 2


def test_where_no_guide_has_come_that_is_said_plainly(run, documents, received):
    assert "No guide has come to this laptop yet" in run("guide").out
    assert documents("guide") == []
    received("digital", group="digital")
    assert "No guide of Digital economy has come" in run("guide").out
    assert "No guide of Green food has come" in run("guide", "绿色食品").out
    assert "`fieldkit sync`" in run("list", "guides").out
    assert "the task forces are: tcm-health" in run("guide", "绿色", code=1).err


def test_guides_are_found_listed_and_shown_as_other_records(run, documents, received):
    (policy,) = received("digital", ("算力政策", POLICY))
    (hit,) = documents("find", "千瓦时", "类型:指南")
    assert (hit["id"], hit["match"]["field"]) == (policy, "text")
    assert "    Text  " in run("find", "千瓦时").out
    assert "算力政策  Digital economy" in run("list", "guide").out
    shown = run("show", policy).out
    assert shown.startswith(f"算力政策\n{policy}\n")
    lines = [line.strip() for line in shown.splitlines()]
    assert "- 每千瓦时 0.35 元" in lines
    assert documents("show", policy)["text"] == POLICY


@pytest.mark.parametrize("words", [("edit", "ID", "title=别的"), ("delete", "ID")])
def test_a_guide_is_only_read_on_a_laptop(run, documents, received, words):
    (policy,) = received("digital", ("算力政策", POLICY))
    said = run(*(policy if word == "ID" else word for word in words), code=1).err
    assert said.startswith("The guide is published by the office and only read here; nothing was changed;")
    assert documents("show", policy)["title"] == "算力政策"


def test_no_guide_is_added_or_merged_on_a_laptop(run, received):
    policy, other = received("digital", ("算力政策", POLICY), ("重点企业", ""))
    assert "invalid choice" in run("add", "guides", "title=别的", code=2).err
    assert "nothing was changed" in run("merge", policy, other, code=1).err


@pytest.fixture
def office(run, tmp_path):
    run("office", "init")
    path = tmp_path / "guide.md"

    def publish(text, *options, code=0):
        path.write_text(text, encoding="utf-8")
        return run("office", "publish", str(path), "--task-force", "数字经济", *options, code=code)

    return publish


def test_publishing_says_what_changed(office):
    first = office("## 政策\n一\n\n## 企业\n\n## 园区\n").out
    assert first == (
        "Published the guide of Digital economy, version 1: added 3.\n  added  政策\n  added  企业\n  added  园区\n"
    )
    second = office("## 政策\n二\n\n## 园区\n\n## 土地\n").out
    assert second == (
        "Published the guide of Digital economy, version 2: added 1 · changed 1 · moved 1 · removed 1.\n"
        "  changed  政策\n  moved  园区\n  added  土地\n  removed  企业\n"
    )
    assert "says this already; version 2 stands (unchanged 3)" in office("## 政策\n二\n\n## 园区\n\n## 土地\n").out


def test_publishing_answers_scripts(office):
    document = json.loads(office("## 政策\n一\n", "--json").out)
    (section,) = document.pop("sections")
    assert document == {"task_force": "digital", "version": 1}
    assert len(section.pop("id")) == 36
    assert section == {"kind": "guides", "title": "政策", "position": 1, "change": "added"}


def test_publishing_fails_in_one_sentence(office, run, tmp_path):
    file = str(tmp_path / "guide.md")
    for said in (
        office(" \n", code=1).err,
        run("office", "publish", str(tmp_path / "none.md"), "--task-force", "digital", code=1).err,
        run("office", "publish", file, "--task-force", "nowhere", code=1).err,
    ):
        assert said.count("\n") == 1
        assert "; nothing was" in said
    run("office", "publish", file, code=2)
    run("office", "publish", "", "--task-force", "digital", code=2)
