"""What the receiver of a sync may hold, and what is on its way: laid ready in pieces, noted as done one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from qianmian.act.assign import PIECE
from qianmian.app.answers import Computed
from qianmian.app.syncs.tables import SYNC_DELIVERIES, SYNC_KEYS, SYNC_PEOPLE, SYNC_QUEUE
from qianmian.core.clock import Clock
from qianmian.privacy.database import declared, instant_of, microseconds

ENTERED, CHANGED, LEFT = "entered", "changed", "left"
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class HeldPerson:
    """Somebody whom the receiver may hold.

    Attributes:
        node: of the identifier; None = it is not known any more.
        tag_values: what it was told last, as JSON; None = it may not have been told.
    """

    node: int | None = None
    tag_values: str | None = None


@dataclass(frozen=True)
class Queued:
    """A person in a piece that the receiver does not have yet."""

    person_key: int
    node_id: int
    change: str
    cause: str
    tag_values: str | None = None
    tag_values_before: str | None = None


@dataclass(frozen=True)
class Delivery:
    """A difference between two builds that was laid ready.

    Attributes:
        delivery: number within the sync; grows.
        build: the build that it tells.
        computed_at: the build's instant.
        pieces: in which it leaves.
        done: of them, that the receiver has.
        entered_people: who entered, as the receiver was told.
        changed_people: whose values changed.
        left_people: whom it was told to remove.
        started_at: when it was laid ready.
        ended_at: when the receiver had its last piece; None = it has not.
    """

    delivery: int
    build: int
    computed_at: datetime
    pieces: int
    done: int
    entered_people: int
    changed_people: int
    left_people: int
    started_at: datetime
    ended_at: datetime | None


def key_of(chance: int, node: int) -> int:
    """A sync's key of an identifier: a keyed hash of 63 bits, from which without its chance nobody tells another's."""
    digest = hashlib.blake2b(node.to_bytes(8, "big", signed=True), key=chance.to_bytes(8, "big"), digest_size=8)
    return int.from_bytes(digest.digest(), "big") >> 1


class Held:
    """What is known of one sync's receiver."""

    def __init__(self, catalogue: sa.Engine, clock: Clock, sync: int) -> None:
        """Of the sync with that number, in a catalogue whose tables exist."""
        self._catalogue, self._clock, self._sync = catalogue, clock, sync
        self._deliveries, self._queue, self._people, self._keys = (
            declared(one) for one in (SYNC_DELIVERIES, SYNC_QUEUE, SYNC_PEOPLE, SYNC_KEYS)
        )

    def size(self) -> int:
        """People whom the receiver may hold."""
        asked = sa.select(sa.func.count()).where(self._keys.c.sync == self._sync)
        with self._catalogue.connect() as connection:
            return int(connection.execute(asked).scalar_one())

    def all(self) -> dict[int, HeldPerson]:
        """Whom the receiver may hold, by key."""
        with self._catalogue.connect() as connection:
            keys = connection.execute(
                sa.select(self._keys.c.person_key).where(self._keys.c.sync == self._sync)
            ).scalars()
            held = dict.fromkeys(keys, HeldPerson())
            people = sa.select(self._people).where(self._people.c.sync == self._sync)
            known = {row.person_key: HeldPerson(row.node_id, row.tag_values) for row in connection.execute(people)}
        return held | known

    def deliveries(self, most: int = 200) -> list[Delivery]:
        """The deliveries, the newest first."""
        table = self._deliveries
        asked = sa.select(table).where(table.c.sync == self._sync).order_by(table.c.delivery.desc()).limit(most)
        with self._catalogue.connect() as connection:
            return [_readable(row) for row in connection.execute(asked).mappings().all()]

    def unfinished(self) -> Delivery | None:
        """The delivery of which the receiver has not all pieces."""
        return next((one for one in self.deliveries(1) if one.ended_at is None), None)

    def lay_ready(self, rows: Sequence[Queued], computed: Computed) -> Delivery:
        """Part a difference into pieces, and keep it until the receiver has them: their numbers never change.

        Whoever enters counts as held from now on, since nobody knows how far a process that dies has come.
        """
        now, number = microseconds(self._clock.now()), 1 + max((one.delivery for one in self.deliveries(1)), default=0)
        told = {"build": computed.build, "computed_at": microseconds(computed.instant), "started_at": now}
        counts = {
            "pieces": -(-len(rows) // PIECE),
            "done": 0,
            "entered_people": 0,
            "changed_people": 0,
            "left_people": 0,
        }
        queued = [{"sync": self._sync, "piece": at // PIECE + 1, **vars(row)} for at, row in enumerate(rows)]
        fresh = {row.person_key for row in rows if row.change == ENTERED} - self.all().keys()
        with self._catalogue.begin() as connection:
            connection.execute(sa.insert(self._deliveries).values(sync=self._sync, delivery=number, **told, **counts))
            connection.execute(sa.insert(self._queue), queued)
            if fresh:
                connection.execute(sa.insert(self._keys), [{"sync": self._sync, "person_key": key} for key in fresh])
        return self.deliveries(1)[0]

    def piece(self, number: int) -> list[Queued]:
        """The people of a piece who were not erased since, by key."""
        table = self._queue
        asked = sa.select(table).where(table.c.sync == self._sync, table.c.piece == number).order_by(table.c.person_key)
        with self._catalogue.connect() as connection:
            return [_queued(row) for row in connection.execute(asked).mappings().all()]

    def done(self, delivery: Delivery, number: int, rows: Sequence[Queued], told: Collection[int]) -> None:
        """Note that the receiver has a piece.

        Args:
            delivery: the delivery.
            number: of the piece.
            rows: its people.
            told: keys of those of them of whom the receiver was really told.
        """
        keys = [row.person_key for row in rows]
        gone = [row.person_key for row in rows if row.change == LEFT]
        held = [
            {"sync": self._sync, "person_key": row.person_key, "node_id": row.node_id,
             "tag_values": row.tag_values if row.person_key in told else None}
            for row in rows if row.change != LEFT
        ]  # fmt: skip
        table, last = self._deliveries, number == delivery.pieces
        values: dict[Any, Any] = {
            table.c[column]: table.c[column] + sum(row.change == change and row.person_key in told for row in rows)
            for column, change in (("entered_people", ENTERED), ("changed_people", CHANGED), ("left_people", LEFT))
        }
        values |= {table.c.done: number} | ({table.c.ended_at: microseconds(self._clock.now())} if last else {})
        ours = table.c.sync == self._sync, table.c.delivery == delivery.delivery
        with self._catalogue.begin() as connection:
            self._delete(connection, self._people, keys)
            self._delete(connection, self._keys, gone)
            if held:
                connection.execute(sa.insert(self._people), held)
            queue = self._queue
            connection.execute(sa.delete(queue).where(queue.c.sync == self._sync, queue.c.piece == number))
            connection.execute(sa.update(table).where(*ours).values(values))

    def _delete(self, connection: sa.Connection, table: sa.Table, keys: list[int]) -> None:
        for start in range(0, len(keys), _ROWS_AT_ONCE):
            some = table.c.person_key.in_(keys[start : start + _ROWS_AT_ONCE])
            connection.execute(sa.delete(table).where(table.c.sync == self._sync, some))


def _queued(row: sa.RowMapping) -> Queued:
    return Queued(**{name: row[name] for name in Queued.__dataclass_fields__})


def _readable(row: sa.RowMapping) -> Delivery:
    told = {name: row[name] for name in Delivery.__dataclass_fields__}
    told |= {name: instant_of(row[name]) for name in ("computed_at", "started_at")}
    return Delivery(**told | {"ended_at": None if row["ended_at"] is None else instant_of(row["ended_at"])})
