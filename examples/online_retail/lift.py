"""What tags say of the three months that follow: everybody is described as of September; some bought again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from examples.asking import ask
from examples.folders import read_folders
from examples.online_retail.run import NOW, make_shop
from examples.printing import print_table
from qianmian.app.shop import Shop

#: Everything up to here is known; the three months after it are what is to be told.
THEN = datetime(2010, 9, 9, 23, 59, 59, tzinfo=UTC)
#: A class of fewer customers is not worth a share.
FEWEST = 50
#: So many about equal parts make classes of a number.
PARTS = 5


@dataclass(frozen=True)
class Class:
    """Customers for whom a tag says the same.

    Attributes:
        tag: name of the tag.
        value: the value, or the range of values.
        customers: how many.
        bought: how many of them bought in the three months after.
    """

    tag: str
    value: str
    customers: int
    bought: int

    @property
    def rate(self) -> float:
        """Share of those who bought."""
        return self.bought / self.customers


@dataclass(frozen=True)
class Lifts:
    """All tags beside what followed.

    Attributes:
        customers: who had ever bought by then.
        bought: how many of them bought again.
        classes: of every tag that tells customers apart, its classes.
    """

    customers: int
    bought: int
    classes: dict[str, list[Class]]

    @property
    def rate(self) -> float:
        """Share of all who bought again."""
        return self.bought / self.customers

    def spread(self, tag: str) -> tuple[Class, Class]:
        """The classes of a tag of which the smallest and the largest share bought."""
        ordered = sorted(self.classes[tag], key=lambda one: one.rate)
        return ordered[0], ordered[-1]


def lifts(shop: Shop) -> Lifts:
    """Describe everybody as of `THEN`, and see who bought after it."""
    shop.build(instant=NOW)
    later = ask(shop, "SELECT person_id FROM profiles WHERE last_order_on > DATE '2010-09-09'", "profiles")
    shop.build(instant=THEN)
    told = ask(shop, "SELECT * FROM profiles WHERE orders_total > 0", "profiles")
    bought = set(later["person_id"].to_pylist())
    again = [person in bought for person in told["person_id"].to_pylist()]
    names = [tag.name for tag in shop.tags() if tag.name in told.column_names]
    found = {name: list(_classes(name, told[name], again)) for name in names}
    return Lifts(len(again), sum(again), {name: some for name, some in found.items() if len(some) > 1})


def _classes(tag: str, values: pa.ChunkedArray, again: Sequence[bool]) -> Iterator[Class]:
    """Each value of a word; of a number, parts that are about equal, in which equal values stay together."""
    pairs = [(value, did) for value, did in zip(values.to_pylist(), again, strict=True) if value is not None]
    if not pairs:
        return
    parts: dict[Any, list[tuple[Any, bool]]] = {}
    if isinstance(pairs[0][0], str):
        for value, did in pairs:
            parts.setdefault(value, []).append((value, did))
    else:
        pairs.sort(key=lambda pair: pair[0])
        first = {value: at for at, (value, _) in reversed(list(enumerate(pairs)))}
        for value, did in pairs:
            parts.setdefault(first[value] * PARTS // len(pairs), []).append((value, did))
    for some in parts.values():
        if len(some) >= FEWEST:
            low, high = some[0][0], some[-1][0]
            yield Class(tag, f"{low}" if low == high else f"{low} – {high}", len(some), sum(did for _, did in some))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tags, the most telling first."""
    folders = read_folders("What tags say of the three months that follow.", arguments)
    shop, _ = make_shop(folders)
    try:
        told = lifts(shop)
    finally:
        shop.close()
    rows = [(name, *told.spread(name)) for name in told.classes]
    rows.sort(key=lambda row: row[1].rate - row[2].rate)
    title = f"{told.customers:,} customers, of whom {told.rate:.1%} bought again in three months"
    columns = ("tag", "least", "customers", "rate", "lift", "most", "customers", "rate", "lift")
    cells = [[name, *_cells(least, told.rate), *_cells(most, told.rate)] for name, least, most in rows]
    print_table(title, columns, cells)


def _cells(one: Class, rate: float) -> list[Any]:
    return [one.value[:40], one.customers, one.rate, f"{one.rate / rate:.2f}"]


if __name__ == "__main__":
    main()
