"""What a shop's data are judged by, as people write it: YAML, and what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Collection
from functools import cache
from typing import Any

from qianmian.collect.declaration_reader import DeclarationReader
from qianmian.collect.imports.declaration import near
from qianmian.collect.traffic.rules import REASON
from qianmian.core.errors import CleaningError
from qianmian.core.messages import Message
from qianmian.unify.clean.fields import NUMBERS, PROPERTIES
from qianmian.unify.clean.rules import (
    GROUPS,
    KINDS,
    RULES,
    TRAFFIC,
    Bound,
    Brushed,
    Cleaning,
    Copies,
    Odd,
    Outliers,
    Pace,
    Thresholds,
    Twins,
    built_in_text,
)

MOST_BYTES = 256 * 1024
MOST_BOUNDS, MOST_EVENTS, LONGEST = 200, 200, 200
MOST_HOURS, MOST_LEAST = 24 * 365, 1_000_000_000
MOST_SECONDS = 24 * 3600
MOST_OF_BRUSHED = {
    "looked_within_days": 3650,
    "orders": MOST_LEAST,
    "within_hours": MOST_HOURS,
    "reviewed_within_minutes": 60 * MOST_HOURS,
    "signs": 3,
}
_WITHIN = "within_seconds"
_LIMITS = ("above", "least", "most")


@cache
def built_in_cleaning() -> Cleaning:
    """What holds where a shop has declared nothing."""
    return _Reader("cleaning.yaml").cleaning(built_in_text(), Cleaning())


def read_cleaning(text: str, name: str | Message) -> Cleaning:
    """Parse and check a declaration.

    Args:
        text: the YAML; a section that is missing is as the product has it.
        name: what messages call it, such as the file's name.

    Raises:
        CleaningError: the first thing that is wrong, with its place and what was expected.
    """
    return _Reader(name).cleaning(text, built_in_cleaning())


class _Reader(DeclarationReader):
    error, most_bytes = CleaningError, MOST_BYTES
    too_large, start = Message("cleaning_too_large", most=MOST_BYTES // 1024), Message("cleaning_start")
    unknown_key = Message("cleaning_unknown_key")

    def cleaning(self, text: str, otherwise: Cleaning) -> Cleaning:
        top = self.load(text)
        self.known(top, vars(otherwise), "")
        late = "late_after_hours"
        return Cleaning(
            self._bounds(top["bounds"]) if "bounds" in top else otherwise.bounds,
            self._twins(top["twins"]) if "twins" in top else otherwise.twins,
            self._pace(top["pace"]) if "pace" in top else otherwise.pace,
            self._copies(top["copies"]) if "copies" in top else otherwise.copies,
            self._outliers(top["outliers"]) if "outliers" in top else otherwise.outliers,
            self._odd(top["odd"]) if "odd" in top else otherwise.odd,
            self._brushed(top["brushed"]) if "brushed" in top else otherwise.brushed,
            self._leave_out(top["leave_out"]) if "leave_out" in top else otherwise.leave_out,
            self._whole(top[late], late, MOST_HOURS) if late in top else otherwise.late_after_hours,
            self._alerts(top["alerts"]) if "alerts" in top else otherwise.alerts,
        )

    def _bounds(self, value: object) -> tuple[Bound, ...]:
        if not isinstance(value, list) or len(value) > MOST_BOUNDS:
            raise self.wrong("bounds", Message("cleaning_list", most=MOST_BOUNDS), value)
        return tuple(self._bound(one, f"bounds.{number}") for number, one in enumerate(value))

    def _bound(self, value: object, key: str) -> Bound:
        told = self._section(value, key, ("field", "events", *_LIMITS))
        field = self._field(told.get("field"), f"{key}.field")
        events = self._events(told["events"], f"{key}.events") if "events" in told else ()
        limits = {name: self._number(told[name], f"{key}.{name}") for name in _LIMITS if name in told}
        if not limits:
            raise self.wrong(key, Message("cleaning_no_limit"))
        return Bound(field, events, **limits)

    def _field(self, value: object, key: str) -> str:
        name = value.removeprefix(PROPERTIES) if isinstance(value, str) else ""
        is_property = isinstance(value, str) and value.startswith(PROPERTIES)
        if is_property and 0 < len(name) <= LONGEST and name.isprintable() and '"' not in name:
            return f"{PROPERTIES}{name}"
        if value not in NUMBERS:
            given = Message("none") if value is None else value
            raise self.wrong(key, Message("cleaning_field", fields=list(NUMBERS)), given, near(str(value), NUMBERS))
        return str(value)

    def _events(self, value: object, key: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not 0 < len(value) <= MOST_EVENTS:
            raise self.wrong(key, Message("cleaning_list", most=MOST_EVENTS), value)
        for number, one in enumerate(value):
            if not isinstance(one, str) or not 0 < len(one) <= LONGEST:
                raise self.wrong(f"{key}.{number}", Message("rules_text", most=LONGEST), one)
        return tuple(value)

    def _twins(self, value: object) -> Twins | None:
        if value is None:
            return None
        told = self._section(value, "twins", (_WITHIN,))
        return Twins(self._whole(told.get(_WITHIN), f"twins.{_WITHIN}", MOST_SECONDS))

    def _pace(self, value: object) -> Pace | None:
        if value is None:
            return None
        told = self._section(value, "pace", ("events", _WITHIN))
        events = self._whole(told.get("events"), "pace.events", MOST_LEAST)
        return Pace(events, self._whole(told.get(_WITHIN), f"pace.{_WITHIN}", MOST_SECONDS))

    def _copies(self, value: object) -> Copies | None:
        if value is None:
            return None
        told = self._section(value, "copies", ("property", "events", "least_letters", "similar", "identifiers"))
        field = self._field(f"{PROPERTIES}{told.get('property') or ''}", "copies.property")
        events = self._events(told.get("events"), "copies.events")
        least = self._whole(told.get("least_letters"), "copies.least_letters", MOST_LEAST)
        similar = self._share(told.get("similar"), "copies.similar")
        many = self._whole(told.get("identifiers"), "copies.identifiers", MOST_LEAST)
        return Copies(field.removeprefix(PROPERTIES), events, max(least, 3), similar, many)

    def _outliers(self, value: object) -> tuple[Outliers, ...]:
        if not isinstance(value, list) or len(value) > MOST_BOUNDS:
            raise self.wrong("outliers", Message("cleaning_list", most=MOST_BOUNDS), value)
        return tuple(self._outlier(one, f"outliers.{number}") for number, one in enumerate(value))

    def _outlier(self, value: object, key: str) -> Outliers:
        told = self._section(value, key, ("field", "events", "by", "deviations"))
        if told.get("field") not in NUMBERS:
            given = told.get("field") or Message("none")
            raise self.wrong(f"{key}.field", Message("cleaning_number_field", fields=list(NUMBERS)), given)
        if told.get("by", "") not in ("", *GROUPS):
            raise self.wrong(f"{key}.by", Message("cleaning_group", columns=list(GROUPS)), told["by"])
        events = self._events(told["events"], f"{key}.events") if "events" in told else ()
        deviations = self._number(told.get("deviations"), f"{key}.deviations")
        if deviations <= 0:
            raise self.wrong(f"{key}.deviations", Message("cleaning_above_nothing"), told["deviations"])
        return Outliers(told["field"], events, told.get("by", ""), deviations)

    def _odd(self, value: object) -> Odd | None:
        if value is None:
            return None
        told = self._section(value, "odd", ("score",))
        return Odd(self._share(told.get("score"), "odd.score"))

    def _brushed(self, value: object) -> Brushed | None:
        if value is None:
            return None
        told = self._section(value, "brushed", MOST_OF_BRUSHED)
        return Brushed(**{name: self._whole(told.get(name), f"brushed.{name}", most)
                          for name, most in MOST_OF_BRUSHED.items()})  # fmt: skip

    def _leave_out(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > MOST_EVENTS:
            raise self.wrong("leave_out", Message("cleaning_list", most=MOST_EVENTS), value)
        known = (*RULES, TRAFFIC)
        for number, one in enumerate(value):
            is_reason = isinstance(one, str) and REASON.fullmatch(one.removeprefix(f"{TRAFFIC}."))
            if one not in known and not (is_reason and one.startswith(f"{TRAFFIC}.")):
                key, expected = f"leave_out.{number}", Message("cleaning_flag", flags=list(known))
                raise self.wrong(key, expected, one, near(str(one), known))
        return tuple(dict.fromkeys(value))

    def _alerts(self, value: object) -> Thresholds:
        told = self._section(value, "alerts", ("least_events", *KINDS))
        least = "least_events"
        events = self._whole(told[least], f"alerts.{least}", MOST_LEAST) if least in told else Thresholds.least_events
        shares = {kind: self._share(told[kind], f"alerts.{kind}") for kind in KINDS if told.get(kind) is not None}
        return Thresholds(events, **shares)

    def _share(self, value: object, key: str) -> float:
        number = self._number(value, key)
        if not 0 <= number <= 1:
            raise self.wrong(key, Message("cleaning_share"), value)
        return number

    def _number(self, value: object, key: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.wrong(key, Message("misfit_number"), Message("none") if value is None else value)
        return float(value)

    def _whole(self, value: object, key: str, most: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise self.wrong(key, Message("rules_number", most=most), Message("none") if value is None else value)
        return value

    def _section(self, value: object, key: str, known: Collection[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(key, Message("mapping_keys_and_values"), value)
        self.known(value, known, f"{key}.")
        return value
