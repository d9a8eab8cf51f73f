"""The parent survives whatever its child does, and nothing is left of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pyarrow as pa
import pytest

from qianmian.core.errors import QianmianError, SqlError, SqlLimitError, SqlProcessError
from qianmian.engines.sandbox.contracts import Given, Limits, Order
from qianmian.engines.sandbox.process import Asked, answered
from qianmian.engines.sandbox.run import run, told
from tests.engines.sandbox.statements import RELATIONS
from tests.engines.sandbox.worse import alone, instead_of_sql

LIMITS = Limits(seconds=20, memory_mib=64, rows=1_000, bytes=1 << 20)


def answer(code: str, limits: Limits = LIMITS, start_seconds: float = 30) -> pa.Table:
    head, body = answered(Asked("SELECT 1", RELATIONS, limits), alone(code), start_seconds)
    return told(head, body, limits)


DONE = """sys.stdout.buffer.write(b'{"state": "done", "words": ""}' + bytes([10]) + %s)"""


@pytest.mark.parametrize(
    ("code", "name", "how"),
    [
        ("pass", "sql_broke", "no head"),
        ("print('garbage')", "sql_broke", "no head"),
        ("print('[' * 50000)", "sql_broke", "no head"),
        ("print('[' * 900000)", "sql_broke", "no head"),
        ('print(\'{"state": "refused", "words": "\' + \'[\' * 50000 + \'"}\')', "sql_broke", "no reason"),
        ('print(\'{"state": "won", "words": ""}\')', "sql_broke", "no head"),
        ('print(\'{"state": "refused", "words": "what I like"}\')', "sql_broke", "no reason"),
        (
            'print(\'{"state": "refused", "words": "{\\\\"say\\\\": \\\\"no_job\\\\", \\\\"job\\\\": 7}"}\')',
            "sql_broke",
            "no reason",
        ),
        ('print(\'{"state": "refused", "words": "{\\\\"say\\\\": \\\\"sql_type\\\\"}"}\')', "sql_broke", "no reason"),
        (DONE % "b''", "sql_broke", "no table"),
        (DONE % "os.urandom(4096)", "sql_broke", "no table"),
        (DONE % "bytes(4096)", "sql_broke", "no table"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "sql_broke", "SIGSEGV"),
        ("os._exit(3)", "sql_broke", "code 3"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "sql_too_large", None),
        ("sys.stdout.buffer.write(bytes(4 << 20))", "sql_too_many_bytes", None),
        ("while True: os.write(1, bytes(1 << 16))", "sql_too_many_bytes", None),
        ('print(\'{"state": "failed", "words": "a secret, 13800000000"}\')', "sql_failed", None),
    ],
)
def test_a_child_that_dies_or_talks_nonsense_is_told_and_believed_nothing(code, name, how):
    with pytest.raises(QianmianError) as caught:
        answer(code)
    assert caught.value.message.name == name
    assert how is None or caught.value.message.values["how"] == how
    assert "13800000000" not in str(caught.value)


@pytest.mark.parametrize(
    "code", ["time.sleep(3600)", "os.close(1); time.sleep(3600)", "os.write(1, b'x'); time.sleep(3600)"]
)
def test_a_child_that_says_nothing_more_is_ended_from_outside(code):
    with pytest.raises(SqlLimitError, match=r"longer than 0\.5 seconds"):
        answer(code, Limits(seconds=0.5), start_seconds=0.5)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pa.table({"a": range(1_001)}), "gives more than 1000 rows"),
        (pa.table([[1], [2]], names=["a", "a"]), "two columns of the result are called 'a'"),
        (pa.table({"a": [[1, 2]]}), "column 'a' of the result holds list"),
        (pa.table({"a": pa.array(["x"]).dictionary_encode()}), "column 'a' of the result holds dictionary"),
    ],
)
def test_a_table_that_no_run_gives_is_not_taken_from_a_child(table, message):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    with pytest.raises(SqlError, match=message):
        answer(DONE % repr(sink.getvalue().to_pybytes()))


def test_nothing_is_left_of_a_child_nor_of_what_it_began(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ours = psutil.Process()
    children, fds = set(ours.children(recursive=True)), ours.num_fds()
    run("SELECT * FROM orders", RELATIONS, LIMITS)
    for code in ("pass", "os.fork() or time.sleep(3600)", "os.fork(); os.close(1); time.sleep(3600)"):
        with pytest.raises(QianmianError):
            answer(code, Limits(seconds=0.5), start_seconds=1)
    assert (set(ours.children(recursive=True)), ours.num_fds()) == (children, fds)
    assert list(tmp_path.iterdir()) == []
    begun = [process for process in psutil.process_iter(["cmdline"]) if "os.fork" in str(process.info["cmdline"])]
    assert psutil.wait_procs(begun, timeout=60)[1] == []  # a grandchild that was killed takes its moment


def is_behind_walls(child: psutil.Process) -> bool:
    return child.rlimit(psutil.RLIMIT_NOFILE) == (0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_child_does_not_outlive_its_parent(tmp_path):
    program = [*instead_of_sql("def probe():\n    time.sleep(3600)")]
    parent = f"""
from qianmian.engines.sandbox.contracts import Limits
from qianmian.engines.sandbox.process import Asked, answered
answered(Asked("", {{}}, Limits(seconds=3600)), {program!r})
"""
    process = subprocess.Popen([sys.executable, "-c", parent], env={**os.environ, "TMPDIR": str(tmp_path)})
    ours, until = psutil.Process(process.pid), time.monotonic() + 60
    while not any(map(is_behind_walls, children := ours.children())) and time.monotonic() < until:
        time.sleep(0.05)
    process.kill()
    process.wait()
    gone, alive = psutil.wait_procs(children, timeout=30)
    assert (len(gone), alive) == (1, [])


def test_children_side_by_side_know_nothing_of_each_other():
    def total(n: int) -> int:
        table = run("SELECT sum(n)::BIGINT AS total FROM mine", {"mine": pa.table({"n": [n] * 1_000})}, LIMITS)
        return int(table["total"][0].as_py())

    def bomb(_: int) -> str:
        with pytest.raises(SqlLimitError) as caught:
            run("SELECT count(*) FROM a, a AS b, a AS c", {"a": pa.table({"n": range(20_000)})}, Limits(seconds=1))
        return caught.value.message.name

    with ThreadPoolExecutor(4) as pool:
        totals, bombs = pool.map(total, range(6)), pool.map(bomb, range(2))
        assert list(totals) == [n * 1_000 for n in range(6)]
        assert list(bombs) == ["sql_too_slow"] * 2


def test_a_program_that_cannot_be_started_is_told():
    with pytest.raises(SqlProcessError, match="not started"):
        answered(Asked("SELECT 1", RELATIONS, LIMITS), ["no such program"])


def test_an_order_is_read_as_it_was_written():
    order = Order("SELECT '张三'", {"a": Given(["b"], 7)}, Limits(1.5, 2, 3, 4), os.getpid())
    assert Order.read(order.written()) == order


def test_a_child_that_ended_badly_is_a_fault_of_ours_not_of_the_text():
    with pytest.raises(SqlProcessError) as caught:
        answer("os._exit(3)")
    assert caught.value.code == "sql_process"
