"""Matching on the command line: off at first, seen before it runs, answers out of a file."""

from __future__ import annotations

import json

import pytest

from qianmian.world.members import make_members
from tests.app.test_matching import MAPPING, NAMESPACES, rows


@pytest.fixture
def folder(call, tmp_path):
    return call("init", tmp_path / "shop", "--name", "店", "--json").json["folder"]


def test_a_declaration_is_printed_applied_and_switched_off(folder, call, tmp_path):
    assert call("identity", "match", "show", "-w", folder, "--json").json["own"] is None
    own = tmp_path / "own.yaml"
    own.write_text(call("identity", "match", "show", "--built-in", "-w", folder).out, encoding="utf-8")
    assert "differs in purpose" in call("identity", "match", "check", own, "-w", folder).out
    assert "version 1 holds" in call("identity", "match", "apply", own, "-w", folder).out
    assert "says what holds already" in call("identity", "match", "check", own, "-w", folder).out
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


def test_members_of_two_registers_are_proposed_and_an_answer_is_heard(folder, call, tmp_path):
    members = make_members(200, seed=5)
    for register, namespace in NAMESPACES.items():
        file, mapping = tmp_path / f"{register}.jsonl", tmp_path / f"{register}.yaml"
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows(members, register)))
        mapping.write_text(MAPPING.format(register=register, namespace=namespace))
        assert call("import", file, "-m", mapping, "-w", folder).code == 0
    call("build", "-w", folder)
    own = tmp_path / "own.yaml"
    own.write_text(call("identity", "match", "show", "--built-in", "-w", folder).out, encoding="utf-8")
    call("identity", "match", "apply", own, "-w", folder)
    assert "match" in call("identity", "match", "plan", "-w", folder, "--lang", "en").err  # not registered
    call("purpose", "add", "match", "--basis", "consent", "-w", folder)
    assert "20 people who did not agree to match are left out" in call("identity", "match", "plan", "-w", folder).out
    told = call("identity", "match", "run", "-w", folder, "--json").json
    assert told["total"] == sum(band["proposals"] for band in told["bands"]) > 40
    assert len(told["proposals"]) == 20
    [first, second, *_] = [(one["node_a"], one["node_b"]) for one in told["proposals"]]
    answers = tmp_path / "answers.csv"
    answers.write_text(f"node_a,node_b,same\n{','.join(first)},no\n{','.join(second)},yes\n")
    again = call("identity", "match", "run", "--answers", answers, "--most", 1000, "-w", folder, "--json").json
    assert (again["refused"], again["answers"]) == (1, 1)
    assert first not in {(one["node_a"], one["node_b"]) for one in again["proposals"]}
    shown = call("identity", "match", "run", "--answers", answers, "-w", folder).out
    assert "1 not proposed, since somebody said that they are two" in shown
