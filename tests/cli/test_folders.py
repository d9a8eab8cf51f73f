"""Watched folders on the command line: declared, looked at once without a server, paused, forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.traces import EVENTS

ROW = '{"id": "e1", "event": "Product Viewed", "at": "2026-05-01T12:00:00+08:00", "user": "u1", "item": "i1"}\n'


@pytest.fixture
def folder(call, tmp_path):
    return call("init", tmp_path / "shop", "--name", "店", "--json").json["folder"]


def test_a_folder_is_declared_looked_at_paused_and_forgotten(folder, call, tmp_path, monkeypatch):
    monkeypatch.setenv("QIANMIAN_LOOK_SECONDS", "1")
    (tmp_path / "till.yaml").write_text(EVENTS)
    place = Path(folder) / "folders" / "till"
    place.mkdir(parents=True)
    (place / "a.jsonl").write_text(ROW)
    (place / "bad.jsonl").symlink_to("nowhere")
    words = ("--path", "till", "-m", tmp_path / "till.yaml", "-w", folder, "--json")
    assert call("folder", "add", "till", *words).json["source"] == "shop"
    ran = call("folder", "run", "-w", folder, "--json").json["till"]
    assert {one["file"]: (one["status"], one["accepted"]) for one in ran} == {
        "a.jsonl": ("taken", 1),
        "bad.jsonl": ("failed", 0),
    }
    assert "该文件是链接" in call("folder", "files", "till", "-w", folder, "--lang", "zh-CN").out
    [listed] = call("folder", "list", "-w", folder, "--json").json
    assert (listed["taken"], listed["failed"], listed["paused_at"]) == (1, 1, None)
    assert call("folder", "pause", "till", "-w", folder, "--json").json["paused_at"]
    assert "paused" in call("folder", "list", "-w", folder).out
    assert call("folder", "run", "-w", folder, "--json").json == {}
    assert call("folder", "resume", "till", "-w", folder, "--json").json["paused_at"] is None
    assert call("folder", "remove", "till", "-w", folder, "--json").json == []
    gone = call("folder", "files", "till", "-w", folder, "--lang", "en")
    assert (gone.code, "hint: " in gone.err) == (2, True)


def test_a_template_does_as_a_mapping(folder, call):
    words = ("--path", "orders", "--template", "taobao/order_lines", "-w", folder)
    assert call("folder", "add", "orders", *words, "--json").json["source"] == "taobao"
    neither = call("folder", "add", "other", "--path", "orders", "-w", folder, "--lang", "en")
    assert (neither.code, "a mapping or a template" in neither.err) == (2, True)


def test_an_import_of_the_past_is_marked(folder, call, tmp_path):
    (tmp_path / "shop.yaml").write_text(EVENTS)
    for name, words in (("old", ["--backfill"]), ("new", [])):
        (tmp_path / f"{name}.jsonl").write_text(ROW.replace("e1", name))
        call("import", tmp_path / f"{name}.jsonl", "-m", tmp_path / "shop.yaml", "-w", folder, *words)
    told = call("import", "list", "-w", folder, "--json").json
    assert {one["file"]: one["is_backfill"] for one in told} == {"old.jsonl": True, "new.jsonl": False}
    assert "backfill" in call("import", "list", "-w", folder).out
