"""A real server in a process of its own over a small demonstration shop."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pyarrow.parquet as pq
import pytest

from qianmian.app.access.accounts import OWNER
from qianmian.app.audiences import SavedAudiences
from qianmian.app.questions.goods import goods
from qianmian.app.shop import ANALYSE
from qianmian.app.tracked_links import NewLink, TrackedLinks
from qianmian.cli.access import new_account
from qianmian.cli.demo.command import bring_in, make_world, open_shop
from qianmian.cli.door import Door
from qianmian.world.plan import WorldPlan
from tests.databases import SWITCH, copy_workspace

PLAN = WorldPlan(people=200, days=20)
#: Code of a tracked link of the shop.
LINK = "front-door"


@dataclass(frozen=True)
class Site:
    folder: Path
    log: Path
    url: str
    token: str
    user: str
    password: str
    person: str
    item: tuple[str, str]
    names: list[dict[str, str]]

    @property
    def shop(self) -> Path:
        return self.folder / "shop"

    def client(self, token: str | None = None) -> httpx2.Client:
        headers = {"authorization": f"Bearer {self.token if token is None else token}"}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=60)

    @contextmanager
    def sender(self, source: str) -> Iterator[httpx2.Client]:
        """Sends events of a new source."""
        body = {"user": self.user, "password": self.password}
        with httpx2.Client(base_url=self.url, headers={"x-qianmian-console": "1"}, timeout=60) as browser:
            assert browser.post("/api/session", json=body).is_success
            answer = browser.post("/api/sources", json={"name": source})
            assert answer.is_success, answer.text
            key = answer.json()["write_key"]
        with httpx2.Client(base_url=self.url, auth=(key, ""), timeout=60) as sender:
            while sender.post("/v1/batch", json={"batch": []}).status_code == 401:
                time.sleep(0.1)  # a key is known within a moment
            yield sender


def made_once(factory: pytest.TempPathFactory) -> Path:
    """The demonstration shop beside its world, made by whichever worker of a run comes first; not to be changed."""
    base = factory.getbasetemp()
    is_here_alone = "PYTEST_XDIST_WORKER" not in os.environ or {SWITCH, "QIANMIAN_TEST_LAKE"} & os.environ.keys()
    folder = (base if is_here_alone else base.parent) / "demonstration"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            door = Door(folder, as_json=True, lang=None)
            world = make_world(PLAN, folder, door)
            shop = open_shop(folder / "shop", PLAN)
            bring_in(shop, world, PLAN, door)
            shop.close()
            (folder / "made").touch()
    return folder


@contextmanager
def served(made: Path, folder: Path) -> Iterator[Site]:
    """A copy of what was made, in a folder, served until the block ends."""
    copy_workspace(made / "shop", folder / "shop")
    shop = open_shop(folder / "shop", PLAN)
    person = shop.audience("orders_total > 0", limit=1).members()[0]
    some = goods(shop, purpose=ANALYSE, limit=1).goods[0]
    SavedAudiences(shop.workspace.catalogue, shop.workspace.clock).add(
        "买过的", shop.audience("orders_total > 0", limit=0)
    )
    links = TrackedLinks(shop.workspace.catalogue, shop.workspace.clock)
    links.add(NewLink(target="https://shop.example/?from=code", kind="shop", owner="一店", code=LINK), os.urandom)
    token, password = shop.token(), new_account(shop, OWNER)
    shop.close()
    events = min((made / "world" / "events").glob("*.parquet"))
    rows = pq.read_table(events, columns=["user_id", "phone"]).to_pylist()
    names = list({row["user_id"]: row for row in rows if row["user_id"] and row["phone"]}.values())
    with running(folder / "shop") as (url, log):
        yield Site(folder, log, url, token, OWNER, password, person, (some.source, some.item_id), names)


@contextmanager
def running(shop: Path) -> Iterator[tuple[str, Path]]:
    """The server of a workspace, at a free port; gives its address and its log."""
    log = shop.with_name("log")
    with log.open("w") as written:
        command = [sys.executable, "-W", "error", "-m", "qianmian", "serve", "-w", str(shop), "--port", "0"]
        with subprocess.Popen(command, stderr=written, stdout=subprocess.DEVNULL) as server:
            try:
                yield _address(log), log
            finally:  # else whoever fails here waits for it for ever
                server.terminate()
            assert server.wait(30) in (0, -15)


def _address(log: Path) -> str:
    for _ in range(600):
        lines = log.read_text().splitlines()
        if lines:
            return str(json.loads(lines[0])["address"])
        time.sleep(0.1)
    raise AssertionError("the server does not start")
