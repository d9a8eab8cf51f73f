"""From raw rows to typed rows: every field of an event, of its lines or of an item, with the checks over them.

SQL in two layers. The *typed* layer turns each declared field into its type, keeping the text it was told in as
``told_<field>``; checks read both. The *staged* layer, in `stage.py`, adds pseudonyms, keys and masks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from qianmian.collect.imports.check import Check, Reason, unusable
from qianmian.collect.imports.expressions import pairs
from qianmian.collect.imports.layers import Layers
from qianmian.collect.imports.mapping import (
    CONTEXT_FIELDS,
    EVENT_FIELDS,
    ITEM_FIELDS,
    LINE_FIELDS,
    REQUIRED,
    Constant,
    First,
    FromColumn,
    Grain,
    Mapping,
    Otherwise,
    Products,
    Rule,
    Spec,
    columns_of,
)
from qianmian.collect.imports.personal_data import PersonalData
from qianmian.core.messages import Message
from qianmian.core.people import NAMESPACES
from qianmian.lake.connection import literal, quoted

#: Names of events that arrive without one, by kind.
NAME_OF_KIND = {
    "identify": "Identified",
    "page": "Page Viewed",
    "screen": "Screen Viewed",
    "group": "Group Joined",
    "alias": "Aliased",
}
KINDS = ("track", *NAME_OF_KIND)
#: What a fact of the context is about.
CONTEXT_KINDS = ("region", "calendar", "policy")
#: A difference of the clocks below this is latency, not skew.
SKEW_SECONDS = 300
_DAY = "INTERVAL 24 HOURS"
_EARLIEST = "TIMESTAMPTZ '2000-01-01 00:00:00+00'"
_LINE_TYPES = {
    "item_id": "VARCHAR",
    "quantity": "DOUBLE",
    "unit_price": "DECIMAL(18,4)",
    "amount": "DECIMAL(18,4)",
    "coupon_id": "VARCHAR",
}
PRODUCTS_TYPE = f"STRUCT({', '.join(f'{name} {kind}' for name, kind in _LINE_TYPES.items())})[]"


@dataclass
class Shape(Layers):
    """The typed layer of one import, by the grain of its mapping.

    Attributes:
        digest: of the file, for rows without an id.
        personal_data: what becomes of personal data that nobody declared.
    """

    digest: str = ""
    personal_data: PersonalData = PersonalData.MASK

    def __post_init__(self) -> None:
        super().__post_init__()
        self.columns['"row"'] = '"row"'
        if self.raw.broken:
            self.columns["broken"] = self.raw.broken
            self.checks.append(Check(Reason.BAD_JSON, "", Message("want_object"), "broken"))
        match self.mapping.grain:
            case Grain.ITEM:
                self._item()
            case Grain.CONTEXT:
                self._context()
            case _:
                self._event()

    def identifier(self, namespace: str) -> str:
        """SQL over ``raw`` of the namespace's value."""
        return self._sql.text(self.mapping.identifiers[namespace])

    def _item(self) -> None:
        self._fields(ITEM_FIELDS)
        self._properties()
        self.derived["attributes"] = self.derived.pop("properties")
        self.checks.append(Check(Reason.MISSING, "item.item_id", Message("want_value"), "item_id IS NULL"))

    def _context(self) -> None:
        self._fields(CONTEXT_FIELDS)
        self._properties()
        self.derived["attributes"] = self.derived.pop("properties")
        columns = self.columns
        columns["fact_id"] = (
            f"coalesce({columns['fact_id']}, concat_ws('@', {columns['name']}, ({columns['first_on']})::VARCHAR))"
        )
        self._required()
        listed = ", ".join(f"'{kind}'" for kind in CONTEXT_KINDS)
        wrong = f"kind NOT IN ({listed})"
        self.checks.append(Check(Reason.BAD_KIND, "kind", Message("want_one_of", choices=CONTEXT_KINDS), wrong, "kind"))
        self.checks.append(
            Check(Reason.MISSING, "first_on", Message("want_value"), "kind <> 'region' AND first_on IS NULL")
        )
        backwards = "last_on < first_on"
        self.checks.append(Check(Reason.BAD_TIME, "last_on", Message("want_later"), backwards, "last_on::VARCHAR"))

    def _event(self) -> None:
        self._fields(EVENT_FIELDS)
        self._defaults()
        self._required()
        self._line_fields() if self.mapping.grain is Grain.LINE else self._products()
        self._properties()
        self._clock()
        self.hidden["traffic"] = "NULL::VARCHAR"  # until somebody flags: see `traffic.flag`
        for number, namespace in enumerate(namespaces(self.mapping)):
            self.columns[f"who_{number}"] = self.identifier(namespace)
        for name, spec in self.mapping.match.items():
            self.columns[f"match_{name}"] = self._sql.text(spec)

    def _defaults(self) -> None:
        """Fields that an event has even where the file is silent."""
        columns, kind = self.columns, self.columns["kind"]
        columns["kind"] = f"coalesce({kind}, 'track')"
        listed = ", ".join(f"'{name}'" for name in KINDS)
        self.checks.append(
            Check(Reason.BAD_KIND, "kind", Message("want_one_of", choices=KINDS), f"kind NOT IN ({listed})", "kind")
        )
        named = " ".join(f"WHEN '{kind}' THEN '{name}'" for kind, name in NAME_OF_KIND.items())
        if "kind" in self.mapping.fields:
            columns["name"] = f"coalesce({columns['name']}, CASE {kind} {named} END)"
        if "event_id" not in self.mapping.fields:
            columns["event_id"] = f"""concat({self.words.bind(self.digest[:16] + ":")}, "row")"""

    def _required(self) -> None:
        for name in REQUIRED[self.mapping.grain]:
            self._missing(name)
        if "event_id" in self.mapping.fields and self.mapping.grain is Grain.EVENT:
            self._missing("event_id")

    def _line_fields(self) -> None:
        """Grain line: the row is the line, so its products are a list of one."""
        fields = self.mapping.products.fields if self.mapping.products else {}
        for name in LINE_FIELDS:
            told = self._sql.column(fields[name]) if name in fields else "NULL::VARCHAR"
            self.columns[f"line_{name}"] = self._line_value(name, told)
            if name in fields and _LINE_TYPES[name] != "VARCHAR":
                self.columns[f"told_line_{name}"] = told
                wrong = unusable(f"line_{name}")
                self.checks.append(
                    Check(Reason.BAD_NUMBER, fields[name], Message("type_number"), wrong, f"told_line_{name}")
                )
        packed = ", ".join(f"{name} := {self.columns[f'line_{name}']}" for name in LINE_FIELDS)
        self.columns["products"] = f"[struct_pack({packed})]::{PRODUCTS_TYPE}"

    def _products(self) -> None:
        declared = self.mapping.products
        if declared is None:
            self.columns["products"] = f"NULL::{PRODUCTS_TYPE}"
            return
        if declared.lists:
            self._lists(declared.fields)
        else:
            self._objects(declared)
        fields = {name: name for name in declared.fields} if declared.lists else declared.fields
        told = {name: f"x.{quoted(key)}" for name, key in fields.items()}
        packed = ", ".join(f"{name} := {self._line_value(name, told.get(name, 'NULL'))}" for name in LINE_FIELDS)
        self.derived["products"] = f"list_transform(read_products, lambda x: struct_pack({packed}))::{PRODUCTS_TYPE}"
        wrong = "told_products IS NOT NULL AND read_products IS NULL"
        self.checks.append(Check(Reason.BAD_PRODUCTS, declared.column, Message("want_objects"), wrong, "told_products"))
        self._numbers_of_products(fields, declared.column or "products")

    def _objects(self, declared: Products) -> None:
        """Products as one JSON array of objects."""
        keys = dict.fromkeys(declared.fields.values())
        structure = self.words.bind("[{" + ", ".join(f'{_json(key)}: "VARCHAR"' for key in keys) + "}]")
        self.columns["told_products"] = self._sql.column(declared.column)
        sound = _is_json("told_products", "[")
        self.parsed["read_products"] = f"CASE WHEN {sound} THEN from_json(told_products, {structure}) END"

    def _lists(self, fields: dict[str, str]) -> None:
        """Products as JSON arrays side by side, one a field; a list that is none counts as an empty one."""
        told = {name: self._sql.column(column) for name, column in fields.items()}
        lists = ", ".join(
            f"""coalesce(CASE WHEN {_is_json(text, "[")} THEN from_json({text}, '["VARCHAR"]') END, [])"""
            for text in told.values()
        )
        packed = ", ".join(f"{name} := nullif(x[{number}], '')" for number, name in enumerate(told, 1))
        self.columns["told_products"] = f"coalesce({', '.join(told.values())})"
        self.columns["read_products"] = (
            f"CASE WHEN coalesce({', '.join(told.values())}) IS NOT NULL "
            f"THEN list_transform(list_zip({lists}), lambda x: struct_pack({packed})) END"
        )

    def _numbers_of_products(self, fields: dict[str, str], column: str) -> None:
        for name, key in fields.items():
            if _LINE_TYPES[name] == "VARCHAR":
                continue
            told = f"x.{quoted(key)}"
            bad = f"lambda x: {told} IS NOT NULL AND ({self._line_value(name, told)}) IS NULL"
            wrong = f"len(list_filter(read_products, {bad})) > 0"
            value = f"list_filter(read_products, {bad})[1].{quoted(key)}"
            self.checks.append(Check(Reason.BAD_NUMBER, f"{column}.{key}", Message("type_number"), wrong, value))

    def _line_value(self, name: str, told: str) -> str:
        """SQL of a field of an order line as its type, from its text."""
        if _LINE_TYPES[name] == "VARCHAR":
            return f"try_cast({told} AS VARCHAR)"
        return self._sql.number(told) if name == "quantity" else self._sql.decimal(told)

    def _properties(self) -> None:
        declared = self.mapping.properties
        parts = 0
        if declared.whole:
            told = self._sql.text(declared.whole)
            self.columns["told_properties"] = told if self.mapping.tells_events else pairs(told)
            self.parsed["sound_properties"] = _is_json("told_properties", "{")
            self.parsed["properties_0"] = self._whole(columns_of(declared.whole))
            wrong = "told_properties IS NOT NULL AND NOT sound_properties"
            held = ", ".join(dict.fromkeys(columns_of(declared.whole)))
            expected = Message("want_object" if self.mapping.tells_events else "want_attributes")
            self.checks.append(Check(Reason.BAD_JSON, held, expected, wrong, "told_properties"))
            parts += 1
        if declared.columns or declared.fields:
            self.columns[f"properties_{parts}"] = self._gathered()
            parts += 1
        elif declared.rest:
            self.columns[f"properties_{parts}"] = self.raw.rest
            parts += 1
        self.derived["properties"] = _merged(parts)

    def _gathered(self) -> str:
        declared = self.mapping.properties
        told = {name: self._sql.column(name) for name in declared.columns}
        told |= {name: self._sql.text(spec) for name, spec in declared.fields}
        pairs = ", ".join(f"{literal(name)}, {sql}" for name, sql in told.items())
        given = ", ".join(told.values())
        # Merging into an empty object leaves the nulls out.
        return (
            f"CASE WHEN coalesce({given}) IS NOT NULL THEN json_merge_patch('{{}}', json_object({pairs}))::VARCHAR END"
        )

    def _whole(self, columns: tuple[str, ...]) -> str:
        """What is JSON already, without the products that became lines."""
        products = self.mapping.products
        told = (products.column, *(products.fields.values() if products.lists else ())) if products else ()
        inside = [one[len(column) + 1 :] for column in columns for one in told if one.startswith(f"{column}.")]
        if not inside:
            return "told_properties"
        keys = [_json(key) for key in dict.fromkeys(inside)]
        patch = "{" + ", ".join(f"{key}: null" for key in keys) + "}"
        without = f"json_merge_patch(told_properties, {literal(patch)})::VARCHAR"
        has = " OR ".join(f"contains(told_properties, {literal(key)})" for key in keys)  # most events have none
        return f"CASE WHEN NOT ({has}) THEN told_properties WHEN json_valid(told_properties) THEN {without} END"

    def _clock(self) -> None:
        columns = self.columns
        now = self._sql.now(self.now)
        columns["received_at"] = f"coalesce({columns['received_at']}, {now})"
        self.derived["happened_at"] = (
            "CASE WHEN abs(epoch_us(received_at) - epoch_us(sent_at)) > "
            f"{SKEW_SECONDS * 1_000_000} AND client_at IS NOT NULL "
            "THEN least(client_at + to_microseconds(epoch_us(received_at) - epoch_us(sent_at)), received_at) "
            "ELSE occurred_at END"
        )
        late = f"happened_at > least(received_at, {now}) + {_DAY}"
        wrong = f"({late}) OR happened_at < {_EARLIEST} OR received_at > {now} + {_DAY}"
        expected = Message("want_plausible_time")
        self.checks.append(Check(Reason.CLOCK_SUSPECT, "occurred_at", expected, wrong, "happened_at::VARCHAR"))


