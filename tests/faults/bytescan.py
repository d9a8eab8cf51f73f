"""No raw identifier outside the vault, and nothing at all of an erased person: every file decoded and searched."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import qianmian
from qianmian.app.shop import Shop
from qianmian.app.tables import ALL_TABLES
from qianmian.core.clock import FixedClock
from qianmian.core.tables import Type
from qianmian.lake.connection import connect
from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan
from tests.faults.parts.needles import Needles
from tests.faults.parts.plant import Planted, place_of, planted
from tests.faults.parts.scan import Hit, scan
from tests.faults.parts.scene import NOW, mapping
from tests.faults.parts.state import read_state

_IDENTIFIERS = ("user_id", "wechat_unionid", "phone", "email", "anonymous_id", "device_id")
_PLAN = WorldPlan(days=20, items=240, history_days=5)


@dataclass(frozen=True)
class Subject:
    """Somebody to be erased, as everything that could name them afterwards.

    Attributes:
        values: their identifiers.
        numbers: their node, vertex, person and event ids.
    """

    values: frozenset[str]
    numbers: frozenset[int]


def make_shop(root: Path, people: int) -> Shop:
    """A built shop of a generated world, with rows that were refused."""
    generate(replace(_PLAN, people=people), root / "world")
    shop = qianmian.init(root / "shop", name="shop", threads=2, memory_mib=1024, clock=FixedClock(NOW))
    shop.import_file(root / "world" / "goods.csv", mapping("goods"))
    for file in _spoilt(root):
        shop.import_file(file, mapping("events"))
    shop.build()
    return shop


def identifiers(root: Path) -> set[str]:
    """Every raw identifier of the world: the true ones and those with a slip of the finger."""
    values = set(pq.read_table(root / "world" / "truth" / "identifiers.parquet")["value"].to_pylist())
    for file in (root / "world" / "events").glob("*.parquet"):
        for column in pq.read_table(file, columns=list(_IDENTIFIERS)).columns:
            values |= set(column.drop_null().to_pylist())
    return values


def control(root: Path) -> list[str]:
    """Plant a marker everywhere; the places in which the scan does not find it."""
    shop = qianmian.init(root, name="control", clock=FixedClock(NOW))
    with planted(shop) as markers:
        hits = list(scan(shop.workspace.data, Needles(markers.texts.values(), markers.numbers.values())))
    shop.close()
    return _missed(markers, hits)


def leaks(shop: Shop, values: Iterable[str]) -> list[Hit]:
    """Raw identifiers anywhere in the data folder: even the vault holds them sealed only."""
    return list(scan(shop.workspace.data, Needles(values)))


def leaving(shop: Shop, root: Path, count: int) -> list[str]:
    """Names of people who ask to be erased, spread over the world."""
    people = pq.read_table(root / "world" / "truth" / "people.parquet", columns=["user_id"])
    names = [name for name in people["user_id"].to_pylist() if name]
    return names[:: max(len(names) // count, 1)][:count]


def subject_of(shop: Shop, names: list[str]) -> Subject:
    """What must be gone once these people are erased; nodes that also are others' stay."""
    vertices = shop.plan_erase(names).vertices
    whole = [vertex.node_id for vertex in vertices if vertex.is_whole]
    known = shop.workspace.vault.reveal(whole)
    people = ", ".join(str(_person(shop, vertex.node_id, vertex.since)) for vertex in vertices)
    ids = _ask(shop, f"SELECT DISTINCT person_id FROM persons WHERE person_id IN ({people})")
    keys = _ask(shop, f"SELECT event_key FROM events WHERE node_id IN ({', '.join(map(str, whole))})")
    values = {found.value for found in known.values() if not found.namespace.startswith("order")}
    return Subject(frozenset(values), frozenset({*whole, *ids, *keys} - {0}))


