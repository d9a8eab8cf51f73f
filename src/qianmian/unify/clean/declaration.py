"""What a shop's data are judged by, as people write it: YAML, and what is wrong with it."""

from __future__ import annotations

from functools import cache

from qianmian.collect.imports.declaration import near
from qianmian.collect.traffic.rules import REASON
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
from qianmian.unify.clean.sections import Sections
from qianmian.unify.fill.declaration import fill_section
from qianmian.unify.normal.declaration import (
    categories_section,
    rates_section,
    text_section,
    units_section,
    words_section,
)

MOST_BOUNDS = 200
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


class _Reader(Sections):
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
            self.whole(top[late], late, MOST_HOURS) if late in top else otherwise.late_after_hours,
            self._alerts(top["alerts"]) if "alerts" in top else otherwise.alerts,
            text_section(self, top["text"]) if "text" in top else otherwise.text,
            words_section(self, top["words"]) if "words" in top else otherwise.words,
            categories_section(self, top["categories"]) if "categories" in top else otherwise.categories,
            rates_section(self, top["rates"]) if "rates" in top else otherwise.rates,
            units_section(self, top["units"]) if "units" in top else otherwise.units,
            fill_section(self, top["fill"]) if "fill" in top else otherwise.fill,
        )

    def _bounds(self, value: object) -> tuple[Bound, ...]:
        if not isinstance(value, list) or len(value) > MOST_BOUNDS:
            raise self.wrong("bounds", Message("cleaning_list", most=MOST_BOUNDS), value)
        return tuple(self._bound(one, f"bounds.{number}") for number, one in enumerate(value))

    def _bound(self, value: object, key: str) -> Bound:
        told = self.section(value, key, ("field", "events", *_LIMITS))
        field = self.field(told.get("field"), f"{key}.field")
        events = self.names(told["events"], f"{key}.events") if "events" in told else ()
        limits = {name: self.number(told[name], f"{key}.{name}") for name in _LIMITS if name in told}
        if not limits:
            raise self.wrong(key, Message("cleaning_no_limit"))
        return Bound(field, events, **limits)

    def _twins(self, value: object) -> Twins | None:
        if value is None:
            return None
        told = self.section(value, "twins", (_WITHIN,))
        return Twins(self.whole(told.get(_WITHIN), f"twins.{_WITHIN}", MOST_SECONDS))

    def _pace(self, value: object) -> Pace | None:
        if value is None:
            return None
        told = self.section(value, "pace", ("events", _WITHIN))
        events = self.whole(told.get("events"), "pace.events", MOST_LEAST)
        return Pace(events, self.whole(told.get(_WITHIN), f"pace.{_WITHIN}", MOST_SECONDS))

    def _copies(self, value: object) -> Copies | None:
        if value is None:
            return None
        told = self.section(value, "copies", ("property", "events", "least_letters", "similar", "identifiers"))
        field = self.field(f"{PROPERTIES}{told.get('property') or ''}", "copies.property")
        events = self.names(told.get("events"), "copies.events")
        least = self.whole(told.get("least_letters"), "copies.least_letters", MOST_LEAST)
        similar = self.share(told.get("similar"), "copies.similar")
        many = self.whole(told.get("identifiers"), "copies.identifiers", MOST_LEAST)
        return Copies(field.removeprefix(PROPERTIES), events, max(least, 3), similar, many)

    def _outliers(self, value: object) -> tuple[Outliers, ...]:
        if not isinstance(value, list) or len(value) > MOST_BOUNDS:
            raise self.wrong("outliers", Message("cleaning_list", most=MOST_BOUNDS), value)
        return tuple(self._outlier(one, f"outliers.{number}") for number, one in enumerate(value))

    def _outlier(self, value: object, key: str) -> Outliers:
        told = self.section(value, key, ("field", "events", "by", "deviations"))
        if told.get("field") not in NUMBERS:
            given = told.get("field") or Message("none")
            raise self.wrong(f"{key}.field", Message("cleaning_number_field", fields=list(NUMBERS)), given)
        if told.get("by", "") not in ("", *GROUPS):
            raise self.wrong(f"{key}.by", Message("cleaning_group", columns=list(GROUPS)), told["by"])
        events = self.names(told["events"], f"{key}.events") if "events" in told else ()
        deviations = self.number(told.get("deviations"), f"{key}.deviations")
        if deviations <= 0:
            raise self.wrong(f"{key}.deviations", Message("cleaning_above_nothing"), told["deviations"])
        return Outliers(told["field"], events, told.get("by", ""), deviations)

    def _odd(self, value: object) -> Odd | None:
        if value is None:
            return None
        told = self.section(value, "odd", ("score",))
        return Odd(self.share(told.get("score"), "odd.score"))

    def _brushed(self, value: object) -> Brushed | None:
        if value is None:
            return None
        told = self.section(value, "brushed", MOST_OF_BRUSHED)
        return Brushed(**{name: self.whole(told.get(name), f"brushed.{name}", most)
                          for name, most in MOST_OF_BRUSHED.items()})  # fmt: skip

    def _leave_out(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > MOST_BOUNDS:
            raise self.wrong("leave_out", Message("cleaning_list", most=MOST_BOUNDS), value)
        known = (*RULES, TRAFFIC)
        for number, one in enumerate(value):
            is_reason = isinstance(one, str) and REASON.fullmatch(one.removeprefix(f"{TRAFFIC}."))
            if one not in known and not (is_reason and one.startswith(f"{TRAFFIC}.")):
                key, expected = f"leave_out.{number}", Message("cleaning_flag", flags=list(known))
                raise self.wrong(key, expected, one, near(str(one), known))
        return tuple(dict.fromkeys(value))

    def _alerts(self, value: object) -> Thresholds:
        told = self.section(value, "alerts", ("least_events", *KINDS))
        least = "least_events"
        events = self.whole(told[least], f"alerts.{least}", MOST_LEAST) if least in told else Thresholds.least_events
        shares = {kind: self.share(told[kind], f"alerts.{kind}") for kind in KINDS if told.get(kind) is not None}
        return Thresholds(events, **shares)
