"""No room: a file-size limit or a full disk during import, build, undo and erase; and files that cannot be used."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from qianmian.core.errors import QianmianError
from tests.faults.parts.child import Ending, Trouble, run
from tests.faults.parts.deeds import DEEDS, perform
from tests.faults.parts.scene import Scene, prepare
from tests.faults.parts.state import RELEASED, Difference, State, compare, leftovers, read_state

DEED_NAMES = ("import", "build", "undo", "erase")
#: Bytes that a file may have: from no log entry at all to all but the largest files.
LIMITS = (1, 4_000, 16_000, 40_000, 80_000)
#: KiB left on a full disk.
ROOM = (8, 64, 256)
_WHERE = re.compile(r"no room on disk while writing (table '\w+'|(vault|catalogue|salts)\.db)")
_HINT = "\n\nhint: free space"


@dataclass(frozen=True)
class Trial:
    """What came of one deed without room.

    Attributes:
        what: the deed and the limit.
        ending: how it ended.
        half: rows of a state in between were visible.
        unreadable: why the workspace could not be read or the deed not repeated.
        difference: after the deed was repeated with room, against an undisturbed one.
        leftovers: files that nothing explains then.
    """

    what: str
    ending: Ending
    half: bool = False
    unreadable: str = ""
    difference: Difference = field(default_factory=lambda: Difference({}, {}))
    leftovers: tuple[str, ...] = ()

    @property
    def is_said(self) -> bool:
        """Whether the deed either had room enough, or said which table had none and what to do."""
        if self.ending.status == 0:
            return True
        told = self.ending.told
        return self.ending.error == "StorageFullError" and bool(_WHERE.match(told)) and _HINT in told

    @property
    def is_clean(self) -> bool:
        """Whether it was said, and nothing was lost, doubled, half visible or left behind."""
        return self.is_said and not (self.half or self.unreadable or self.difference or self.leftovers)


class Stage:
    """Prepared workspaces, and what each deed makes of them with room enough."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.scene: Scene = prepare(root / "scene")
        self._after: dict[str, State] = {}
        self._before: dict[str, State] = {}

    def limited(self, deed: str, limit: int) -> Trial:
        """Do a deed while no file may be longer than so many bytes."""
        with self._folder() as folder:
            shop = Path(shutil.copytree(self.scene.state(DEEDS[deed].state), folder / "shop"))
            ending = run(deed, shop, self.scene, Trouble(limit=limit))
            return self._judged(f"{deed} with files of at most {limit} bytes", deed, shop, ending)

    def on_full_disk(self, deed: str, room: int) -> Trial:
        """Do a deed on a disk of its own that has so many KiB left; then make room."""
        with self._folder() as folder, _disk(folder) as disk:
            shop = Path(shutil.copytree(self.scene.state(DEEDS[deed].state), disk / "shop"))
            ballast = disk / "ballast"
            ballast.write_bytes(bytes(max(shutil.disk_usage(disk).free - room * 1024, 0)))
            ending = run(deed, shop, self.scene)
            ballast.unlink()
            return self._judged(f"{deed} with {room} KiB of disk left", deed, shop, ending)

    def _judged(self, what: str, deed: str, shop: Path, ending: Ending) -> Trial:
        before, after = self._states(deed)
        try:
            seen = read_state(shop)
            half = deed != "erase" and all(compare(seen, state, RELEASED) for state in (before, after))
            perform(deed, shop, self.scene)
            return Trial(what, ending, half, "", compare(read_state(shop), after), tuple(leftovers(shop)))
        except (QianmianError, OSError) as error:
            return Trial(what, ending, unreadable=f"{type(error).__name__}: {error}")

    def _states(self, deed: str) -> tuple[State, State]:
        state = DEEDS[deed].state
        if state not in self._before:
            self._before[state] = read_state(self.scene.state(state))
        if deed not in self._after:
            with self._folder() as folder:
                shop = Path(shutil.copytree(self.scene.state(state), folder / "shop"))
                perform(deed, shop, self.scene)
                self._after[deed] = read_state(shop)
        return self._before[state], self._after[deed]

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self.root) as folder:
            yield Path(folder)


def can_mount(folder: Path) -> bool:
    """Whether this machine lets us make a disk of a given size."""
    try:
        with _disk(folder):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def _disk(folder: Path) -> Iterator[Path]:
    """A disk of 16 MiB in memory."""
    disk = folder / "disk"
    disk.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _trials(stage: Stage, count: int) -> Iterator[Trial]:
    pairs = [(deed, limit) for limit in LIMITS for deed in DEED_NAMES]
    for deed, limit in pairs[:count]:
        yield stage.limited(deed, limit)
    if can_mount(stage.root / "probe"):
        disks = [(deed, room) for room in ROOM for deed in DEED_NAMES]
        for deed, room in disks[: max(count - len(pairs), 0)]:
            yield stage.on_full_disk(deed, room)
    else:
        print("no full disk: this machine does not let us mount one")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="at most so many")
    told = parser.parse_args()
    counts = {"trials": 0, "lost": 0, "duplicated": 0, "unreadable": 0}
    clean, full = True, 0
    with tempfile.TemporaryDirectory() as folder:
        for trial in _trials(Stage(Path(folder)), told.trials):
            counts["trials"] += 1
            counts["lost"] += sum(trial.difference.lost.values())
            counts["duplicated"] += sum(trial.difference.extra.values())
            counts["unreadable"] += bool(trial.unreadable)
            full += trial.ending.status != 0
            clean = clean and trial.is_clean
            told_first = (trial.ending.told or "done").splitlines()[0]
            print(f"{'ok ' if trial.is_clean else 'BAD'} {trial.what}: {told_first}", flush=True)
            if not trial.is_clean:
                print(f"    {trial}", flush=True)
    print(json.dumps({"name": "disk_full", **counts, "full": full}))
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
