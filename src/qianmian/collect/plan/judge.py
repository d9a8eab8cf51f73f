"""Judges staged events by the plan, vectorised: rows are brought to shapes in two scans, and a shape is judged once.

The first scan finds which properties each event has, the second the types of these: a path into JSON must be known when
a query begins.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from qianmian.collect.imports.check import DUPLICATE, Check, Reason
from qianmian.collect.imports.mapping import Mapping as Meaning
from qianmian.collect.imports.mapping import columns_of
from qianmian.collect.imports.shape import Shape
from qianmian.collect.plan.found import Deviating, Findings, Seen, form
from qianmian.collect.plan.plan import Mode, Plan, Property, PropertyType
from qianmian.collect.plan.verdict import EMPTY, KEPT_APART, MASKED, OTHERS, EventShape, Violation, violations
from qianmian.lake.connection import Connection, fetch
from qianmian.privacy.masking import PLACEHOLDERS, mask_text

#: Events and properties of an event that are looked at one by one in a stretch, besides the planned ones.
MOST_EVENTS, MOST_PROPERTIES = 300, 200
#: Shapes of which an example is looked for.
_MOST_EXAMPLES = 1000
_SOUND = 'verdict IS NULL AND "row" NOT IN (SELECT "row" FROM drops)'
#: Rows that say nothing new: they do not count.
_UNCOUNTED = (DUPLICATE, Reason.ID_CONFLICT)
_TYPES = {
    "VARCHAR": "text",
    "UBIGINT": "whole",
    "BIGINT": "whole",
    "DOUBLE": "number",
    "BOOLEAN": "flag",
    "ARRAY": "list",
    "OBJECT": "object",
    "'NULL'": EMPTY,
    "MASKED": MASKED,
}
#: In the place of a type: the property is not there.
_ABSENT = "NULL"
#: An event's properties as they came, where some of them are personal.
_BARE = "bare_properties"
#: Where the properties of an event lie in a message.
_INSIDE = "properties."
_SHAPE = "name, is_track, types, wrong, has_others"


@dataclass(frozen=True)
class Judge:
    """A plan, and what becomes of events that deviate from it.

    Attributes:
        plan: what is allowed; None = nothing was planned yet, so that nothing deviates and all is noted.
        mode: whether deviating events are taken.
    """

    plan: Plan | None
    mode: Mode = Mode.OBSERVE

    def hide(self, shape: Shape) -> None:
        """Have placeholders stored for what the plan declares personal, before anything is written."""
        plan, bind = self.plan, shape.words.bind
        if plan is None:
            return
        personal = {event.name: _personal(plan.properties(event.name)) for event in plan.events}
        shared = _personal(plan.shared)
        cases = [f"WHEN {bind(name)} THEN {_hidden(found, bind)}" for name, found in personal.items() if found]
        if cases or shared:
            shape.derived[_BARE] = shape.derived.pop("properties")
            shape.hidden["properties"] = _case(cases, _hidden(shared, bind))

    def look(self, connection: Connection, shape: Shape) -> Judgement:
        """Judge the rows that stand; those that are kept apart are noted in ``drops``.

        Args:
            connection: has ``staged`` and ``drops``.
            shape: of the import.
        """
        judgement = Judgement(connection, self, _known(shape.mapping))
        judgement.look()
        return judgement


@dataclass
class Judgement:
    """What a judge found on a connection.

    Attributes:
        checks: why rows were kept apart, by what ``drops`` says.
    """

    connection: Connection
    judge: Judge
    known: frozenset[str]
    checks: dict[str, Check] = field(default_factory=dict)
    _columns: dict[str, list[str]] = field(default_factory=dict)
    _checked: dict[str, list[str]] = field(default_factory=dict)
    _shapes: dict[tuple[Any, ...], EventShape] = field(default_factory=dict)
    _violations: dict[tuple[Any, ...], list[Violation]] = field(default_factory=dict)
    _events: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    _examples: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)

    def look(self) -> None:
        """Bring rows to shapes, and keep those apart whose shape deviates too much."""
        self._find_properties()
        self._find_types()
        apart = KEPT_APART[self.judge.mode]
        plan = self.judge.plan
        refused: dict[tuple[Any, ...], str] = {}
        for key, shape in self._shapes.items():
            found = list(violations(plan, shape, self.known)) if plan else []
            self._violations[key] = found
            first = next((one for one in found if one.kind in apart), None)
            if first:
                refused[key] = f"{first.kind}:{len(self.checks)}"
                self.checks[refused[key]] = Check(first.kind, mask_text(first.property), first.expected, "")
        self._drop(refused)

    def findings(self) -> Findings:
        """The counts; repeats that were found meanwhile are left out."""
        why = ", ".join(f"'{one}'" for one in _UNCOUNTED)
        repeated = f'SELECT "row" FROM drops WHERE why IN ({why})'
        repeats = f'SELECT {_SHAPE}, count(*) AS n FROM looked WHERE "row" IN ({repeated}) GROUP BY ALL'
        events = self._events - Counter({_key(row): row["n"] for row in fetch(self.connection, repeats).to_pylist()})
        seen: Counter[tuple[str, str, str]] = Counter()
        deviating: Counter[tuple[str, str, str]] = Counter()
        forms: dict[tuple[str, str, str], str] = {}
        for key, count in events.items():
            shape, example = self._shapes[key], self._examples.get(key, {})
            name = mask_text(shape.name)
            seen[name, "", ""] += count
            for property_name, kind in shape.types.items():
                at = name, mask_text(property_name), kind
                seen[at] += count
                forms.setdefault(at, form(example.get(property_name)))
            for one in self._violations[key]:
                at = name, mask_text(one.property), str(one.kind)
                deviating[at] += count
                forms.setdefault(at, form(example.get(one.property)))
        return Findings(
            tuple(Seen(*at, events=n, sample=forms.get(at, "")) for at, n in sorted(seen.items())),
            tuple(Deviating(*at, events=n, example=forms.get(at, "")) for at, n in sorted(deviating.items())),
        )

    def _find_properties(self) -> None:
        """Which events and properties are looked at: the planned ones, and the most frequent others."""
        plan = self.judge.plan or Plan()
        pairs = [(event.name, one.name) for event in plan.events for one in plan.properties(event.name)]
        self.connection.register("planned_properties", _pairs(pairs))
        self.connection.register(
            "planned_events", pa.table({"name": pa.array([e.name for e in plan.events], pa.string())})
        )
        found = fetch(
            self.connection,
            f"""WITH told AS MATERIALIZED (
                SELECT name, json_keys(properties) AS keys, count(*) AS n FROM staged WHERE {_SOUND} GROUP BY ALL
            ), names AS (
                SELECT name FROM told GROUP BY name
                QUALIFY name IN (FROM planned_events) OR row_number() OVER (ORDER BY sum(n) DESC, name) <= {MOST_EVENTS}
            ), pairs AS (
                SELECT name, key, sum(n) AS n FROM (SELECT name, unnest(keys) AS key, n FROM told) GROUP BY ALL
            )
            SELECT names.name, key FROM names LEFT JOIN (
                SELECT name, key FROM pairs QUALIFY (name, key) IN (FROM planned_properties)
                OR row_number() OVER (PARTITION BY name ORDER BY n DESC, key) <= {MOST_PROPERTIES}
            ) USING (name) ORDER BY ALL""",
        )
        self.connection.unregister("planned_properties")
        self.connection.unregister("planned_events")
        for row in found.to_pylist():
            self._columns.setdefault(row["name"], []).extend([row["key"]] if row["key"] is not None else [])

    def _find_types(self) -> None:
        """Make the table ``looked``: each row with its shape, and count the shapes."""
        self._look_at("CREATE TABLE looked AS", "NOT masked", _types)
        if self.connection.execute(f"SELECT 1 FROM staged WHERE masked AND {_SOUND} LIMIT 1").fetchall():
            self._look_at("INSERT INTO looked", "masked", _types_of_masked)
        query = f'SELECT {_SHAPE}, count(*) AS n, min("row") AS first FROM looked GROUP BY ALL ORDER BY first'
        firsts: dict[int, tuple[Any, ...]] = {}
        for row in fetch(self.connection, query).to_pylist():
            key = _key(row)
            self._events[key], self._shapes[key] = row["n"], self._shape(row)
            if len(firsts) < _MOST_EXAMPLES:
                firsts[row["first"]] = key
        self._find_examples(firsts)

    def _look_at(self, into: str, which: str, types_at: Callable[[str], str]) -> None:
        """Put rows into the table ``looked``, with what `_SHAPE` names."""
        values = _Values()
        types, wrong, others = [], [], []
        for name, columns in self._columns.items():
            when = f"WHEN {values.bind(name)} THEN"
            checked = [one for one in self._planned(name) if one.name in columns and _is_checked(one)]
            self._checked[name] = [one.name for one in checked]
            paths = values.bind([_path(key) for key in columns])
            if columns:
                types.append(f"{when} {types_at(paths)}")
            if checked:
                wrong.append(f"{when} [{', '.join(_is_wrong(one, values) for one in checked)}]")
            if len(columns) >= MOST_PROPERTIES:
                looked_at = f"list_filter(json_type(properties, {paths}), lambda x: x IS NOT NULL)"
                others.append(f"{when} len(json_keys(properties)) > len({looked_at})")
        named = [f"WHEN {(bound := values.bind(name))} THEN {bound}" for name in self._columns]
        told = {
            "name": _case(named, f"'{OTHERS}'"),
            "is_track": "kind = 'track'",
            "types": f"coalesce({_case(types, '[]::VARCHAR[]')}, [])::VARCHAR",  # as text they group ten times faster
            "wrong": f"coalesce({_case(wrong, '[]::BOOLEAN[]')}, [])::VARCHAR",
            "has_others": f"coalesce({_case(others, 'false')}, false)",
        }
        listed = ", ".join(f"{sql} AS {name}" for name, sql in told.items())
        query = f'{into} SELECT "row", day, {listed} FROM staged WHERE {which} AND {_SOUND}'
        self.connection.execute(query, values.used_in(query))

    def _planned(self, event: str) -> tuple[Property, ...]:
        plan = self.judge.plan
        return plan.properties(event) if plan and plan.event(event) else ()

    def _shape(self, row: Mapping[str, Any]) -> EventShape:
        name = row["name"]
        types = zip(self._columns.get(name, ()), _listed(row["types"]), strict=False)
        wrong = zip(self._checked.get(name, ()), _listed(row["wrong"]), strict=False)
        return EventShape(
            name,
            row["is_track"],
            {key: _TYPES[told] for key, told in types if told != _ABSENT},
            frozenset(key for key, told in wrong if told == "true"),
            row["has_others"],
        )

    def _find_examples(self, firsts: Mapping[int, tuple[Any, ...]]) -> None:
        wanted = pa.table({"row": pa.array(list(firsts), pa.int64())})
        self.connection.register("wanted", wanted)
        query = 'SELECT "row", properties FROM staged WHERE "row" IN (FROM wanted) AND properties IS NOT NULL'
        for row in fetch(self.connection, query).to_pylist():
            self._examples[firsts[row["row"]]] = json.loads(row["properties"])
        self.connection.unregister("wanted")

    def _drop(self, refused: Mapping[tuple[Any, ...], str]) -> None:
        if not refused:
            return
        columns = dict(zip(_SHAPE.split(", "), zip(*refused, strict=True), strict=True))
        table = pa.table({name: pa.array(list(held)) for name, held in columns.items()})
        self.connection.register("apart", table.append_column("why", pa.array(refused.values(), pa.string())))
        self.connection.execute(f'INSERT INTO drops SELECT "row", why, day FROM looked JOIN apart USING ({_SHAPE})')
        self.connection.unregister("apart")


class _Values:
    """Values bound to named parameters; lists too, unlike `Words`."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def bind(self, value: Any) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"

    def used_in(self, sql: str) -> dict[str, Any]:
        return {name: self.values[name] for name in set(re.findall(r"\$(v\d+)\b", sql))}