def remains(shop: Shop, subject: Subject) -> list[Hit]:
    """What is left of erased people."""
    return list(scan(shop.workspace.data, Needles(subject.values, subject.numbers)))


def others(shop: Shop, subject: Subject) -> dict[str, Counter[str]]:
    """Rows of everybody else, by relation: those that name none of the subject's ids."""
    gone = {str(number) for number in subject.numbers}
    kept: dict[str, Counter[str]] = {}
    for name, rows in read_state(shop.workspace.folder).items():
        if name not in ("codes", "suppression", "moved", "salts", "refused salts"):
            kept[name] = Counter({row: n for row, n in rows.items() if gone.isdisjoint(_numbers(row))})
    return kept


def _numbers(row: str) -> set[str]:
    return set("".join(letter if letter.isdecimal() else " " for letter in row).split())


def _missed(markers: Planted, hits: list[Hit]) -> list[str]:
    found = {hit.value for hit in hits}
    expected = {**markers.texts, **{place: str(number) for place, number in markers.numbers.items()}}
    unplanted = [
        place_of(table, column)
        for table in ALL_TABLES
        for column in table.columns
        if column.type in (Type.ID, Type.TEXT, Type.JSON) and place_of(table, column) not in expected
    ]
    return [*unplanted, *(place for place, marker in expected.items() if marker not in found)]


def _spoilt(root: Path) -> list[Path]:
    """The behaviour, with rows that are refused because a phone or an e-mail stands in the wrong column."""
    files = []
    for file in sorted((root / "world" / "events").glob("*.parquet")):
        rows = pq.read_table(file)
        kinds = [
            (row["phone"] or row["email"] or kind) if number % 7 == 0 else kind
            for number, (row, kind) in enumerate(
                zip(rows.select(["phone", "email"]).to_pylist(), rows["type"].to_pylist(), strict=True)
            )
        ]
        spoilt = root / file.name
        pq.write_table(rows.set_column(rows.column_names.index("type"), "type", pa.array(kinds)), spoilt)
        files.append(spoilt)
    return files


def _person(shop: Shop, node: int, since: object) -> int:
    instant = "IS NULL" if since is None else f"= TIMESTAMPTZ '{since}'"
    return _ask(shop, f"SELECT person_id FROM persons WHERE node_id = {node} AND since {instant}")[0]


def _ask(shop: Shop, query: str) -> list[int]:
    lake = shop.workspace.lake
    spill = shop.workspace.folder.parent / "look"
    with connect(lake, lake.snapshot(instant=NOW), threads=1, memory_mib=512, spill=spill) as connection:
        return [number for (number,) in connection.execute(query).fetchall()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=100, help="people to erase")
    parser.add_argument("--people", type=int, default=2_000)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        missed = control(root / "control")
        print(f"control: {len(missed)} places in which a planted marker was not found {missed[:5]}")
        shop = make_shop(root, told.people)
        values = identifiers(root)
        leaked = leaks(shop, values)
        print(f"{len(values):,} raw identifiers: {len(leaked)} found")
        names = leaving(shop, root, told.trials)
        subject = subject_of(shop, names)
        before = others(shop, subject)
        named = len(remains(shop, subject))
        shop.erase(shop.plan_erase(names))
        left = remains(shop, subject)
        after = others(shop, subject)
        print(f"{len(names)} people erased, {len(subject.numbers):,} ids: {named} places before, {len(left)} after")
    lost = sum((before[name] - after[name]).total() for name in before)
    extra = sum((after[name] - before[name]).total() for name in before)
    for hit in [*leaked, *left][:20]:
        print(f"    {hit}")
    found = {"trials": len(names), "lost": lost, "duplicated": extra, "unreadable": len(missed)}
    print(json.dumps({"name": "bytescan", **found, "leaked": len(leaked), "left": len(left)}))
    return 1 if missed or leaked or left or lost or extra else 0


if __name__ == "__main__":
    sys.exit(main())
