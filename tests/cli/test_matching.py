"""Matching on the command line: off at first, seen before it runs, answers out of a file."""

from __future__ import annotations

import pytest


@pytest.fixture
def folder(call, tmp_path):
    return call("init", tmp_path / "shop", "--name", "店", "--json").json["folder"]


def test_a_declaration_is_printed_applied_and_switched_off(folder, call, tmp_path):
    assert call("identity", "match", "show", "-w", folder, "--json").json["own"] is None
    own = tmp_path / "own.yaml"
    own.write_text(call("identity", "match", "show", "--built-in", "-w", folder).out, encoding="utf-8")
    assert "version 1 holds" in call("identity", "match", "apply", own, "-w", folder).out
    assert "propose_from" in call("identity", "match", "show", "-w", folder).out
    assert call("identity", "match", "off", "-w", folder, "--json").json["text"] == ""
    ran = call("identity", "match", "plan", "-w", folder, "--lang", "en")
    assert (ran.code, "no declaration of matching holds" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("compare: [nam]\n", "did you mean name"),
        (None, "cannot be read"),
        ("{purpose: match, compare: [name], block: [[name]]}", "certain: must be 1 to 20 lists"),
    ],
)
def test_a_declaration_that_is_none_ends_with_two_and_says_why(folder, call, tmp_path, text, told):
    file = tmp_path / "wrong.yaml"
    if text:
        file.write_text(text)
    ran = call("identity", "match", "apply", file, "-w", folder, "--lang", "en")
    assert (ran.code, told in ran.err) == (2, True)


@pytest.mark.parametrize("rows", ["a,b\n1,2\n", "node_a,node_b,same\naaaaaaaaaaaac,aaaaaaaaaaaae,perhaps\n"])
def test_answers_that_are_none_are_refused_by_their_file(folder, call, tmp_path, rows):
    file = tmp_path / "answers.csv"
    file.write_text(rows)
    ran = call("identity", "match", "run", "--answers", file, "-w", folder, "--lang", "en")
    assert (ran.code, "answers.csv" in ran.err, "yes or no" in ran.err) == (2, True, True)
