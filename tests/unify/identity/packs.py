"""Many histories in one lake in memory: what publish decides costs a statement and not a history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

import duckdb
import numpy as np
import pyarrow as pa

from qianmian.lake.connection import Connection, fetch
from qianmian.unify.identity.by_hand import Decisions, Merge, Split
from qianmian.unify.identity.evidence import Scope
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING, Ints
from qianmian.unify.identity.publish import believe
from qianmian.unify.identity.rules import Rules
from tests.unify.identity.made_up import History, Told, Wish

_INSTANT = pa.timestamp("us", tz="UTC")
#: `persons` before anybody is known.
NOBODY = pa.table(
    {
        "node_id": pa.array([], pa.int64()),
        "since": pa.array([], _INSTANT),
        "until": pa.array([], _INSTANT),
        "person_id": pa.array([], pa.int64()),
        "version": pa.array([], pa.int64()),
    }
)
_ROWS = f"""
SELECT node_id, coalesce(epoch_us(since), {FROM_THE_BEGINNING}) AS since, epoch_us(until) AS until, person_id
FROM given ORDER BY node_id, given.since NULLS FIRST
"""


@dataclass(frozen=True)
class Pack:
    """Histories without a node in common, which are published at the same times.

    Attributes:
        histories: the histories.
        rules: identity rules of all of them.
        connection: has all nodes and links.
    """

    histories: Sequence[History]
    rules: Rules
    connection: Connection

    def heard(self, at: int) -> Decisions:
        """Decisions that stand with a publish."""
        return decisions(wish for one in self.histories for wish in one.wishes if wish.stands(at))

    def changed(self, at: int) -> set[int]:
        """Nodes about which something was decided or undone since the publish before."""
        return {
            node
            for one in self.histories
            for wish in one.wishes
            if wish.stands(at) != wish.stands(at - 1)
            for node in wish.nodes()
        }

    def grown(self, persons: pa.Table, at: int, by_hand: Decisions, decided: Iterable[int]) -> pa.Table:
        """`persons` after a publish that goes on from them, by the links of that publish."""
        scope = Scope(False, self._blocked(), by_hand, decided, until=at)
        with self._shown(persons, at - 1) as connection:
            belief = believe(connection, scope, self.rules, at)
            connection.register("fresh", belief.persons)
            connection.register("gone", pa.table({"node_id": belief.gone}))
            return fetch(
                connection,
                "SELECT * FROM persons WHERE node_id NOT IN (SELECT node_id FROM fresh UNION SELECT node_id FROM gone) "
                "UNION ALL BY NAME FROM fresh",
            )

    def whole(self, at: int, by_hand: Decisions) -> pa.Table:
        """`persons` resolved at once from all links up to a publish."""
        with self._shown(NOBODY, -1) as connection:
            return believe(connection, Scope(True, self._blocked(), by_hand, until=at), self.rules, at).persons

    def _blocked(self) -> list[int]:
        return [node for one in self.histories for node in one.blocked]

    def _shown(self, persons: pa.Table, after: int) -> Connection:
        connection = self.connection.cursor()
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET VARIABLE batch = $after", {"after": after})
        connection.register("persons", persons)
        return connection


def pack(histories: Sequence[History], rules: Rules) -> Pack:
    """Put histories into a lake in memory."""
    told = [row for one in histories for row in one.told]
    known: dict[int, int] = {}
    for batch, row in told:
        for node in (row.a, row.b):
            known[node] = min(batch, known.get(node, batch))
    names = {node: name for one in histories for node, name in one.names.items()}
    assert len(names) == sum(len(one.names) for one in histories), "histories share a node"
    nodes = [node for node in known if node]
    connection = duckdb.connect(config={"threads": 1})
    _make(connection, "nodes", {"node_id": nodes, "namespace": [names[node] for node in nodes],
                                "batch": [known[node] for node in nodes]})  # fmt: skip
    columns = zip(*((*vars(row).values(), batch) for batch, row in told), strict=True)
    _make(connection, "links", dict(zip((*Told.__annotations__, "batch"), map(list, columns), strict=True)))
    connection.execute('ALTER TABLE links ALTER "at" TYPE TIMESTAMPTZ USING make_timestamptz("at")')
    return Pack(histories, rules, connection)


def _make(connection: Connection, name: str, columns: dict[str, list[int] | list[str]]) -> None:
    connection.register("given", pa.table(columns))
    connection.execute(f"CREATE TABLE {name} AS FROM given")


def told_again(histories: Iterable[History], chance: Random, publishes: int) -> list[History]:
    """The same evidence and decisions in another order and other batches; merges keep theirs."""

    def again(one: History) -> History:
        told = [(chance.randrange(publishes), row) for _, row in one.told]
        chance.shuffle(told)
        return replace(one, told=told, wishes=[heard_at(wish) for wish in one.wishes])

    def heard_at(wish: Wish) -> Wish:
        published = chance.randrange(publishes)
        return replace(wish, published=published, undone=None if wish.undone is None else max(wish.undone, published))

    return [again(one) for one in histories]


def decisions(wishes: Iterable[Wish]) -> Decisions:
    """As publish hears them."""
    made = [wish.made for wish in wishes]
    return Decisions(
        tuple(one for one in made if isinstance(one, Merge)), tuple(one for one in made if isinstance(one, Split))
    )


def rows(persons: pa.Table) -> Ints:
    """All rows but for the version, in order: node, since, until (−1 = none), person."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("given", persons)
        table = fetch(connection, _ROWS)
    return np.stack([column.fill_null(-1).to_numpy() for column in table.columns])


def different(one: pa.Table, other: pa.Table) -> Ints:
    """Nodes whose rows are not the same in both."""
    left, right = rows(one), rows(other)
    if left.shape == right.shape and (left == right).all():
        return np.empty(0, np.int64)
    both = {tuple(row) for row in left.T.tolist()} ^ {tuple(row) for row in right.T.tolist()}
    return np.array(sorted({row[0] for row in both}), np.int64)
