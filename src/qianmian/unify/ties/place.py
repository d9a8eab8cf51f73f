"""The place of an event among all: one number that orders them by instant, then by key."""

from __future__ import annotations

_KEY_BITS = (1 << 63) - 1

#: SQL of the place of a row with ``occurred_at`` and ``event_key``.
PLACE = "((epoch_us(occurred_at)::HUGEINT << 63) | event_key)"
#: SQL of what a place is made of; no file holds a place, for Parquet has no integer so large.
AT = "make_timestamptz(({0} >> 63)::BIGINT)"
KEY = f"({{0}} & {_KEY_BITS})::BIGINT"
