"""Tracked links on the command line."""

from __future__ import annotations

import pytest


@pytest.fixture
def folder(call, tmp_path):
    return call("init", tmp_path / "shop", "--name", "店", "--json").json["folder"]


def test_a_link_is_added_listed_changed_drawn_and_disabled(folder, call, tmp_path):
    words = ("--kind", "post", "--owner", "p-1", "--utm", "source=weibo", "--code", "p-1")
    made = call("link", "add", "https://shop.example/单品", *words, "-w", folder, "--json").json
    assert (made["target"], made["words"]) == (
        "https://shop.example/%E5%8D%95%E5%93%81", {"utm_source": "weibo"},
    )  # fmt: skip
    listed = call("link", "list", "-w", folder)
    assert "p-1" in listed.out
    assert call("link", "show", "p-1", "-w", folder, "--json").json["link"]["opened"] == 0
    changed = call("link", "change", "p-1", "--to", "https://shop.example/b", "-w", folder, "--lang", "en")
    assert changed.out == "http://127.0.0.1:8321/l/p-1 → https://shop.example/b\n"
    assert "no public_address" in changed.err
    for kind, begins in (("svg", b"<svg"), ("png", b"\x89PNG")):
        file = tmp_path / f"code.{kind}"
        assert call("link", "qr", "p-1", "--to", file, "-w", folder).code == 0
        assert file.read_bytes().startswith(begins)
    assert call("link", "disable", "p-1", "-w", folder, "--json").json["disabled_at"]
    assert call("link", "enable", "p-1", "-w", folder, "--json").json["disabled_at"] is None


def test_a_public_address_is_what_a_code_says(folder, call, monkeypatch):
    monkeypatch.setenv("QIANMIAN_PUBLIC_ADDRESS", "https://go.example")
    made = call("link", "add", "https://shop.example", "--kind", "shop", "--code", "one", "-w", folder)
    assert made.out.startswith("https://go.example/l/one → ")
    assert made.err == ""


@pytest.mark.parametrize(
    "words",
    [
        ("add", "ftp://x", "--kind", "post"),
        ("add", "https://x", "--kind", "banner"),
        ("add", "https://x", "--kind", "post", "--utm", "weibo"),
        ("show", "nope"),
        ("qr", "nope", "--to", "code.gif"),
    ],
)
def test_what_cannot_be_ends_with_two_and_a_hint(folder, call, words):
    ran = call("link", *words, "-w", folder, "--lang", "en")
    assert ran.code == 2
    assert ran.err.startswith("error: ")
    assert "hint: " in ran.err


def test_the_source_of_links_is_nobodys_to_send_by(folder, call):
    ran = call("source", "add", "links", "-w", folder, "--lang", "en")
    assert (ran.code, "kept for the events of tracked links" in ran.err) == (2, True)
