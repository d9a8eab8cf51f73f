"""No raw identifier outside the vault, and nothing at all of an erased person: every file decoded and searched."""

from __future__ import annotations

import argparse
import json
import re
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
from qianmian.core.people import id_text
from qianmian.core.tables import Type
from qianmian.lake.connection import Connection, connect
from qianmian.privacy.erasure import Vertex
from qianmian.unify.identity.place import placed, show_owners
from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan
from tests.faults.parts.needles import Needles
from tests.faults.parts.plant import Planted, place_of, planted
from tests.faults.parts.scan import Hit, scan
from tests.faults.parts.scene import NOW, mapping
from tests.faults.parts.state import read_state

_IDENTIFIERS = ("user_id", "wechat_unionid", "phone", "email", "anonymous_id", "device_id")
_ID = re.compile(r"(?<![a-z2-7])[a-z2-7]{13}(?![a-z2-7])")
#: Tags that compare a person with all others change when some of these leave.
_RELATIVE = re.compile(r'"(?:[rfm]_score|rfm)":[^,}]*,?')
_PLAN = WorldPlan(days=20, items=240, history_days=5)


@dataclass(frozen=True)
class Subject:
    """Somebody to be erased, as everything that could name them afterwards.

    Attributes:
        values: their identifiers.
        numbers: their node, vertex, person and event ids.
        beside: nobody's ids on devices that they shared: with them gone, an interval of nobody's may end elsewhere.
        shared: nodes that are theirs for some time and others' before or after.
        shared_values: the identifiers of these.
    """

    values: frozenset[str]
    numbers: frozenset[int]
    beside: frozenset[int]
    shared: frozenset[int]
    shared_values: frozenset[str]


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
    shared = [vertex.node_id for vertex in vertices if not vertex.is_whole]
    with _connection(shop) as connection:
        people = {_person(connection, vertex) for vertex in vertices}
        show_owners(connection)
        rows = f"SELECT event_key FROM ({placed(connection, 'events')}) WHERE person_id IN ({_listed(people)})"
        keys = {key for (key,) in connection.execute(rows).fetchall()}
        nobody = f"""SELECT person_id FROM persons WHERE node_id IN ({_listed(shared)})
                     AND person_id NOT IN (SELECT node_id FROM nodes)"""
        beside = {number for (number,) in connection.execute(nobody).fetchall()} - people
    return Subject(
        values=frozenset(found.value for found in known.values() if not found.namespace.startswith("order")),
        numbers=frozenset({*whole, *people, *keys} - {0}),
        beside=frozenset(beside),
        shared=frozenset(shared),
        shared_values=frozenset(found.value for found in shop.workspace.vault.reveal(shared).values()),
    )


def remains(shop: Shop, subject: Subject) -> list[Hit]:
    """What is left of erased people."""
    return list(scan(shop.workspace.data, Needles(subject.values, subject.numbers)))


def others(shop: Shop, subject: Subject) -> dict[str, Counter[str]]:
    """Rows of everybody else, by relation: those in which nothing of the subject is found, but for mentions."""
    gone = {id_text(number) for number in subject.numbers}
    needles = Needles(subject.values, subject.numbers | subject.beside)
    kept: dict[str, Counter[str]] = {}
    state = read_state(shop.workspace.folder)
    settled = {json.loads(row)["node_id"] for row in state["nodes"]} - subject.shared
    for name, rows in state.items():
        if name not in ("codes", "suppression", "moved", "salts", "refused salts"):
            told = (_ID.sub(lambda id_: "erased" if id_[0] in gone else id_[0], row) for row in rows.elements())
            own = (row for row in told if not any(needles.find(row.encode())))
            kept[name] = Counter(_RELATIVE.sub("", row) for row in own)
    shared = Needles(subject.shared_values)
    kept["persons"] = Counter(row for row in kept["persons"] if json.loads(row)["node_id"] in settled)
    kept["refused"] = Counter(row for row in kept["refused"] if not any(shared.find(row.encode())))
    return kept


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


def _person(connection: Connection, vertex: Vertex) -> int:
    query = "SELECT person_id FROM persons WHERE node_id = ? AND since IS NOT DISTINCT FROM ?"
    return int(connection.execute(query, [vertex.node_id, vertex.since]).fetchall()[0][0])


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers)) or "0"


def _connection(shop: Shop) -> Connection:
    lake, spill = shop.workspace.lake, shop.workspace.folder.parent / "look"
    return connect(lake, lake.snapshot(instant=NOW), threads=1, memory_mib=512, spill=spill)


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
