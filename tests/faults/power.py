"""Power cuts while eight append to the journal, on an ext4 disk of its own: what was acknowledged before is there."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qianmian.core.errors import QianmianError
from tests.faults.journal import entries_of, is_kept
from tests.faults.parts.appending import number_of, process, promised

_DISK_BYTES = 96 << 20
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Cut:
    """What one power cut left.

    Attributes:
        promised: deliveries that were acknowledged before it.
        lost: those of them that are not there as they were.
        wrong: what is there and is not what anybody delivered.
        unreadable: why the journal could not be read; empty if it could.
    """

    promised: int
    lost: int = 0
    wrong: int = 0
    unreadable: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        return self.promised > 0 and not (self.lost or self.wrong or self.unreadable)


def cut(root: Path, seed: int, deed: str = "append") -> Cut:
    """Cut the power of a disk at a random moment: what it holds then is copied, and what was only in memory is gone.

    Args:
        root: an empty folder; the ledger of promises stays there, on another disk.
        seed: of the moment.
        deed: ``append``, or ``careless`` for the control, which promises what it never forces to disk.
    """
    chance, disk, ledger = random.Random(seed), root / "disk.img", root / "outside"
    ledger.mkdir()
    _format(disk)
    with _mounted(disk, root / "live") as live:
        (live / "ledger").symlink_to(ledger / "ledger")
        child = process(deed, live)
        begun = time.monotonic()
        while not promised(ledger) and child.is_alive() and time.monotonic() - begun < _PATIENCE_SECONDS:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 2))
        os.kill(child.pid or 0, signal.SIGSTOP)  # a copy takes time, and a disk without power takes nothing more
        told = promised(ledger)
        shutil.copy(disk, root / "cut.img")
        child.kill()
        child.join()
    with _mounted(root / "cut.img", root / "after") as after:
        try:
            found = entries_of(after)
        except (QianmianError, OSError) as error:
            return Cut(len(told), unreadable=f"{type(error).__name__}: {error}")
    lost = sum(not is_kept(found.get(place), number) for number, place in told.items())
    wrong = sum(not is_kept(entry, number_of(entry)) for entry in found.values())
    return Cut(len(told), lost, wrong)


def can_mount(root: Path) -> bool:
    """Whether this machine lets us mount a disk that is a file."""
    try:
        _format(root / "probe.img")
        with _mounted(root / "probe.img", root / "probe"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def _format(disk: Path) -> None:
    with disk.open("wb") as file:
        file.truncate(_DISK_BYTES)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(disk)], check=True, capture_output=True)


@contextmanager
def _mounted(disk: Path, at: Path) -> Iterator[Path]:
    at.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop", str(disk), str(at)], check=True, capture_output=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", str(at)], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="power cuts")
    told = parser.parse_args()
    counts, clean, kept = {"trials": 0, "lost": 0, "duplicated": 0, "unreadable": 0}, True, 0
    with tempfile.TemporaryDirectory() as top:
        if not can_mount(Path(top)):
            print("no power cuts: this machine does not let us mount a disk")
            return 1
        for seed in range(told.trials):
            root = Path(top) / str(seed)
            root.mkdir()
            one = cut(root, seed)
            shutil.rmtree(root)
            counts["trials"] += 1
            counts["lost"] += one.lost + one.wrong
            counts["unreadable"] += bool(one.unreadable)
            kept += one.promised
            clean = clean and one.is_clean
            print(f"{'ok ' if one.is_clean else 'BAD'} seed {seed}: {one.promised} acknowledged", flush=True)
            if not one.is_clean:
                print(f"    {one}", flush=True)
    print(json.dumps({"name": "power", **counts, "acknowledged": kept}))
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
