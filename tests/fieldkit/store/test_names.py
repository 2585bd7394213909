"""What a typed line may be about: names known to the store."""

from __future__ import annotations

from fieldkit.capture.names import key
from fieldkit.store.names import KnownNames

NAME = "宁德时代新能源科技股份有限公司"


def test_a_company_is_known_by_its_full_and_short_names_and_its_initials(reader, put):
    company = put("companies", name=NAME, short_name="CATL")
    found = KnownNames(reader).lookup([key(NAME), "宁德时代", "ndsd", "catl", "宁德", "比亚迪"])
    assert found == {called: [("companies", company, NAME)] for called in (key(NAME), "宁德时代", "ndsd", "catl")}


def test_contacts_and_leads_are_known_too(reader, put):
    contact, lead = put("contacts", name="张伟"), put("leads", title="电池包项目")
    found = KnownNames(reader).lookup(["张伟", "电池包项目"])
    assert found == {"张伟": [("contacts", contact, "张伟")], "电池包项目": [("leads", lead, "电池包项目")]}


def test_everybody_of_a_name_is_told(reader, put):
    both = {put("contacts", name="张伟") for _ in range(2)}
    assert {hit[1] for hit in KnownNames(reader).lookup(["张伟"])["张伟"]} == both


def test_a_renamed_or_deleted_record_is_known_no_more_by_what_it_was(reader, put, change):
    company, contact = put("companies", name="甲乙丙公司"), put("contacts", name="李娜")
    change("companies", company, name="丁戊己公司")
    change("contacts", contact, deleted=True)
    assert set(KnownNames(reader).lookup(["甲乙丙", "jyb", "丁戊己", "李娜", "ln"])) == {"丁戊己"}


def test_a_question_about_nothing_has_no_answer(reader, put):
    put("contacts", name="张伟")
    known = KnownNames(reader)
    assert known.lookup(["张伟"])
    assert known.lookup([]) == {}


def test_many_fragments_are_asked_in_one_go(reader, put):
    company = put("companies", name="甲乙丙公司")
    fragments = [f"无{number}" for number in range(1500)] + ["甲乙丙"]
    assert list(KnownNames(reader).lookup(fragments)) == ["甲乙丙"]
    assert company


def test_with_what_names_begin_is_told(reader, put):
    put("companies", name=NAME)
    pairs = ["宁德", "nd", "德时", "nb"] + [f"无{number:03}"[:2] for number in range(1000)]
    assert KnownNames(reader).beginnings(pairs) == {"宁德", "nd"}
    assert KnownNames(reader).beginnings([]) == frozenset()


def test_a_company_is_known_by_every_former_name(reader, put):
    company = put("companies", name=NAME, former_names="宁德新能源有限公司、Amperex Co., Ltd.")
    found = KnownNames(reader).lookup(["宁德新能源", "宁德", "amperex", "ndxny"])
    assert found == {called: [("companies", company, NAME)] for called in ("宁德新能源", "宁德", "amperex", "ndxny")}


def test_a_name_with_its_legal_form_is_that_company_alone(reader, put):
    short, full = put("companies", name="海尔有限公司"), put("companies", name="上海海尔股份有限公司")
    found = KnownNames(reader).lookup(["海尔", "海尔有限公司", "海尔股份有限公司"])
    assert {called: {hit[1] for hit in hits} for called, hits in found.items()} == {
        "海尔": {short, full}, "海尔有限公司": {short}, "海尔股份有限公司": {full},
    }  # fmt: skip
