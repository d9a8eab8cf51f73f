"""The walls of the child hold by themselves, without the check: nothing is read, written or reached."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from qianmian.core.errors import QianmianError, SqlError, SqlLimitError
from qianmian.engines.sandbox.contracts import Limits
from qianmian.engines.sandbox.process import Asked, answered
from qianmian.engines.sandbox.run import run, told
from tests.engines.sandbox.statements import BOMBS, HOSTILE, RELATIONS
from tests.engines.sandbox.worse import instead_of_sql

SECRET = "Wang-13800000000"
SHORT = Limits(seconds=2, memory_mib=64, rows=100_000, bytes=1 << 20)
PATIENT = Limits(seconds=60, memory_mib=64)
MANY = {"many": pa.table({"n": range(20_000)})}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files that nobody may read or change."""
    folder = tmp_path_factory.mktemp("walls") / "lake"  # in a folder that nobody else writes to
    folder.mkdir()
    (folder / "people.csv").write_text(f"name\n{SECRET}\n", encoding="utf-8")
    (folder / "events").mkdir()
    (folder / "events" / "part-0.parquet").write_bytes(bytes(range(256)) * 64)
    return folder


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """Somebody who hears whether the network is reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def checksum(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(str(file).encode() + file.read_bytes() for file in files)).hexdigest()


def unchecked(sql: str, relations: dict[str, pa.Table], limits: Limits) -> pa.Table:
    head, body = answered(Asked(sql, relations, limits, is_checked=False))
    return told(head, body, limits)


def probed(code: str, limits: Limits = PATIENT) -> str:
    """What Python sees from behind the walls."""
    head, body = answered(Asked("", {}, limits), instead_of_sql(code))
    with pytest.raises(SqlError) as caught:
        told(head, body, limits)
    return str(caught.value.message.values["words"])


def test_a_checksum_tells_a_change(tmp_path):
    before = checksum(tmp_path)
    (tmp_path / "x").touch()
    assert checksum(tmp_path) != before


@pytest.mark.parametrize("sql", HOSTILE)
def test_past_the_check_nothing_is_read_written_or_reached(sql, lake, listener):
    before = checksum(lake.parent)
    try:
        found = str(unchecked(sql.format(lake=lake, port=listener.getsockname()[1]), RELATIONS, SHORT).to_pydict())
    except QianmianError as error:
        found = str(error)
    assert SECRET not in found
    assert checksum(lake.parent) == before
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("ask", [run, unchecked])
def test_a_bomb_that_the_check_cannot_see_ends_at_a_limit(bomb, ask):
    with pytest.raises(SqlLimitError) as caught:
        ask(BOMBS[bomb], MANY, SHORT)
    assert caught.value.message.name in {"sql_too_slow", "sql_too_large"}


def test_two_billion_letters_end_at_the_limit_of_memory():
    with pytest.raises(SqlLimitError, match="more than 64 MiB"):
        unchecked("SELECT length(repeat('x', 2000000000))", {}, PATIENT)


@pytest.mark.parametrize(
    "attempt",
    [
        "open({file!r})",
        "open('written', 'w')",
        "os.listdir('/')",
        "socket.create_connection(('127.0.0.1', {port}))",
        "socket.socket(socket.AF_UNIX)",
        "os.pipe()",
        "__import__('resource').setrlimit(7, (64, 64)) or open({file!r})",
    ],
)
def test_not_even_python_opens_anything_in_there(attempt, lake, listener):
    attempt = attempt.format(file=str(lake / "people.csv"), port=listener.getsockname()[1])
    code = f"""def probe():
    try:
        {attempt}
    except Exception as error:
        return type(error).__name__
    return 'got through'
"""
    if "setrlimit" in attempt:  # only a child without privileges is held by its own limits
        code = code.replace("def probe():", "def probe():\n    os.setuid(65534) if os.getuid() == 0 else None")
    assert probed(code) in {"OSError", "ValueError", "PermissionError", "FileNotFoundError"}


def test_the_child_has_no_environment_and_no_folder():
    code = """def probe():
    secret = [name for name in os.environ if "PATH" in name or "HOME" in name or "QIANMIAN" in name]
    try:
        return repr((secret, os.getcwd()))
    except FileNotFoundError:
        return repr((secret, "gone"))
"""
    assert probed(code) == "([], 'gone')"


def test_memory_ends_though_duckdb_does_not_count_it():
    code = """def probe():
    try:
        bytearray(256 << 20)
    except MemoryError:
        return 'no memory'
    return 'enough'
"""
    assert probed(code) == "no memory"
    assert probed(code, Limits(seconds=60, memory_mib=512)) == "enough"


@pytest.mark.parametrize(
    ("hang", "start_seconds"),
    [
        # with this patience only a clock of the child's own ends it before the test is ended
        ("time.sleep(3600)", 3600),
        ("signal.setitimer(signal.ITIMER_REAL, 0)\n    while True: pass", 3600),
        ("signal.signal(signal.SIGALRM, signal.SIG_IGN)\n    time.sleep(3600)", 4),
    ],
    ids=["asleep", "busy without an alarm", "asleep without an alarm"],
)
def test_a_child_that_hangs_is_ended_by_one_clock_or_another(hang, start_seconds):
    with pytest.raises(SqlLimitError, match="longer than 1 seconds"):
        answered(Asked("", {}, Limits(seconds=1)), instead_of_sql(f"def probe():\n    {hang}"), start_seconds)
