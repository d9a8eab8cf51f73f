"""The calls of an SDK: every event is one, and some events make the SDK call for more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.core import events
from qianmian.world.trace import Flags, Integers
from qianmian.world.wire.deliveries import BROWSER, Deliveries
from qianmian.world.wire.json_text import joined

#: Kinds of call; an event itself is a track or an identify.
TRACK, IDENTIFY, PAGE, GROUP, ALIAS = range(5)
TYPES = ("track", "identify", "page", "group", "alias")


@dataclass(frozen=True)
class Calls:
    """Calls of a slice of deliveries, in the order in which the SDK makes them.

    Attributes:
        table: columns of the world's events, a row a call.
        kind: position in `TYPES`.
        message_id: of each call.
        beside: whether the call only goes beside an event.
        client: who sends it.
        retry: whether it was sent before.
        request: number of its request.
        sent_at: when its request left, by the client's clock.
        received_at: when it arrived.
    """

    table: pa.Table
    kind: Integers
    message_id: pa.Array
    beside: Flags
    client: Integers
    retry: Flags
    request: Integers
    sent_at: pa.Array
    received_at: pa.Array

    def __len__(self) -> int:
        return len(self.kind)

    def column(self, name: str) -> pa.Array:
        """A column of the events as one array."""
        return self.table[name].combine_chunks()

    @property
    def first_of_requests(self) -> Integers:
        """Position of the first call of each request."""
        return np.flatnonzero(np.diff(self.request, prepend=-1))


def make_calls(deliveries: Deliveries, rows: slice) -> Calls:
    """The calls of some deliveries.

    A sign-in identifies first; the first one on an own device in an app also joins the anonymous id (alias); a look at
    goods in a browser is a page as well; who opens or joins a group buy is put into its group. A retry repeats only
    the message that was lost.
    """
    taken = deliveries.row[rows]
    table = deliveries.table.take(pa.array(taken))
    client, fresh = deliveries.client[rows], ~deliveries.retry[rows]
    names = table["event"].combine_chunks()
    signs_in = _named(names, events.SIGNED_IN) & fresh
    looks = _named(names, events.PRODUCT_VIEWED) & fresh & (client == BROWSER)
    grouped = (_named(names, events.GROUP_BUY_OPENED) | _named(names, events.GROUP_BUY_JOINED)) & fresh
    known = pc.is_valid(table["user_id"].combine_chunks()).to_numpy(False)
    identifies = np.flatnonzero(signs_in & known)
    aliases = np.flatnonzero(deliveries.joins[rows] & fresh)
    beside = ((IDENTIFY, identifies), (ALIAS, aliases), (PAGE, np.flatnonzero(looks)), (GROUP, np.flatnonzero(grouped)))
    main = np.where(pc.equal(table["type"].combine_chunks(), "identify").to_numpy(False), IDENTIFY, TRACK)
    places = np.concatenate([*(place for _, place in beside), np.arange(len(main))])
    kinds = np.concatenate([*(np.full(len(place), kind) for kind, place in beside), main])
    extra = np.arange(len(places)) < len(places) - len(main)
    order = np.lexsort((~extra, places))
    places, kinds, extra = places[order], kinds[order].astype(np.int8), extra[order]
    ids = table["message_id"].combine_chunks().take(pa.array(places))
    suffix = pc.take(pa.array([f"-{name}" for name in TYPES]), pa.array(kinds))
    return Calls(
        table=table.take(pa.array(places)),
        kind=kinds,
        message_id=pc.if_else(pa.array(extra), joined(ids, suffix), ids),
        beside=extra,
        client=client[places],
        retry=~fresh[places],
        request=deliveries.request[rows][places],
        sent_at=_instants(deliveries.sent_at[rows][places]),
        received_at=_instants(deliveries.received_at[rows][places]),
    )


def group_ids(calls: Calls) -> pa.Array:
    """Number of the group that an event's properties name; null where they name none."""
    found = pc.extract_regex(calls.column("properties"), '"group_id":"(?P<id>[^"]+)"')
    return pc.struct_field(found, "id")


def _named(names: pa.DictionaryArray, name: str) -> Flags:
    flags: Flags = pc.fill_null(pc.equal(names, name), False).to_numpy(False)
    return flags


def _instants(micros: Integers) -> pa.Array:
    return pa.array(micros).cast(pa.timestamp("us", "UTC"))
