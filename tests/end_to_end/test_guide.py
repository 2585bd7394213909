"""A guide that the office publishes is read and found on the laptops of its task force, through real commands and a real centre."""

FIRST = "# 新能源和新材料产业招商指南\n\n## 产业政策\n\n支持储能电池项目。\n\n## 重点企业\n\n名单另附。\n"
SECOND = FIRST.replace("储能电池", "储能电池和氢能").partition("## 重点企业")[0]


def test_a_published_guide_reaches_its_task_force_version_by_version(centre, laptops, tmp_path):
    first, _second, stranger = laptops
    path = tmp_path / "guide.md"
    assert "No guide" in first.run("guide").stdout

    path.write_bytes(FIRST.encode("gb18030"))
    assert centre.json("office", "publish", str(path), "--task-force", "新能源")["version"] == 1
    for laptop in (first, stranger):
        assert laptop.json("sync")["state"] == "done"
    assert "支持储能电池项目。" in first.run("guide").stdout
    (hit,) = first.json("find", "储能 类型:指南")
    assert (hit["title"], hit["match"]["field"]) == ("产业政策", "text")
    assert "支持储能电池项目。" in first.run("show", hit["id"]).stdout
    assert (stranger.json("guide"), stranger.json("find", "储能")) == ([], [])

    path.write_text(SECOND, encoding="utf-8")
    published = centre.json("office", "publish", str(path), "--task-force", "new-energy-materials")
    assert [section["change"] for section in published["sections"]] == ["unchanged", "changed", "removed"]
    assert first.json("sync")["state"] == "done"
    (guide,) = first.json("guide")
    assert (guide["version"], [row["title"] for row in guide["sections"]]) == (
        2,
        ["新能源和新材料产业招商指南", "产业政策"],
    )
    assert [row["id"] for row in first.json("find", "氢能")] == [hit["id"]]
    assert first.json("find", "名单") == []
    centre.run("office", "verify")


def test_a_guide_goes_with_a_file_that_is_carried_by_hand(centre, laptops, tmp_path):
    first, *_others = laptops
    path, work = tmp_path / "guide.md", tmp_path / "work.fieldkit"
    path.write_text(FIRST, encoding="utf-8")
    centre.run("office", "publish", str(path), "--task-force", "新能源")
    first.run("note", "拜访宁德时代")
    first.run("sync", "--to-file", str(work))
    centre.run("office", "receive", str(work))
    first.run("sync", "--from-file", str(tmp_path / "work.answer.fieldkit"))
    assert [row["title"] for row in first.json("list", "guides")] == [
        "新能源和新材料产业招商指南",
        "产业政策",
        "重点企业",
    ]
