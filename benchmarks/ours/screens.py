"""Our side of the console's screens: a served shop, asked over HTTP what its screens ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pyarrow as pa
import uvicorn

from benchmarks.measuring.asking import spread
from benchmarks.ours.shops import opened
from qianmian.app.questions.goods import goods
from qianmian.app.questions.people import Sort
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.people import id_text
from qianmian.http.application import application
from qianmian.http.server import bind, configuration
from qianmian.lake.connection import fetch

SOMEBODY = 40
SAMPLE = f"SELECT person_id FROM partials ORDER BY hash(person_id) LIMIT {SOMEBODY}"
RANGES = (("2026-11-12", "2026-11-18"), ("2026-10-20", "2026-11-18"), ("2026-08-21", "2026-11-18"))
_SEARCH = "/api/people/search"
_FACTS = {
    "profiles": "FROM profiles ORDER BY person_id",
    "names": "FROM persons ORDER BY person_id",
    "orders": "FROM orders ORDER BY person_id",
    "behaviour": """
        SELECT history.* EXCLUDE (event, item, category, channel), events.text AS event, categories.text AS category,
               channels.text AS channel, split_part(items.text, '/', 2) AS item
        FROM history JOIN (FROM codes WHERE kind = 'event') AS events ON events.code = history.event
        LEFT JOIN (FROM codes WHERE kind = 'item') AS items ON items.code = history.item
        LEFT JOIN (FROM codes WHERE kind = 'channel') AS channels ON channels.code = history.channel
        LEFT JOIN category_words AS categories ON categories.code = history.category
        ORDER BY person_id, occurred_at""",
}


@dataclass(frozen=True)
class Asked:
    """One request of a screen; one with a body is posted."""

    path: str
    body: dict[str, Any] | None = None


def screens(shop: str, conditions: dict[str, str]) -> dict[str, Any]:
    """What each screen's requests take, in milliseconds; processor time is that of server and client together.

    Args:
        shop: folder of a built shop.
        conditions: what audiences are asked for, by name.
    """
    with opened(shop) as found, served(found) as client:
        return {
            name: spread([partial(ask, client, one) for one in asked])
            for name, asked in requests(found, conditions).items()
        }


def prepare(shop: str, out: str) -> dict[str, Any]:
    """For the peer: profiles, behaviour with words, orders and names, each a Parquet file sorted by person.

    Returns:
        The file of each table, and ``people``, ``items`` and ``tags`` to look at, the same as `screens` takes.
    """
    Path(out).mkdir(parents=True, exist_ok=True)
    with opened(shop) as found, found.asking(ANALYSE, "persons", "orders") as (read, _):
        read.show_history()
        words = read.dimensions.by_name["category"].words
        read.connection.register("category_words", pa.table({"code": range(len(words)), "text": words}))
        root = found.workspace.lake.root
        for name, query in _FACTS.items():
            made = root / f"{name}.facts"
            read.connection.execute(f"COPY ({query}) TO '{made}' (FORMAT parquet, COMPRESSION zstd)")
            made.replace(Path(out) / f"{name}.parquet")
        people = fetch(read.connection, SAMPLE).column("person_id").to_pylist()
        items = [item.item_id for item in goods(found, purpose=ANALYSE, limit=SOMEBODY).goods]
        tags = [tag.name for tag in found.tags()]
    return {"people": people, "items": items, "tags": tags} | {name: f"{out}/{name}.parquet" for name in _FACTS}


def requests(shop: Shop, conditions: dict[str, str]) -> dict[str, list[Asked]]:
    with shop.asking(ANALYSE) as (found, _):
        people = [id_text(number) for number in fetch(found.connection, SAMPLE).column("person_id").to_pylist()]
    items = goods(shop, purpose=ANALYSE, limit=SOMEBODY).goods
    return {
        "overview": [Asked(f"/api/overview?from={first}&to={last}") for first, last in RANGES * 5],
        "people": [Asked(_SEARCH, {"sort": sort.value}) for sort in list(Sort) * 5],
        "people by name": [Asked(_SEARCH, {"name": person}) for person in people],
        "people by tags": [Asked(_SEARCH, {"condition": conditions["tags"], "sort": sort.value}) for sort in Sort] * 5,
        "person": [Asked(f"/api/profiles/person:{person}") for person in people],
        "time line": [Asked(f"/api/people/{person}/timeline") for person in people],
        "orders": [Asked(f"/api/people/{person}/orders") for person in people],
        "coverage": [Asked("/api/coverage")] * 10,
        "tag": [Asked(f"/api/tags/{tag.name}") for tag in shop.tags()],
        "audience": [Asked("/api/audiences/size", {"condition": text}) for text in conditions.values()] * 5,
        "what sets apart": [Asked("/api/audiences/insight", {"condition": text}) for text in conditions.values()] * 3,
        "compare": [Asked("/api/audiences/compare", {"first": text}) for text in conditions.values()] * 3,
        "goods": [Asked(f"/api/goods?text={text}") for text in ("", "美", "10", "x")] * 5,
        "item": [Asked(f"/api/goods/{item.source}/{item.item_id}") for item in items],
        "imports": [Asked("/api/imports")] * 10,
        "jobs": [Asked("/api/jobs")] * 10,
    }


def ask(client: httpx2.Client, asked: Asked) -> None:
    method = "GET" if asked.body is None else "POST"
    client.request(method, asked.path, json=asked.body).raise_for_status()


@contextmanager
def served(shop: Shop) -> Iterator[httpx2.Client]:
    """A client of the shop's server, which runs in a thread until the block ends."""
    door = bind([0])
    server = uvicorn.Server(configuration(application(shop)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    address, token = f"http://127.0.0.1:{door.getsockname()[1]}", shop.token()
    try:
        with httpx2.Client(base_url=address, headers={"authorization": f"Bearer {token}"}, timeout=60) as client:
            while not server.started:
                time.sleep(0.01)
            yield client
    finally:
        server.should_exit = True
        thread.join()