def _known(mapping: Meaning) -> frozenset[str]:
    """Properties that a protocol has of itself: those that become fields of the event, and those that we add."""
    columns = (column for spec in mapping.fields.values() for column in columns_of(spec))
    fields = {column.removeprefix(_INSIDE) for column in columns if column.startswith(_INSIDE)}
    return frozenset(fields | {name for name, _ in mapping.properties.fields})


def _personal(properties: tuple[Property, ...]) -> tuple[Property, ...]:
    return tuple(one for one in properties if one.personal)


def _hidden(personal: tuple[Property, ...], bind: Callable[[str], str]) -> str:
    """SQL of an event's properties with placeholders for the personal ones that it has."""
    if not personal:
        return _BARE
    paths = [bind(_path(one.name)) for one in personal]
    pairs = [
        f"{bind(one.name)}, CASE WHEN json_extract_string({_BARE}, {path}) IS NOT NULL "
        f"THEN {bind(one.personal.placeholder)} END"
        for one, path in zip(personal, paths, strict=True)
        if one.personal
    ]
    has = " OR ".join(f"json_exists({_BARE}, {path})" for path in paths)
    # A null in the patch takes the property out: beside it may stand another of its name, with a value.
    return f"CASE WHEN {has} THEN json_merge_patch({_BARE}, json_object({', '.join(pairs)}))::VARCHAR ELSE {_BARE} END"


