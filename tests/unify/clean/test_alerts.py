"""Alerts: runs of days that are worse than thresholds allow, found from what was measured alone."""

from __future__ import annotations

from datetime import date, timedelta

from qianmian.unify.clean.alerts import Alert, Day, alerts
from qianmian.unify.clean.rules import Thresholds

FIRST = date(2026, 5, 1)


def on(day: int) -> date:
    return FIRST + timedelta(days=day - 1)


def days(missing: list[int], events: int = 1000) -> list[Day]:
    return [Day(on(number), events, events - empty, 0, 0, 0) for number, empty in enumerate(missing, 1)]


def found(some: list[Day], **thresholds: float | int) -> list[tuple[str, int, int, bool]]:
    told = alerts("shop", "total", some, Thresholds(**thresholds))  # type: ignore[arg-type]
    return [(one.kind, one.since_on.day, one.last_on.day, one.is_open) for one in told]


def test_values_that_cease_are_an_alert_from_the_day_on_which_they_did() -> None:
    told = days([20, 20, 20, 400, 410])
    assert found(told, missing=0.1) == [("missing", 4, 5, True)]
    [alert] = alerts("shop", "total", told, Thresholds(missing=0.1))
    usual = (0.02 + 0.02 + 0.02 + 0.4) / 4
    assert alert == Alert("shop", "total", "missing", on(4), on(5), 0.41, alert.limit, is_open=True)
    assert abs(alert.limit - (usual + 0.1)) < 1e-12


def test_an_alert_ends_with_the_first_day_that_is_good_again() -> None:
    assert found(days([20, 20, 300, 300, 20, 20]), missing=0.1) == [("missing", 3, 4, False)]
    assert found(days([20, 300, 20, 300]), missing=0.1) == [("missing", 2, 2, False), ("missing", 4, 4, True)]


def test_a_field_that_was_always_poor_is_none_and_what_is_older_than_four_weeks_is_no_measure() -> None:
    assert found(days([500] * 10), missing=0.1) == []
    [first, second] = days([0, 300])
    later = Day(on(1) + timedelta(days=29), 1000, 700, 0, 0, 0)
    assert found([first, second], missing=0.1) == [("missing", 2, 2, True)]
    assert found([first, later], missing=0.1) == []


def test_a_day_with_few_events_is_not_judged_and_does_not_end_an_alert() -> None:
    bad, few = Day(on(2), 1000, 500, 0, 0, 0), Day(on(3), 99, 99, 0, 0, 0)
    assert found([*days([0]), bad, few], missing=0.1, least_events=100) == [("missing", 2, 2, True)]
    assert found([*days([0]), bad, few], missing=0.1, least_events=50) == [("missing", 2, 2, False)]


def test_impossible_and_repeated_values_are_judged_by_themselves_and_a_threshold_may_be_off() -> None:
    one = Day(on(1), 1000, 1000, 6, 7, 0)
    assert found([one], invalid=0.005, repeated=0.005) == [("invalid", 1, 1, True), ("repeated", 1, 1, True)]
    assert found([one], invalid=0.006) == []
    assert found([one]) == []


def test_drift_is_told_above_its_threshold_and_its_noise() -> None:
    def day(psi: float | None, noise: float | None) -> list[Day]:
        return [Day(on(1), 1000, 1000, 0, 0, 0, psi, noise)]

    assert found(day(0.3, 0.1), drift=0.25) == [("drift", 1, 1, True)]
    assert found(day(0.3, 0.31), drift=0.25) == []
    assert found(day(None, None), drift=0.25) == []
