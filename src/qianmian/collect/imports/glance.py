"""What a few lines are as events, before they are imported: typed, checked, masked and under pseudonyms.

It is the import itself up to the point where it would write; nothing is kept, and the vault learns nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from qianmian.collect.imports import dedupe, identify, mentions, stage
from qianmian.collect.imports.mapping import Mapping
from qianmian.collect.imports.read import open_raw
from qianmian.collect.imports.shape import Shape
from qianmian.collect.imports.sql import Words
from qianmian.core.settings import Settings
from qianmian.lake.connection import Connection, bare_connection, fetch
from qianmian.lake.durable import storage_errors
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.suppression import SuppressionLedger

_MEMORY_MIB = 256
_TOLD = (
    *('"row"', "event_key", "event_id", "name", "occurred_at", "received_at", "channel", "device_type", "region"),
    *("order_id", "total", "currency", "properties", "node_id"),
)


class _Kept(Shape):
    """A shape whose typed rows are worked out once: of a few rows, planning them again is all the cost."""

    def keep(self, connection: Connection) -> None:
        """Make the table ``typed``, which `typed` reads from here on."""
        query = super().typed()
        connection.execute(f"CREATE TABLE typed AS {query}", self.words.used_in(query))

    def typed(self, where: str = "", extra: str = "") -> str:
        """The typed rows; nothing is ever asked of ``raw`` beside them."""
        assert not extra
        return f"SELECT * FROM typed {where}"


@dataclass(frozen=True)
class Glance:
    """Looks at lines as the import of a mapping would.

    Attributes:
        mapping: what a line means, and whose it is.
        settings: the workspace's time zone.
        keys: makes pseudonyms.
        suppression: the erased; what they did before is left out.
        scratch: a folder of its own, which holds the lines meanwhile; whoever made it clears it away.
    """

    mapping: Mapping
    settings: Settings
    keys: KeyRing
    suppression: SuppressionLedger
    scratch: Path

    def events(self, lines: Sequence[bytes], now: datetime) -> list[dict[str, Any]]:
        """The events among some lines, in order; what an import would refuse or pass over is left out.

        Args:
            lines: JSON objects.
            now: the current instant, UTC.

        Returns:
            Columns of ``events``, with ``row`` (number of the line, from 0), ``first_item`` (of the first order line)
            and ``nodes`` (all people's nodes that it names).
        """
        with storage_errors("scratch"):
            self.scratch.mkdir(parents=True, exist_ok=True)
            file = self.scratch / "lines"
            file.write_bytes(b"\n".join(lines) + b"\n")
        with bare_connection((self.scratch,), threads=1, memory_mib=_MEMORY_MIB, spill=self.scratch) as connection:
            raw = open_raw(connection, self.mapping, file, self.scratch)
            shape = _Kept(self.mapping, raw, Words(), self.mapping.time_zone or self.settings.time_zone, now, "")
            shape.keep(connection)
            people = self._stage(connection, shape)
            nodes = ", ".join(f"[{who.node}]" for who in people) or "[]::BIGINT[]"
            query = (
                f"SELECT {', '.join(_TOLD)}, item_id, products[1].item_id AS first_item, "
                f"list_filter(list_concat([], {nodes}), lambda x: x IS NOT NULL) AS nodes FROM staged "
                'WHERE verdict IS NULL AND "row" NOT IN (SELECT "row" FROM drops) ORDER BY "row"'
            )
            found: pa.Table = fetch(connection, query)
        return [row | {"row": row["row"] - 1} for row in found.to_pylist()]

    def _stage(self, connection: Connection, shape: Shape) -> tuple[identify.Who, ...]:
        """Make ``staged`` and ``drops`` as an import does; returns who is named, without order numbers."""
        named = identify.who_is_named(shape)
        for who in named:
            identify.find_nodes(connection, shape, who, self.keys)
        mentioned = mentions.who_is_mentioned(shape)
        for mention in mentioned:
            mentions.find_mentioned(connection, shape, mention, self.keys, self.suppression)
        dedupe.open_drops(connection)
        stage.stage_events(connection, shape, named, mentioned, self.scratch)
        identify.drop_suppressed(connection, shape, named, self.suppression)
        return tuple(who for who in named if who.node != "n_order")