def _path(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _pairs(pairs: list[tuple[str, str]]) -> pa.Table:
    names, keys = [name for name, _ in pairs], [key for _, key in pairs]
    return pa.table({"name": pa.array(names, pa.string()), "key": pa.array(keys, pa.string())})


def _types(paths: str) -> str:
    """SQL of the types at some paths."""
    return f"json_type(properties, {paths})"


def _types_of_masked(paths: str) -> str:
    """The same for rows in which something was masked: what was is of no type."""
    signs = ", ".join(f"'{sign}'" for sign in PLACEHOLDERS.values())
    told = f"list_zip(json_type(properties, {paths}), json_extract_string(properties, {paths}))"
    return f"list_transform({told}, lambda x: CASE WHEN x[2] IN ({signs}) THEN 'MASKED' ELSE x[1] END)"


def _is_checked(planned: Property) -> bool:
    return not planned.personal and (bool(planned.values) or planned.type is PropertyType.TIME)


def _is_wrong(planned: Property, values: _Values) -> str:
    """SQL: the value is there, and is none of those allowed."""
    text = f"json_extract_string(properties, {values.bind(_path(planned.name))})"
    if planned.values:
        listed = ", ".join(map(values.bind, planned.values))
        return f"coalesce({text} NOT IN ({listed}), false)"
    return f"({text} IS NOT NULL AND try_cast({text} AS DOUBLE) IS NULL AND try_cast({text} AS TIMESTAMP) IS NULL)"


def _case(cases: list[str], otherwise: str) -> str:
    return f"CASE name {' '.join(cases)} ELSE {otherwise} END" if cases else otherwise


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["name"], row["is_track"], row["types"], row["wrong"], row["has_others"]


def _listed(text: str) -> list[str]:
    """The elements of a list that was put out as text; they are single words."""
    return text[1:-1].split(", ") if text != "[]" else []
