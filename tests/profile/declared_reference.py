"""A declared tag, told from its YAML in plain Python over the events as they were sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from qianmian.query.parse import parse
from qianmian.query.tree import And, Between, Compare, Did, In, IsNull, Not, Or, Tree
from qianmian.query.window import EVER
from tests.profile.reference import WEIGHTS, Row, Shop

OF_PRODUCTS = ("category", "brand", "price_band", "item")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}
Line = tuple[Row, str]


class Declared:
    """Tells declared tags of the people of a shop.

    Attributes:
        truth: the shop.
        known: user → what basic tags say.
        entries: name → what the YAML says.
    """

    def __init__(self, truth: Shop, known: Mapping[str, Mapping[str, Any]], entries: Mapping[str, Any]) -> None:
        self.truth, self.known, self.entries = truth, known, entries
        self._ranked: dict[str, list[Any]] = {}

    def tell(self, user: str, name: str) -> Any:
        """The value of a tag of a person."""
        if name not in self.entries:
            return self.known[user][name]
        told: Callable[[str, str, Mapping[str, Any]], Any] = getattr(self, f"_{self.entries[name]['kind']}")
        return told(user, name, self.entries[name])

    def lines(self, user: str, entry: Mapping[str, Any], *, products: bool) -> list[Line]:
        """The rows that an entry takes, each with its product; without products, each event once."""
        events = entry.get("events", [])
        rows = self.truth.people[user]
        if "last" in entry:
            is_money = entry.get("of") == "money"
            rows = list(self.truth.within(rows, int(entry["last"][:-1]), money=is_money))
        named = [row for row in rows if not events or row.name in events]
        where = parse(entry["where"]) if "where" in entry else None
        by_product = products or any(one in str(where) for one in OF_PRODUCTS)
        found = [(row, item) for row in named for item in (row.items or [""])[: None if by_product else 1]]
        return [line for line in found if where is None or self.passes(where, line)]

    def passes(self, where: Tree, line: Line) -> bool:
        """Whether a filter lets a row pass; an empty field never does."""
        if isinstance(where, And):
            return all(self.passes(one, line) for one in where.terms)
        return _met(where, self.meaning(line, where.name))  # type: ignore[union-attr]  # filters are atoms

    def meaning(self, line: Line, by: str) -> Any:
        """What a row says by a dimension."""
        row, item = line
        if by == "hour":
            return row.hour
        if by == "day_part":
            return ("night", "morning", "afternoon", "evening")[row.hour // 6]
        if by == "item":
            return item or None
        return self.truth.meaning(item, by) if by in OF_PRODUCTS else row.sent[by]

    def _statistic(self, user: str, _name: str, entry: Mapping[str, Any]) -> Any:
        of = entry.get("of", "count")
        lines = self.lines(user, entry, products=entry.get("by") in OF_PRODUCTS)
        rows = list(dict.fromkeys(row.sent["id"] for row, _ in lines))
        money = [row.money for row, _ in lines]
        match of:
            case "count":
                return len(rows)
            case "distinct":
                return len({self.meaning(line, entry["by"]) for line in lines} - {None})
            case "days":
                return len({row.on for row, _ in lines})
            case "money":
                return sum(money, Decimal(0))
            case "largest" | "smallest":
                return (max if of == "largest" else min)(money, default=None)
            case _:
                begins = {row.sent["id"] for row in self._begins(user)}
                return len(begins & set(rows))

    def _begins(self, user: str) -> Iterator[Row]:
        before: Row | None = None
        for row in self.truth.people[user]:
            if before is None or (row.at - before.at).total_seconds() > 1800:
                yield row
            before = row

    def _first_last(self, user: str, _name: str, entry: Mapping[str, Any]) -> Any:
        of = entry.get("of", "date")
        lines = self.lines(user, entry, products=of in OF_PRODUCTS)
        values = [
            row.at if of == "instant" else row.on if of == "date" else self.meaning((row, item), of)
            for row, item in lines
        ]
        values = [value for value in values if value is not None]
        return None if not values else values[0 if entry["take"] == "first" else -1]

    def _preference(self, user: str, _name: str, entry: Mapping[str, Any]) -> Any:
        lines = self.lines(user, entry, products=entry["by"] in OF_PRODUCTS)
        half = int(entry["half_life"][:-1]) if "half_life" in entry else 0
        worth = [
            (self.meaning((row, item), entry["by"]), WEIGHTS.get(row.name, 1) if half else 1, row.at)
            for row, item in lines
        ]
        return self.truth._heaviest([one for one in worth if one[0] is not None], [], half).value

    def _rule(self, user: str, _name: str, entry: Mapping[str, Any]) -> Any:
        for layer in entry["layers"]:
            if self.holds(user, parse(layer["when"])):
                return layer["value"]
        return entry.get("otherwise")

    _lifecycle = _rule

    def _rfm(self, user: str, _name: str, entry: Mapping[str, Any]) -> Any:
        spending, recent, frequent = (self.holds(user, parse(entry[key])) for key in ("spending", "recent", "frequent"))
        kind = {(True, True): "value", (True, False): "develop", (False, True): "keep", (False, False): "retain"}
        return f"{'important' if spending else 'general'}_{kind[recent, frequent]}"

    def _combination(self, user: str, _name: str, entry: Mapping[str, Any]) -> Any:
        found = _work_out(entry["value"], lambda name: self.tell(user, name), self.truth.today)
        return None if found is None else round(found) if entry.get("type") == "integer" else found

    def _import(self, _user: str, _name: str, _entry: Mapping[str, Any]) -> None:
        """Nobody states anything in these shops."""

    def _ranking(self, user: str, name: str, entry: Mapping[str, Any]) -> Any:
        parts, sign = entry.get("parts", 10), -1 if entry.get("falling") else 1
        if name not in self._ranked:
            every = [self._measure(one, entry) for one in self.truth.people]
            self._ranked[name] = sorted(sign * value for value in every if value is not None)
        values, mine = self._ranked[name], self._measure(user, entry)
        if mine is None:
            return None
        ends = [values[-(-len(values) * part // parts) - 1] for part in range(1, parts)]
        return 1 + sum(end < sign * mine for end in ends)

    def _measure(self, user: str, entry: Mapping[str, Any]) -> int | None:
        if "among" in entry and not self.holds(user, parse(entry["among"])):
            return None
        value = self.tell(user, entry["of"])
        return None if value is None else int(value // 1)

    def holds(self, user: str, tree: Tree) -> bool:
        """Whether a person meets a condition."""
        match tree:
            case And(terms):
                return all(self.holds(user, term) for term in terms)
            case Or(terms):
                return any(self.holds(user, term) for term in terms)
            case Not(term):
                return not self.holds(user, term)
            case Did():
                return self._did(user, tree)
            case _:
                return _met(tree, self.tell(user, tree.name))  # type: ignore[union-attr]  # the rest are atoms

    def _did(self, user: str, did: Did) -> bool:
        entry: dict[str, Any] = {"events": [did.event]}
        if did.filters:
            entry["where"] = " and ".join(map(str, did.filters))
        if did.window != EVER:
            entry["last"] = str(did.window).partition("'")[2].rstrip("'")
        return _COMPARE[did.operator](self._statistic(user, "", entry), did.count)


def _met(atom: Any, value: Any) -> bool:
    if isinstance(atom, IsNull):
        return value is None
    if value is None:
        return False
    match atom:
        case Compare(_, operator, wanted):
            return _COMPARE[operator](value, wanted)
        case In(_, values):
            return value in values
        case Between(_, low, high):
            return bool(low <= value <= high)  # type: ignore[operator]
    raise AssertionError(atom)


class _Number:
    """A number that may be missing: what is worked out of it is missing too."""

    def __init__(self, value: float | None) -> None:
        self.value = value

    def _with(self, other: Any, work_out: Callable[[float, float], float | None]) -> _Number:
        right = other.value if isinstance(other, _Number) else other
        return _Number(None if self.value is None or right is None else work_out(self.value, right))

    def __add__(self, other: Any) -> _Number:
        return self._with(other, lambda one, two: one + two)

    def __sub__(self, other: Any) -> _Number:
        return self._with(other, lambda one, two: one - two)

    def __mul__(self, other: Any) -> _Number:
        return self._with(other, lambda one, two: one * two)

    def __truediv__(self, other: Any) -> _Number:
        return self._with(other, lambda one, two: one / two if two else None)


def _work_out(text: str, tell: Callable[[str], Any], today: Any) -> float | None:
    class Names(dict[str, Any]):
        def __missing__(self, name: str) -> Any:
            value = tell(name)
            return _Number(float(value)) if isinstance(value, int | float | Decimal) else _Dated(value)

    class _Dated(_Number):
        def __init__(self, date: Any) -> None:
            super().__init__(None if date is None else float((today - date).days))

    names = Names(
        this_year=_Number(float(today.year)),
        days_since=lambda one: one,
        coalesce=lambda one, other: _Number(other) if one.value is None else one,
    )
    found = eval(text, {"__builtins__": {}}, names)  # the tests' own texts
    return found.value  # type: ignore[no-any-return]


def random_entries(chance: Any, events: Sequence[str], categories: Sequence[str]) -> dict[str, Any]:
    """A declaration of each shape, with odd events, windows and filters."""
    entries: dict[str, Any] = {}
    filters = [
        f"category = '{categories[0]}'",
        f"category != '{categories[0]}'",
        f"category in ('{categories[0]}', '{categories[1]}') and channel = 'app'",
        "price_band = 'low'",
        "brand = '棠杳' and hour >= 8",
        "channel in ('app', 'web')",
        "region = '上海' and device_type = 'ios'",
        "hour between 0 and 5",
        "item in ('i1', 'i2', 'i25')",
        "channel = '没有'",
    ]
    dimensions = (*OF_PRODUCTS, "hour", "day_part", "channel", "device_type", "region")

    def rows(*, whole: bool = False) -> dict[str, Any]:
        told: dict[str, Any] = {"title": "t"}
        if chance.random() < 0.8:
            told["events"] = chance.sample(list(events), chance.choice([1, 1, 2, 3]))
        if chance.random() < 0.7:
            told["last"] = f"{chance.choice([1, 7, 30, 90, 365])}d"
        if chance.random() < 0.7:
            told["where"] = chance.choice(filters[5:] if whole else filters)
            if whole and "item" in told["where"]:
                del told["where"]
        return told

    for at in range(24):
        entries[f"count_of_{at}"] = {"kind": "statistic", **rows()}
        entries[f"days_of_{at}"] = {"kind": "statistic", "of": "days", **rows()}
        of = chance.choice(["money", "largest", "smallest", "sessions"])
        entries[f"whole_of_{at}"] = {"kind": "statistic", "of": of, **rows(whole=True)}
    for at in range(20):
        by = chance.choice(dimensions)
        entries[f"distinct_of_{at}"] = {"kind": "statistic", "of": "distinct", "by": by, **rows()}
        of = chance.choice(["instant", "date", *dimensions])
        entries[f"end_of_{at}"] = {"kind": "first_last", "take": chance.choice(["first", "last"]), "of": of, **rows()}
        half = {"half_life": f"{chance.choice([3, 30])}d"} if chance.random() < 0.5 else {}
        entries[f"taste_of_{at}"] = {"kind": "preference", "by": chance.choice(dimensions), **half, **rows()}
    return entries
