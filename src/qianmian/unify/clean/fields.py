"""The fields whose quality is measured: when one is filled, in which class a value falls, and what a bound compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qianmian.core.events import ORDER_COMPLETED, ORDER_REFUNDED
from qianmian.unify.clean.rules import Bound
from qianmian.unify.normal.units import Units, quantity, units_params

LINES, PROPERTIES = "lines.", "properties."


@dataclass(frozen=True)
class Field:
    """Something that events have, or their lines.

    Attributes:
        name: a column of events, ``lines.…`` or ``properties.…``.
        filled: SQL: whether a row has it; empty = every row does.
        bins: SQL of the class of a row's value as text; empty = its values are not compared.
        number: SQL of the value that a bound compares; empty = none can.
        is_text: the classes are values as they came.
    """

    name: str
    filled: str = ""
    bins: str = ""
    number: str = ""
    is_text: bool = False


def _size(number: str) -> str:
    """The class of a number: the exponent of the power of two below it."""
    return f"CASE WHEN {number} <= 0 THEN '≤ 0' ELSE floor(log2({number}))::INTEGER::VARCHAR END"


def _there(name: str) -> Field:
    return Field(name, f"{name} IS NOT NULL")


def _text(name: str) -> Field:
    return Field(name, f"{name} IS NOT NULL", name, is_text=True)


def _number(name: str, value: str) -> Field:
    return Field(name, f"{value} IS NOT NULL", _size(value), value)


#: Seconds from the event to us, from 1; what is late is in one class, so that a file of the past does not drift.
_DELAY = "greatest(least(epoch(received_at - occurred_at), getvariable('late_after_hours') * 3600), 0) + 1"
EVENT_FIELDS = (
    Field("name", bins="name", is_text=True),
    Field("occurred_at", bins="hour(occurred_at AT TIME ZONE getvariable('zone'))::VARCHAR"),
    Field("received_at", bins=_size(_DELAY)),
    _there("client_at"),
    _there("sent_at"),
    Field("node_id", "node_id <> 0"),
    _text("consent"),
    Field("traffic", bins="coalesce(traffic, 'ordinary')", is_text=True),
    _there("item_id"),
    _there("order_id"),
    _there("refund_id"),
    _number("total", "total::DOUBLE"),
    _text("currency"),
    _text("channel"),
    _text("device_type"),
    _text("region"),
)
LINE_FIELDS = (
    Field("lines.item_id", "item_id IS NOT NULL"),
    _number("lines.quantity", "quantity"),
    _number("lines.unit_price", "unit_price::DOUBLE"),
    _number("lines.amount", "amount::DOUBLE"),
)
#: Fields that a bound may name, beside properties.
NUMBERS = tuple(one.name for one in (*EVENT_FIELDS, *LINE_FIELDS) if one.number)


@dataclass(frozen=True)
class Repeatable:
    """A number that an event states once, and again if the same thing is told twice.

    Attributes:
        field: its name.
        event: the event that states it.
        number: the column.
    """

    field: str
    event: str
    number: str


REPEATABLE = (
    Repeatable("orders.order_id", ORDER_COMPLETED, "order_id"),
    Repeatable("refunds.refund_id", ORDER_REFUNDED, "refund_id"),
)


def event_fields(bounds: Sequence[Bound]) -> tuple[Field, ...]:
    """The fields of events, with the properties that bounds name.

    A path of a property is bound as the variable ``paths``, in the order of the properties.
    """
    places = enumerate(properties(bounds), 1)
    paths = ((place, name, f"json_extract_string(properties, getvariable('paths')[{place}])") for place, name in places)
    return (*EVENT_FIELDS, *(_number(f"{PROPERTIES}{name}", quantity(raw, place)) for place, name, raw in paths))


def properties(bounds: Sequence[Bound]) -> list[str]:
    """The properties that bounds name, without their prefix."""
    return sorted({one.field.removeprefix(PROPERTIES) for one in bounds if one.field.startswith(PROPERTIES)})


def path(name: str) -> str:
    """Where a property lies in the JSON text of its event; its name has no quotation mark."""
    return f'$."{name}"'


def impossible(field: Field, bounds: Sequence[Bound]) -> str:
    """SQL: whether a row's value is outside of what its bounds allow; their values are bound by `bound_params`."""
    tests = []
    for place, one in enumerate(bounds, 1):
        if one.field == field.name and field.number:
            events, above, least, most = (
                f"getvariable('{name}')[{place}]" for name in ("of", "above", "least", "most")
            )
            outside = f"{field.number} <= {above} OR {field.number} < {least} OR {field.number} > {most}"
            tests.append(f"(len({events}) = 0 OR list_contains({events}, name)) AND ({outside})")
    return f"coalesce({' OR '.join(f'({test})' for test in tests)}, false)" if tests else "false"


def bound_params(bounds: Sequence[Bound], units: Sequence[Units]) -> dict[str, object]:
    """The variables of `event_fields` and `impossible`."""
    named = properties(bounds)
    limits = {name: [getattr(one, name) for one in bounds] for name in ("above", "least", "most")}
    of = {"of": [list(one.events) for one in bounds], "paths": list(map(path, named))}
    return {**of, **limits, **units_params(named, units)}