def namespaces(mapping: Mapping) -> tuple[str, ...]:
    """The mapped namespaces, strongest first."""
    return tuple(name for name in NAMESPACES if name in mapping.identifiers)


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _is_json(text: str, opening: str) -> str:
    """SQL: trimmed text is JSON that opens like an object or an array; one parse, not two."""
    return f"(json_valid({text}) AND starts_with({text}, '{opening}'))"


def _merged(parts: int) -> str:
    """SQL of the JSON objects as one; most rows have only the first, and then it is kept to the letter."""
    if parts < 2:
        return "nullif(properties_0::VARCHAR, '{}')" if parts else "NULL::VARCHAR"
    both = "json_merge_patch(coalesce(properties_0, '{}'), properties_1)::VARCHAR"
    sound = "coalesce(json_valid(properties_0), true)"
    return f"nullif(CASE WHEN properties_1 IS NULL THEN properties_0::VARCHAR WHEN {sound} THEN {both} END, '{{}}')"


def from_file(spec: Spec | None) -> bool:
    """Whether the text can hold anything that the file holds, so that it must be masked."""
    match spec:
        case None | Constant():
            return False
        case FromColumn(map=pairs, otherwise=otherwise):
            return not pairs or otherwise is Otherwise.KEEP
        case First(specs=specs):
            return any(map(from_file, specs))
        case Rule(then=then, otherwise=otherwise):
            return from_file(then) or from_file(otherwise)
    return True
