"""Small lakes of links and what people decided: resolved at once, or from what was believed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from qianmian.core.people import NAMESPACES
from qianmian.lake.connection import Connection
from qianmian.unify.identity.by_hand import NO_DECISIONS, Decisions
from qianmian.unify.identity.evidence import Scope, show_scope
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.publish import resolved, without_kept
from qianmian.unify.identity.rules import DAY, Limit, Rules, Shared

#: Ids are spread as hashes are, and against the order of strength.
_SPACES = {
    "user_id": range(901, 904),
    "wechat_unionid": range(801, 803),
    "phone": range(501, 503),
    "anonymous_id": range(301, 303),
    "device": range(101, 103),
}
NODES = {number << 52: namespace for namespace, numbers in _SPACES.items() for number in numbers}
#: Browsers of a crowd, which one link each joins to somebody.
CROWD = [number << 52 for number in range(1000, 2040)]
_NAMES = NODES | dict.fromkeys(CROWD, "anonymous_id")
RULES = Rules(
    limits=(Limit("user_id", 1), Limit("wechat_unionid", 1), Limit("anonymous_id", 1000), Limit("device", 1)),
    shared=Shared(1, 40, ("wechat_unionid", "phone")),
    holds_days=(("phone", 100),),
)
Row = tuple[int, int, int]


@dataclass(frozen=True)
class Link:
    """One statement: a and b seen together or signed in, a alone signed out."""

    a: int
    b: int
    kind: str
    day: int
    event: int


def link(one: int, other: int, day: int, event: int, *, is_out: bool = False) -> Link:
    """What an event says that shows two identifiers; of one alone, a sign-out."""
    strong, weak = sorted((one, other), key=lambda node: (NAMESPACES.index(_NAMES[node]), node))
    if is_out or strong == weak:
        return Link(weak, 0, "sign_out", day, event)
    return Link(strong, weak, "sign_in" if _NAMES[strong] == "user_id" else "together", day, event)


@dataclass(frozen=True)
class History:
    """Links with the batch that brought each, and what people decided.

    Attributes:
        told: batch and link.
        by_hand: decisions that stand.
        rules: identity rules.
        nobody: blocked nodes.
    """

    told: Sequence[tuple[int, Link]] = ()
    by_hand: Decisions = NO_DECISIONS
    rules: Rules = RULES
    nobody: Iterable[int] = ()

    def with_(self, *links: Link, batch: int) -> History:
        """With a batch more."""
        return replace(self, told=[*self.told, *((batch, one) for one in links)])

    def full(self) -> list[Row]:
        """Everybody, resolved at once."""
        with _connected(self.told, (), -1) as connection:
            show_scope(connection, Scope(True, self.nobody, self.by_hand))
            found = resolved(connection, self.rules, self.by_hand)
        return sorted(zip(found.node.tolist(), found.since.tolist(), found.person.tolist(), strict=True))

    def grown(self, persons: Sequence[Row], after: int, decided: Iterable[int] = ()) -> list[Row]:
        """Everybody, after an increment by the batches after one and decisions about some nodes."""
        with _connected(self.told, persons, after) as connection:
            show_scope(connection, Scope(False, self.nobody, self.by_hand, list(decided)))
            now = without_kept(connection, resolved(connection, self.rules, self.by_hand))
            touched = {person for (person,) in connection.execute("FROM touched").fetchall()}
        changed = zip(now.node.tolist(), now.since.tolist(), now.person.tolist(), strict=True)
        return sorted([*(row for row in persons if row[2] not in touched), *changed])


def _connected(told: Sequence[tuple[int, Link]], persons: Sequence[Row], after: int) -> Connection:
    known: dict[int, int] = {}
    for batch, one in told:
        for node in {one.a, one.b} - {0}:
            known[node] = min(batch, known.get(node, batch))
    instant = pa.timestamp("us", tz="UTC")
    since = [None if row[1] == FROM_THE_BEGINNING else row[1] for row in persons]
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET VARIABLE batch = $after", {"after": after})
    tables = {
        "nodes": {
            "node_id": pa.array(known, pa.int64()),
            "namespace": pa.array([_NAMES[node] for node in known], pa.string()),
            "batch": pa.array(known.values(), pa.int64()),
        },
        "links": {
            "a": pa.array([one.a for _, one in told], pa.int64()),
            "b": pa.array([one.b for _, one in told], pa.int64()),
            "kind": pa.array([one.kind for _, one in told], pa.string()),
            "rule": pa.array([one.kind for _, one in told], pa.string()),
            "source": pa.array(["shop"] * len(told), pa.string()),
            "event_id": pa.array([f"e{one.event}" for _, one in told], pa.string()),
            "at": pa.array([one.day * DAY for _, one in told], pa.int64()).cast(instant),
            "batch": pa.array([batch for batch, _ in told], pa.int64()),
        },
        "persons": {
            "node_id": pa.array([row[0] for row in persons], pa.int64()),
            "since": pa.array(since, pa.int64()).cast(instant),
            "person_id": pa.array([row[2] for row in persons], pa.int64()),
        },
    }
    for name, columns in tables.items():
        connection.register("given", pa.table(columns))
        connection.execute(f"CREATE TABLE {name} AS FROM given")
    return connection
