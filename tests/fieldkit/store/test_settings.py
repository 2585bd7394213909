"""Local settings say who works here."""

from __future__ import annotations

from fieldkit.store import settings


def test_nobody_works_here_before_enrolment(reader):
    me = settings.me(reader)
    assert (me.person_id, me.name, me.role, me.group_code) == ("", "", "", "")


def test_settings_are_written_over_and_forgotten(writer, reader):
    settings.put(writer, {"person_id": "p", "person_name": "王芳", "role": "recruiter", "group_code": "digital"})
    settings.put(writer, {"role": "office", "language": "zh_CN"})
    me = settings.me(reader)
    assert (me.person_id, me.name, me.role, me.group_code) == ("p", "王芳", "office", "digital")
    settings.forget(writer, "language", "role")
    assert settings.get(reader, "language", "en") == "en"
    assert set(settings.all_settings(reader)) == {"person_id", "person_name", "group_code"}
