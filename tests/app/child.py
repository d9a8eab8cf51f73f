"""Another process on the same workspace, to be killed or to stand in the way: ``FOLDER DEED [FAILPOINT]``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from qianmian.app.workspace import writing
from qianmian.core.failpoints import arm
from tests.app.test_details import MEMBERS, member
from tests.app.traces import Scene


def main(folder: str, deed: str, failpoint: str = "") -> None:
    """Erase anna, take a member in, hold the lease, or stop for good in the middle of a build."""
    scene = Scene(Path(folder))
    if failpoint:
        arm(failpoint)

    def pause(stage: str, done: int, total: int) -> None:
        print("here", flush=True)
        time.sleep(60)

    if deed == "erase":
        scene.shop.erase(scene.shop.plan_erase(["anna"]))
    elif deed == "member":
        scene.take([member("1")], MEMBERS)
    elif deed == "hold":
        with writing(scene.shop.workspace, "a long import"):
            pause("", 0, 0)
    elif deed == "build":
        scene.shop.build(full=True, watch=pause)


if __name__ == "__main__":
    main(*sys.argv[1:])
