"""A note written offline reaches the group and the office, through real commands and a real centre."""

import random
import signal
import time

import httpx

NOTE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"
KINDS = ("companies", "contacts", "leads", "visits", "followups")


def test_a_note_written_offline_is_filed_and_linked(machine):
    kept = machine.json("note", NOTE)
    assert kept["text"] == NOTE
    assert kept["reading"]["company"] == "宁德时代"
    assert kept["reading"]["amount"] == 250_000_000
    assert [line["id"] for line in machine.json("list", "inbox")] == [kept["id"]]

    machine.run("sync", code=1)  # no centre yet, but the line is filed

    (visit,), (company,), (contact,), (lead,), (follow_up,) = (
        machine.json("list", kind) for kind in ("visits", "companies", "contacts", "leads", "followups")
    )
    assert visit["id"] == kept["id"]
    assert visit["text"] == NOTE
    assert contact["company_id"] == lead["company_id"] == visit["company_id"] == company["id"]
    assert (visit["contact_id"], visit["lead_id"]) == (contact["id"], lead["id"])
    assert follow_up["visit_id"] == visit["id"]
    assert (lead["amount"], lead["mode"], lead["task_force"]) == (250_000_000, "on-site", "new-energy-materials")
    assert contact["phone"].endswith("13800138000")
    related = machine.json("show", company["id"])["related"]
    assert {kind: len(rows) for kind, rows in related.items()} == dict.fromkeys(
        ("contacts", "leads", "visits", "followups"), 1
    )
    assert machine.json("list", "inbox") == []


def test_what_cannot_be_filed_without_guessing_keeps_its_text_under_needs_me(machine):
    machine.run("add", "companies", "name=华夏新材料有限公司", "short_name=华夏")
    machine.run("add", "companies", "name=华夏生物有限公司", "short_name=华夏")
    text = "拜访华夏 谈扩产 下周三回访"
    machine.run("note", "--file", text)
    assert len(machine.json("list", "companies")) == 2
    (waiting,) = machine.json("today")["needs_me"]
    assert waiting["text"] == text


def test_group_sees_other_group_does_not_office_sees_all(centre, laptops):
    first, second, stranger = laptops
    first.run("note", NOTE)
    sent = first.json("sync")
    assert sent["state"] == "done"
    assert (sent["waiting"], sent["rejected"], sent["conflicts"]) == (0, 0, 0)
    second.run("sync")
    stranger.run("sync")
    for kind in KINDS:
        assert len(second.json("list", kind)) == 1, kind
        assert stranger.json("list", kind) == [], kind
    assert stranger.json("find", "宁德") == []

    with httpx.Client(base_url=centre.url, follow_redirects=True) as browser:
        assert "宁德时代" not in browser.get("/").text
        page = browser.get(centre.json("office", "login")["url"])
        assert page.status_code == 200
        assert "宁德时代" in page.text
        devices = browser.get("/devices").text
        assert "王芳" in devices
        assert "赵敏" in devices


def test_edits_of_different_fields_both_survive_and_one_field_keeps_both_values(laptops):
    first, second, _stranger = laptops
    first.run("note", NOTE)
    first.run("sync")
    second.run("sync")
    (lead,) = second.json("list", "leads")

    first.run("edit", lead["id"], "place_code=341621")
    second.run("edit", lead["id"], "content=年产十万套")
    for laptop in (first, second, first):
        laptop.run("sync")
    for laptop in (first, second):
        (both,) = laptop.json("list", "leads")
        assert (both["place_code"], both["content"]) == ("341621", "年产十万套")

    first.run("edit", lead["id"], "title=电池包一期")
    second.run("edit", lead["id"], "title=电池包扩产")
    for laptop in (first, second, first):
        laptop.run("sync")
    seen = []
    for laptop in (first, second):
        assert laptop.json("sync")["conflicts"] == 1
        (conflict,) = laptop.json("sync", "--status")["disputed"]
        seen.append((laptop.json("list", "leads")[0]["title"], conflict["other"]))
    assert seen[0] == seen[1]
    assert set(seen[0]) == {"电池包一期", "电池包扩产"}


def test_a_stopped_centre_loses_nothing_and_the_status_tells_the_truth(centre, laptops):
    first, second, _stranger = laptops
    centre.stop()
    first.run("note", NOTE)
    failed = first.run("sync", code=1)
    assert failed.stderr.strip()
    assert first.json("sync", "--status")["waiting"] == 5
    centre.serve()
    assert first.json("sync")["sent"] == 5
    assert first.json("sync", "--status")["waiting"] == 0
    second.run("sync")
    assert len(second.json("list", "visits")) == 1


def test_killed_in_mid_sync_at_either_end_nothing_is_lost_or_doubled(centre, laptops):
    first, second, _stranger = laptops
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    texts = [f"拜访第{number}号企业 谈储能项目 {rng.randint(1, 99)}亿" for number in range(60)]
    for text in texts:
        first.run("note", text)
    for round_number in range(6):
        process = first.start("sync")
        time.sleep(rng.uniform(0.3, 1.5))
        if round_number % 2:
            centre.stop(signal.SIGKILL)
            centre.serve()
        process.kill()
        process.communicate()
    first.run("sync")
    second.run("sync")
    for laptop in (first, second):
        assert sorted(visit["text"] for visit in laptop.json("list", "visits", "--limit", "1000")) == sorted(texts)
    for kind in KINDS:
        mine, theirs = (laptop.json("list", kind, "--limit", "1000") for laptop in (first, second))
        assert sorted(row["id"] for row in mine) == sorted(row["id"] for row in theirs)
    assert first.json("sync", "--status")["waiting"] == 0
