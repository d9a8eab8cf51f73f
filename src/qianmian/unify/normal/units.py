"""Quantities in other units become numbers of one: 500g and 1 斤 of a weight in kg are 0.5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Rule under which the words of a property are counted, with its place in the declaration.
UNITS = "units."
#: A number, and what stands behind it.
_QUANTITY = r"^\s*([-+]?[0-9]*\.?[0-9]+)\s*(\S.*?)\s*$"


@dataclass(frozen=True)
class Units:
    """The units of a property that holds a quantity.

    Attributes:
        property: which one.
        to: the unit in which its numbers are; a value without a unit is in it.
        of: how many of it one of another is, by the unit's name in small letters.
    """

    property: str
    to: str
    of: tuple[tuple[str, float], ...]


def quantity(raw: str, place: int) -> str:
    """SQL of a property's number, whatever unit it is stated in; empty if it is none, or in a unit that is not known.

    Args:
        raw: SQL of the property as text.
        place: of the property among those of `units_params`, from 1.
    """
    words, factors = f"getvariable('unit_words')[{place}]::VARCHAR[]", f"getvariable('unit_factors')[{place}]::DOUBLE[]"
    number = f"try_cast(regexp_extract({raw}, '{_QUANTITY}', 1) AS DOUBLE)"
    unit = f"lower(regexp_extract({raw}, '{_QUANTITY}', 2))"
    return f"coalesce(try_cast({raw} AS DOUBLE), {number} * ({factors})[list_position({words}, {unit})])"


def units_params(properties: Sequence[str], units: Sequence[Units]) -> dict[str, object]:
    """The variables of `quantity`: units and factors of some properties, in their order; none of one without units."""
    declared = {one.property: {one.to.lower(): 1.0, **dict(one.of)} for one in units}
    named = [declared.get(name, {}) for name in properties]
    return {"unit_words": [list(one) for one in named], "unit_factors": [list(one.values()) for one in named]}
