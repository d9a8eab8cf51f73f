"""Everything that a workspace holds, in a comparable form, and the files in it that nothing explains."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qianmian.app.intake.files import WatchedFiles
from qianmian.app.intake.folders import WatchedFolders
from qianmian.app.shop import Shop
from qianmian.app.tables import ALL_TABLES
from qianmian.lake.connection import connect
from qianmian.profile.history import files as history
from qianmian.profile.history.segments import segments
from tests.faults.parts.scene import NOW, open_shop

#: Tables of the lake whose rows are compared, with the columns that only number the work: another try has others.
_NUMBERS = {
    **dict.fromkeys(("events", "event_lines", "nodes", "links", "items", "orders", "refunds"), ("batch",)),
    **dict.fromkeys(("persons", "moved"), ("version",)),
    **dict.fromkeys(("partials", "codes"), ()),
}
RELEASED = (*_NUMBERS, "history")
_KEYS = {table.name: table.key for table in ALL_TABLES}
_NOT_NAMED = (
    r"lease",
    r"(vault|catalogue|keys/salts)\.db(-wal|-shm)?",
    r"keys/(master\.key|wrapped-[0-9a-f]{16}\.json)",
    r"lake/\w+/_delta_log/(\d{20}\.json|\d{20}\.checkpoint\.parquet|_last_checkpoint)",
)
State = Mapping[str, Counter[str]]


@dataclass(frozen=True)
class Difference:
    """Rows of a state that are not those of another.

    Attributes:
        lost: rows that are missing, by relation.
        extra: rows that are too many.
    """

    lost: Mapping[str, int]
    extra: Mapping[str, int]

    def __bool__(self) -> bool:
        return bool(self.lost or self.extra)


def read_state(folder: Path) -> State:
    """All rows of a workspace by relation, each as text."""
    shop = open_shop(folder)
    try:
        return {**_lake(shop, folder), **_secrets(shop)}
    finally:
        shop.close()


def compare(state: State, expected: State, relations: Iterator[str] | tuple[str, ...] | None = None) -> Difference:
    """What a state lacks of the expected one, and what it has beyond it."""
    names = tuple(expected) if relations is None else tuple(relations)
    lost = {name: (expected[name] - state[name]).total() for name in names}
    extra = {name: (state[name] - expected[name]).total() for name in names}
    return Difference(*({name: rows for name, rows in found.items() if rows} for found in (lost, extra)))


def leftovers(folder: Path) -> list[str]:
    """Files below the data folder that no version of a table, no database and no log explains."""
    shop = open_shop(folder)
    try:
        lake, data = shop.workspace.lake, shop.workspace.data
        named = {(log.folder / path).absolute() for log in lake.logs.values() for path in log.named_paths()}
        with _connection(shop, folder) as connection:
            found = connection.execute("SELECT file FROM segments").fetchall()
            named |= {(lake.root / history.FOLDER / name).absolute() for (name,) in found}
    finally:
        shop.close()
    files = [path for path in data.rglob("*") if path.is_file() and path.absolute() not in named]
    return sorted(name for path in files if not _is_known(name := path.relative_to(data).as_posix()))


def _is_known(name: str) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in _NOT_NAMED)


def _lake(shop: Shop, folder: Path) -> Iterator[tuple[str, Counter[str]]] | dict[str, Counter[str]]:
    rows: dict[str, Counter[str]] = {}
    with _connection(shop, folder) as connection:
        for table, numbers in _NUMBERS.items():
            left_out = f"EXCLUDE ({', '.join(numbers)})" if numbers else ""
            rows[table] = _texts(connection, f"SELECT * {left_out} FROM {table}")
            key = ", ".join(name for name in _KEYS[table])
            rows[f"repeated keys of {table}"] = _texts(
                connection, f"SELECT {key} FROM {table} GROUP BY ALL HAVING count(*) > 1"
            )
        parts = segments(connection, shop.workspace.lake.storage, history.Buckets())
        connection.register("history", history.merged(history.read(part, history.Buckets()) for part in parts))
        rows["history"] = _texts(connection, "SELECT * FROM history")
    return rows


def _texts(connection: Any, query: str) -> Counter[str]:
    return Counter(text for (text,) in connection.execute(f"SELECT to_json(r)::VARCHAR FROM ({query}) AS r").fetchall())


def _connection(shop: Shop, folder: Path) -> Any:
    lake = shop.workspace.lake
    return connect(lake, lake.snapshot(instant=NOW), threads=1, memory_mib=256, spill=folder.parent / "look")


def _secrets(shop: Shop) -> dict[str, Counter[str]]:
    """What lies in SQLite: decrypted, so that another salt of the same value makes no difference."""
    workspace = shop.workspace
    with workspace.vault._engine.connect() as connection:
        nodes = list(connection.exec_driver_sql("SELECT node_id FROM identifiers").scalars())
        ledger = list(connection.exec_driver_sql("SELECT hex(digest), since, until, erased_at FROM suppression"))
    with workspace.keys._engine.connect() as connection:
        salts = list(connection.exec_driver_sql("SELECT id FROM salts").scalars())
        refused_salts = connection.exec_driver_sql("SELECT count(*) FROM refused_salts").scalar_one()
    known = workspace.vault.reveal(nodes)
    refused = [f"{row.position} {row.reason} {row.field} {row.detail} {row.body}" for row in workspace.refused.bodies()]
    return {
        "identifiers": Counter(f"{node} {found.namespace} {found.value}" for node, found in known.items()),
        "unreadable identifiers": Counter(str(node) for node in nodes if node not in known),
        "salts": Counter(map(str, salts)),
        "refused": Counter(refused),
        "refused salts": Counter({"": refused_salts}),
        "suppression": Counter(str(tuple(row)) for row in ledger),
        "watched files": Counter(_watched(shop)),
        "batches": Counter(_batch(row) for row in shop.batches.all() if row["report"]),
    }


def _watched(shop: Shop) -> Iterator[str]:
    workspace = shop.workspace
    for folder in WatchedFolders(workspace.catalogue, workspace.clock).all():
        yield from (f"{file.name} {file.status} {file.batch}" for file in WatchedFiles(workspace, folder.name).all())


def _batch(row: Mapping[str, Any]) -> str:
    told = {name: row["report"][name] for name in ("read", "accepted", "events", "lines", "duplicates")}
    return f"{row['file']} {json.dumps(told)} {'undone' if row['undone_at'] else 'stands'}"
