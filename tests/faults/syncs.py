"""Kill -9 while a sync tells a receiver: a process of its own sends, ours receives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from qianmian.app.syncs.syncs import Sync
from qianmian.core.failpoints import arm
from tests.app.syncs.shop import SyncScene
from tests.receiving import Receiving

#: Where a sync dies.
DEATHS = ("sync.after_laying", "sync.after_piece", "sync.after_last")


def die(scene: SyncScene, sync: Sync, receiver: Receiving, failpoint: str) -> tuple[int, SyncScene]:
    """Run it in another process, which dies at a failpoint; returns how it ended, and the shop as it is then."""
    scene.shop.close()
    told = [sys.executable, "-m", "tests.faults.syncs", str(scene.folder), str(sync.sync), receiver.address, failpoint]
    status = subprocess.run(told, check=False, env=dict(os.environ)).returncode
    return status, SyncScene(scene.folder)


def main(folder: str, sync: str, address: str, failpoint: str) -> None:
    """Run and die."""
    scene = SyncScene(Path(folder))
    arm(failpoint)
    scene.run(scene.syncs.get(int(sync)), Receiving(address))


if __name__ == "__main__":
    main(*sys.argv[1:])
