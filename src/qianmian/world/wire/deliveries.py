"""Which client sends what together: deliveries are cut into requests as SDKs cut them, and retries stay retries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qianmian.core import events
from qianmian.world.trace import NONE, Flags, Integers

#: Who sends: a page in a browser, an app or mini-program, or the shop's servers, tills and marketplaces.
BROWSER, APP, SERVER = range(3)
_CODED = ["type", "event", "channel", "device_type", "user_agent", "region", "item_id", "currency", "consent"]


@dataclass(frozen=True)
class Flush:
    """When a client sends: after so many events, or so long after the first of them."""

    events: int
    seconds: float


@dataclass(frozen=True)
class Deliveries:
    """A file of the world's events, cut into requests; one entry a delivery, in order of arrival.

    Attributes:
        table: the events, in order of the file.
        row: position of each delivery in the table.
        client: `BROWSER`, `APP` or `SERVER`.
        retry: whether the same message was sent before.
        request: number of its request, ascending from 0.
        joins: whether it is the first sign-in on somebody's own device in an app.
        sent_at: when the request was sent by the client's clock, microseconds since 1970.
        received_at: when we got it.
    """

    table: pa.Table
    row: Integers
    client: Integers
    retry: Flags
    request: Integers
    joins: Flags
    sent_at: Integers
    received_at: Integers

    def __len__(self) -> int:
        return len(self.row)

    def slices(self, rows: int) -> list[slice]:
        """Cuts of about so many deliveries that keep every request whole."""
        cuts = np.arange(0, len(self), rows)
        starts = np.searchsorted(self.request, self.request[cuts])
        ends = np.append(starts[1:], len(self))
        return [slice(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if a < b]


def read_deliveries(file: Path, flushes: tuple[Flush, Flush, Flush]) -> Deliveries:
    """Read a file of events and decide what travels together.

    Args:
        file: of a generated world, sorted by arrival.
        flushes: of a browser, an app, a server.
    """
    table = pq.read_table(file, read_dictionary=_CODED).combine_chunks()
    received = _micros(table["received_at"])
    stream, named = _codes(table["anonymous_id"])
    client = np.where(~named, SERVER, np.where(_is_browser(table), BROWSER, APP)).astype(np.int8)
    stream = np.where(named, stream, NONE)
    message, _ = _codes(table["message_id"])
    first = np.full(int(message.max(initial=-1)) + 1, -1)
    order = np.arange(len(message))[::-1]
    first[message[order]] = order  # the file is sorted by arrival, so the first of equal ids came first
    retry = first[message] < np.arange(len(message))
    # An SDK renews its clock on each attempt; the table keeps that of the first.
    sent = _micros(table["sent_at"]) + received - received[first[message]]

    row = np.argsort(stream, kind="stable")
    request = _cut(stream[row], client[row], retry[row], received[row], flushes)
    starts = np.flatnonzero(np.diff(request, prepend=-1))
    arrives = np.maximum.reduceat(received[row], starts) if len(row) else received
    leaves = np.maximum.reduceat(sent[row], starts) if len(row) else sent
    turn = np.argsort(np.argsort(arrives, kind="stable"), kind="stable")
    final = np.argsort(turn[request], kind="stable")
    row, request = row[final], request[final]
    return Deliveries(
        table=table,
        row=row,
        client=client[row],
        retry=retry[row],
        request=turn[request],
        joins=_joins(table, stream, client)[row],
        sent_at=leaves[request],
        received_at=arrives[request],
    )


def _cut(stream: Integers, client: Integers, retry: Flags, at: Integers, flushes: tuple[Flush, ...]) -> Integers:
    """Number of the request of each delivery, of deliveries sorted by stream and arrival."""
    wait = (np.array([flush.seconds for flush in flushes]) * 1e6).astype(np.int64)[client]
    most = np.array([flush.events for flush in flushes])[client]
    later = np.diff(at, prepend=0) > wait
    begins = (np.diff(stream, prepend=NONE - 1) != 0) | later | retry | np.append(False, retry[:-1])[: len(retry)]
    run = np.cumsum(begins) - 1
    starts = np.flatnonzero(begins)
    place = np.arange(len(run)) - starts[run] if len(run) else run
    numbers: Integers = np.cumsum(begins | (place % most == 0)) - 1
    return numbers


def _joins(table: pa.Table, stream: Integers, client: Integers) -> Flags:
    """The first sign-in of each app on a device that is not shared, by row of the table."""
    signs_in = pc.and_(pc.equal(table["event"], events.SIGNED_IN), pc.is_valid(table["user_id"]))
    own = pc.not_equal(table["device_type"], "tablet")
    rows = np.flatnonzero(pc.fill_null(pc.and_(signs_in, own), False).to_numpy() & (client == APP))
    _, first = np.unique(stream[rows], return_index=True)
    flags = np.zeros(len(stream), np.bool_)
    flags[rows[first]] = True
    return flags


def _is_browser(table: pa.Table) -> Flags:
    """A browser cannot read an id of its device."""
    flags: Flags = pc.is_null(table["device_id"]).to_numpy()
    return flags


def _codes(column: pa.ChunkedArray) -> tuple[Integers, Flags]:
    """Equal texts as equal numbers, and where there is a text."""
    array = column.combine_chunks()
    codes = pc.dictionary_encode(array).indices
    return codes.fill_null(0).to_numpy(), pc.is_valid(array).to_numpy(zero_copy_only=False)


def _micros(column: pa.ChunkedArray) -> Integers:
    numbers: Integers = column.cast(pa.int64()).to_numpy()
    return numbers
