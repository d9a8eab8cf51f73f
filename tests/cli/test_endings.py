"""How commands end: exit codes, texts, and nothing personal or technical where it does not belong."""

from __future__ import annotations

import fcntl
import resource
import signal
import sqlite3
from contextlib import closing

import pytest

from qianmian.cli.exits import MEANINGS, exit_code
from qianmian.core import errors
from tests.cli.running import qianmian

HOSTILE = (
    "phone:13800138000",
    "'; DROP TABLE profiles; --",
    "\x1b[31mred\x1b[0m",
    "../../etc/passwd",
    "%s{0}{person}",
    "user_id:",
    "person:13800138000",
    "a" * 5000,
    "名字\u202e",
)


def test_every_error_has_an_exit_code_that_the_docs_name():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert {
        exit_code(kind("job_cancelled")) for kind in kinds if kind is not errors.QianmianError
    } <= MEANINGS.keys() - {0, 70}


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ("nonsense", 2, "error: No such command 'nonsense'.\nhint: see: qianmian --help\n"),
        ("tag show nope -w {shop}", 2, "error: there is no tag 'nope'.\nhint: see them: qianmian tag list\n"),
        ("import list -w {folder}", 4, "is not a workspace.\nhint: make one: qianmian init"),
        ("import undo 99 -w {shop}", 2, "error: there is no batch 99.\nhint: see them: qianmian import list\n"),
        ("import none.csv -m none.yaml -w {shop}", 2, "error: the mapping 'none.yaml' cannot be read.\n"),
        ("tag show lifecycle -w {shop} --purpose ads", 3, "hint: register it with its legal basis: qianmian purpose"),
        ("build -w {shop} --as-of yesterday", 2, "error: as-of must be a date or an instant.\nhint: write 2026-11-11"),
        ("purpose add Ads --basis consent -w {shop}", 2, "error: a purpose is lower-case letters"),
    ],
)
def test_an_error_says_what_and_a_hint_and_ends_with_its_code(demo, call, arguments, code, text):
    english = () if arguments == "nonsense" else ("--lang", "en")
    ran = call(*(word.format(shop=demo.shop, folder=demo.folder) for word in arguments.split()), *english)
    assert (ran.code, ran.out) == (code, "")
    assert text in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ([], "错误：没有标签 'nope'。\n提示：查看全部：qianmian tag list\n"),  # the workspace's own
        (["--lang", "zh-CN"], "错误：没有标签 'nope'。\n提示：查看全部：qianmian tag list\n"),
        (["--lang", "en"], "error: there is no tag 'nope'.\nhint: see them: qianmian tag list\n"),
    ],
)
def test_an_error_is_told_in_the_language_that_is_asked_for(demo, call, language, text):
    assert call("tag", "show", "nope", "-w", demo.shop, *language).err == text


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_finds_nobody_and_is_shown_neither_raw_nor_whole(demo, call, name):
    ran = call("profile", "show", "-w", demo.shop, "--lang", "en", "--", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert "\x1b" not in ran.err
    assert "13800138000" not in ran.err
    assert len(ran.err) < 1000


def test_a_condition_that_holds_sql_is_a_condition_that_does_not_parse(demo, call):
    ran = call("audience", "size", "1=1; DROP TABLE profiles", "-w", demo.shop)
    assert ran.code == 2
    assert call("audience", "size", "region = ''' OR 1=1 --'", "-w", demo.shop, "--json").json["size"] == 0


def test_without_the_purpose_no_command_tells_of_people(copy, demo, call):
    assert call("purpose", "remove", "analyse", "-w", copy).code == 0
    somebody = demo.somebody["user_id"]
    for words in (
        ("profile", "show", somebody),
        ("profile", "explain", somebody, "lifecycle"),
        ("tag", "show", "lifecycle"),
        ("audience", "size", "orders_total > 0"),
        ("audience", "members", "orders_total > 0"),
        ("audience", "insight", "orders_total > 0"),
        ("audience", "list"),
        ("audience", "save", "a", "orders_total > 0"),
        ("audience", "save", "a", "orders_total > 0", "--fixed"),
        ("audience", "changes", "1"),
        ("audience", "freeze", "1"),
        ("audience", "overlap", "1", "2"),
        ("audience", "export", "orders_total > 0", "--to", copy / "people.csv"),
    ):
        ran = call(*words, "-w", copy)
        assert (ran.code, ran.out) == (3, ""), words
    assert call("purpose", "add", "analyse", "--basis", "consent", "-w", copy).code == 0
    assert call("tag", "show", "lifecycle", "-w", copy).code == 0


def test_while_another_process_writes_a_command_says_so(copy, call):
    with (copy / "data" / "lease").open("a+") as lease:
        fcntl.flock(lease, fcntl.LOCK_EX)
        ran = call("build", "-w", copy, "--lang", "en")
    assert ran.code == 4
    assert "another process writes" in ran.err


def test_the_unexpected_tells_its_kind_only_unless_debugging(copy):
    with closing(sqlite3.connect(copy / "data" / "catalogue.db")) as catalogue:
        catalogue.execute("UPDATE jobs SET started_at = '13800138000 is no instant'")
        catalogue.commit()
    quiet = qianmian("jobs", "-w", copy)
    assert quiet.code == 70
    assert quiet.err.startswith("error: unexpected ")
    assert "Traceback" not in quiet.err
    assert "13800138000" not in quiet.err
    assert "Traceback" in qianmian("jobs", "-w", copy, QIANMIAN_DEBUG="1").err


def test_a_damaged_table_is_named(copy, call):
    file = next((copy / "data" / "lake" / "partials").glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-100])
    ran = call("tag", "list", "-w", copy)
    assert ran.code == 4
    assert "partials" in ran.err


def test_a_file_size_limit_is_no_room_and_not_a_sudden_death(demo, tmp_path):
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    assert qianmian("init", tmp_path / "shop", "--name", "店").code == 0
    [file] = (demo.world / "events").glob("*.parquet")
    ran = qianmian(
        *("import", file, "-m", "src/qianmian/cli/demo/events.yaml", "-w", tmp_path / "shop", "--lang", "en"),
        before=little_room,
    )
    assert ran.code == 5, ran.err
    assert "no room" in ran.err
    assert "Traceback" not in ran.err


def test_a_failpoint_kills_the_command_and_the_doctor_clears_up(copy, demo, tmp_path):
    header, *rows = (demo.world / "goods.csv").read_text().splitlines()
    (tmp_path / "goods.csv").write_text("\n".join([header, *(f"new-{row}" for row in rows)]))
    arguments = ("import", tmp_path / "goods.csv", "-m", "src/qianmian/cli/demo/goods.yaml", "-w", copy)
    killed = qianmian(*arguments, QIANMIAN_CRASH_AT="import.after_files")
    assert killed.code == -signal.SIGKILL
    mended = qianmian("doctor", "-w", copy, "--json").json["mended"]
    assert any("items" in sentence for sentence in mended)
    assert qianmian(*arguments, "--json").json["accepted"] == len(rows)
    misspelt = qianmian(*arguments, QIANMIAN_CRASH_AT="import.after_file")
    assert misspelt.code == 2
