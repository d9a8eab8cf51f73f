"""A generated world as a person reads it: a few lives, a few reviews, the curve of a day and of the festival."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qianmian.core import events
from qianmian.world import phrases
from qianmian.world.telling import WORDS, told_person

_ZONE = timedelta(hours=8)
_MOST_LINES, _BAR = 16, 44
_TEXT_NAMES = ("text", "query", "reason", "error", "campaign", "nps", "seconds", "minutes")
_QUIET = (events.SIGNED_OUT, events.CHAT_INVITED, events.LIVE_LEFT, events.CHECKOUT_STARTED)


@dataclass(frozen=True)
class World:
    """The first file of events of a generated world, with the truth about it.

    Attributes:
        rows: its events, each once, with ``at`` = local time.
        people: one row a person, traits among them.
        titles: title of each item.
        posts: text of each post.
    """

    rows: pa.Table
    people: pa.Table
    titles: dict[str, str]
    posts: dict[str, str]


def read_world(folder: Path) -> World:
    """Read what can be told of a world.

    Args:
        folder: as `generate` wrote it.

    Raises:
        FileNotFoundError: no world lies there.
    """
    file = min((folder / "events").glob("*.parquet"), default=None)
    if file is None:
        raise FileNotFoundError(folder)
    columns = ["message_id", "event", "timestamp", "sent_at", "received_at", "item_id", "total", "properties"]
    rows = pq.read_table(file, columns=columns)
    rows = rows.take(pa.array(np.unique(_codes(rows["message_id"]), return_index=True)[1]))
    truth = pq.read_table(folder / "truth" / "persons.parquet", columns=["message_id", "person"])
    rows = rows.join(truth, "message_id", join_type="left outer")
    late = pc.subtract(rows["received_at"].cast(pa.int64()), rows["sent_at"].cast(pa.int64()))
    at = pc.add(rows["timestamp"].cast(pa.int64()), late)  # a wrong clock is wrong in both
    rows = rows.append_column("at", pc.add(at, int(_ZONE.total_seconds() * 1e6)))
    people = pq.read_table(folder / "truth" / "people.parquet")
    traits = pq.read_table(folder / "truth" / "traits.parquet")
    lines = (folder / "goods.csv").read_text(encoding="utf-8").splitlines()[1:]
    titles = {cells[0]: cells[2] for cells in (line.split(",") for line in lines)}
    written = rows.filter(pc.equal(rows["event"].cast(pa.string()), events.POST_CREATED))["properties"].to_pylist()
    posts = {post["post_id"]: post["text"] for post in map(json.loads, written)}
    return World(rows.sort_by("at"), people.join(traits, "person").sort_by("person"), titles, posts)


def lives(world: World, count: int, seed: int, language: int) -> list[list[str]]:
    """The lives of some people drawn by lot, each as a headline and its lines.

    Args:
        world: the world.
        count: how many people.
        seed: of the lot.
        language: 0 = Chinese, 1 = English.
    """
    owner = world.rows["person"]
    events_a_person = pc.value_counts(owner.drop_null().combine_chunks())
    busy = pc.greater_equal(events_a_person.field("counts"), 12)
    candidates = np.sort(events_a_person.field("values").filter(busy).to_numpy())
    drawn = np.random.default_rng(seed).choice(candidates, min(count, len(candidates)), replace=False)
    return [_life(world, int(person), language) for person in drawn]


def _life(world: World, person: int, language: int) -> list[str]:
    rows = world.rows.filter(pc.equal(world.rows["person"], person)).to_pylist()
    facts = world.people.filter(pc.equal(world.people["person"], person)).to_pylist()[0]
    lines, looks = [], 0
    for row in rows:
        if row["event"] == events.PRODUCT_VIEWED:
            looks += 1
        elif row["event"] not in _QUIET:
            lines.append(_line(world, row, looks, language))
            looks = 0
    if len(lines) > _MOST_LINES:
        left = len(lines) - _MOST_LINES
        half = _MOST_LINES // 2
        gap = (f"… 另有 {left} 件事", f"… {left} more")[language]
        lines = [*lines[:half], gap, *lines[-half:]]
    return [told_person(facts, language), *lines]


def _line(world: World, row: dict[str, Any], looks: int, language: int) -> str:
    when = datetime.fromtimestamp(row["at"] / 1e6, UTC)
    words = [f"{when:%m-%d %H:%M}", WORDS[row["event"]][language]]
    if row["item_id"]:
        words.append(world.titles[row["item_id"]])
    if row["total"] is not None:
        words.append(f"¥{row['total']:.2f}")
    told = json.loads(row["properties"] or "{}")
    words += [f"「{told[name]}」" for name in _TEXT_NAMES if name in told]
    if row["event"] == events.POST_VIEWED:
        words.append(f"「{world.posts[told['post_id']]}」")
    if looks:
        words.append((f"(此前浏览 {looks} 次)", f"(after {looks} looks)")[language])
    return "  ".join(words)


def reviews(world: World, count: int, seed: int) -> list[str]:
    """Some reviews that say something, drawn by lot."""
    rows = world.rows.filter(pc.equal(world.rows["event"].cast(pa.string()), events.REVIEW_WRITTEN))
    rows = rows.filter(pc.invert(pc.match_substring(rows["properties"], phrases.NOTHING_WRITTEN)))
    drawn = np.random.default_rng(seed).permutation(len(rows))[:count]
    told = []
    for row in rows.take(pa.array(drawn)).to_pylist():
        said = json.loads(row["properties"])
        told.append(f"{'★' * said['stars']:<5}  {world.titles[row['item_id']]}  「{said['text']}」")
    return told


def hours(world: World) -> list[str]:
    """Events by hour of the local day."""
    hour = (world.rows["at"].to_numpy() // 3_600_000_000) % 24
    count = np.bincount(hour[_acts(world)], minlength=24)
    return [f"{number:02d}  {_bar(value, count.max())} {value:,}" for number, value in enumerate(count)]


def days(world: World) -> list[str]:
    """Paid orders by local date, from the first visit on."""
    day = world.rows["at"].to_numpy() // 86_400_000_000
    paid = pc.equal(world.rows["event"].cast(pa.string()), events.ORDER_COMPLETED).to_numpy()
    first, last = np.quantile(day[_acts(world)], [0.002, 0.998]).astype(np.int64)
    count = np.bincount(day[paid & (day >= first) & (day <= last)] - first, minlength=int(last - first) + 1)
    dates = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=int(first) + number) for number in range(len(count))]
    return [f"{date:%m-%d %a}  {_bar(value, count.max())} {value:,}" for date, value in zip(dates, count, strict=True)]


def _acts(world: World) -> np.ndarray[Any, Any]:
    acts: np.ndarray[Any, Any] = pc.equal(world.rows["event"].cast(pa.string()), events.PRODUCT_VIEWED).to_numpy()
    return acts


def _bar(value: int, most: int) -> str:
    return "█" * round(_BAR * value / max(most, 1))


def _codes(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    codes: np.ndarray[Any, Any] = column.combine_chunks().dictionary_encode().indices.to_numpy()
    return codes
