"""A real Spark cluster on this machine's loopback: one master, and two workers with room for two builds at a time."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

WORKERS = 2
_DEADLINE = 90.0
_ROOT = Path(__file__).parents[2]


def missing() -> str:
    """What a cluster would need and this machine has not; empty if nothing."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed: make spark"
    return "" if shutil.which("java") else "Java 17 is not installed"


@contextmanager
def cluster(folder: Path, cores: int = 3) -> Iterator[str]:
    """Start a cluster from the pyspark wheel; its address. Its logs go to the folder, and it ends with the block."""
    port = _free_port()
    address = f"spark://127.0.0.1:{port}"
    with ExitStack() as running:
        master = ("master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        log = running.enter_context(_daemon(folder, "master", master))
        _wait(log, "elected leader")
        for number in range(WORKERS):
            work = ("-c", str(cores), "-m", "6g", "-d", str(folder / f"work-{number}"), "--webui-port", "0", address)
            running.enter_context(_daemon(folder, f"worker-{number}", ("worker.Worker", "--host", "127.0.0.1", *work)))
        _wait(log, "Registering worker", WORKERS)
        yield address


@contextmanager
def _daemon(folder: Path, name: str, command: tuple[str, ...]) -> Iterator[Path]:
    spec = find_spec("pyspark")
    assert spec
    assert spec.origin
    home, log = Path(spec.origin).parent, folder / f"{name}.log"
    first, *rest = command
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "PYTHONPATH": str(_ROOT),  # tasks of the tests
    }
    with log.open("wb") as words:
        process = subprocess.Popen(
            [home / "bin" / "spark-class", f"org.apache.spark.deploy.{first}", *rest],
            stdout=words, stderr=words, env=environment, cwd=folder,
        )  # fmt: skip
        try:
            yield log
        finally:
            process.terminate()
            process.wait()


def _wait(log: Path, words: str, times: int = 1) -> None:
    for _ in range(int(_DEADLINE * 5)):
        if log.read_text(errors="replace").count(words) >= times:
            return
        time.sleep(0.2)
    raise TimeoutError(f"{words!r} did not come within {_DEADLINE:g} seconds:\n{log.read_text(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def executors(master: Path) -> list[int]:
    """Process ids of the executors that Spark started below a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_text(errors="replace")
        except OSError:
            continue
        if "CoarseGrainedExecutorBackend" in words and str(master) in words:
            found.append(int(entry.parent.name))
    return found


if __name__ == "__main__":
    with cluster(Path(sys.argv[1])) as at:
        print(at, flush=True)
        sys.stdin.read()
