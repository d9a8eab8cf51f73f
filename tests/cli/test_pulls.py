"""Pulls on the command line: declared, tried, run, listed, forgotten; the address is never shown."""

from __future__ import annotations

import sqlite3

import pytest

from tests.app.intake.test_pulls import MAPPING, VARIABLE


@pytest.fixture
def folder(call, tmp_path):
    return call("init", tmp_path / "shop", "--name", "店", "--json").json["folder"]


def test_a_pull_is_declared_tried_run_listed_and_forgotten(folder, call, tmp_path, monkeypatch):
    with sqlite3.connect(tmp_path / "s3cret.db") as erp:
        erp.execute("CREATE TABLE orders (id, state, buyer, total, at, changed)")
        erp.execute("INSERT INTO orders VALUES (1, 'paid', 'u1', 10.5, '2026-05-01T00:00:00Z', 1)")
    erp.close()
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path}/s3cret.db")
    (tmp_path / "orders.yaml").write_text(MAPPING)
    words = ("--url-variable", VARIABLE, "--reads", "orders", "--cursor", "changed", "-m", tmp_path / "orders.yaml")
    assert call("pull", "add", "erp", *words, "-w", folder, "--json").json["source"] == "erp"
    [dry] = call("pull", "run", "erp", "--dry-run", "-w", folder, "--json").json
    assert (dry["batch"], dry["accepted"]) == (0, 1)
    ran = call("pull", "run", "erp", "-w", folder)
    assert "accepted 1" in ran.out
    assert call("pull", "run", "erp", "-w", folder).out == "nothing is new\n"
    listed = call("pull", "list", "-w", folder)
    [told] = call("pull", "list", "-w", folder, "--json").json
    assert (told["mark"], told["last"]["accepted"]) == ("1", 1)
    assert call("pull", "history", "erp", "-w", folder, "--json").json == [told["last"]]
    assert call("pull", "pause", "erp", "-w", folder, "--json").json["paused_at"]
    assert call("pull", "resume", "erp", "-w", folder, "--json").json["paused_at"] is None
    assert VARIABLE in listed.out
    assert "s3cret" not in listed.out + ran.out + ran.err
    assert call("pull", "remove", "erp", "-w", folder, "--json").json == []
    gone = call("pull", "run", "erp", "-w", folder, "--lang", "en")
    assert (gone.code, "hint: " in gone.err) == (2, True)
