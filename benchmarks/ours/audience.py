"""Our side of audiences, through the Python door."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measuring.asking import timed
from benchmarks.ours.shops import opened, results
from qianmian.app.shop import ANALYSE, Shop


def sizes(shop: str, conditions: dict[str, str]) -> dict[str, Any]:
    """The size of each audience, and how long it took to find."""
    with opened(shop) as found:
        return {name: timed(partial(_size, found, text)) for name, text in conditions.items()}


def _size(shop: Shop, condition: str) -> int:
    return shop.audience(condition).size()


def prepare(shop: str, out: str) -> dict[str, Any]:
    """For the peer: history with words and categories as one Parquet file, sorted by person."""
    Path(out).mkdir(parents=True, exist_ok=True)
    with opened(shop) as found, found.asking(ANALYSE) as (read, _):
        read.show_history()
        meaning = ", ".join(_words(read, name) for name in ("category", "channel"))
        made = found.workspace.lake.root / "behaviour.parquet"
        read.connection.execute(f"""
            COPY (SELECT person_id, occurred_at, happened_on, event_key, line, words.text AS event, {meaning}
                  FROM history JOIN (SELECT code, text FROM codes WHERE kind = 'event') AS words
                  ON history.event = words.code ORDER BY person_id, occurred_at, event_key)
            TO '{made}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)""")
        made.replace(Path(out) / "behaviour.parquet")
    profiles = [results(shop, ["profiles"], out)["profiles"]]
    return {"profiles": profiles, "behaviour": f"{out}/behaviour.parquet"}


def _words(read: Any, name: str) -> str:
    words = ", ".join("NULL" if word is None else f"'{word}'" for word in read.dimensions.by_name[name].words)
    return f"([{words}])[history.{name} + 1] AS {name}"
