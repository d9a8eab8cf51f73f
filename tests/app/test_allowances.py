"""What a source may send: refilled with time, overdrawn by one request at most, and begun anew each day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qianmian.app.allowances import LONGEST_WAIT_SECONDS, Allowance, Allowances, allowed
from qianmian.core.errors import LimitError
from qianmian.core.settings import Settings

NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)
RATE = Allowance(events_per_second=10, burst_events=50)


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed)

    def seconds(self) -> float:
        return self.passed


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def allowances(hands: Hands) -> Allowances:
    return Allowances(hands, ZoneInfo("Asia/Shanghai"), hands.seconds, {"known": 90})


def sent(allowances: Allowances, allowance: Allowance, events: int, source: str = "web") -> int:
    """Send; 0 if it was taken, else the seconds that the sender is to wait."""
    try:
        allowances.check(source, allowance)
    except LimitError as error:
        return int(error.message.values["seconds"])
    allowances.spend(source, allowance, events)
    return 0


def test_a_burst_is_taken_and_then_as_much_as_is_refilled(allowances: Allowances, hands: Hands) -> None:
    assert [sent(allowances, RATE, 25) for _ in range(3)] == [0, 0, 1]
    hands.passed += 1
    assert [sent(allowances, RATE, 5), sent(allowances, RATE, 5), sent(allowances, RATE, 5)] == [0, 0, 1]
    hands.passed += 1000
    assert [sent(allowances, RATE, 25) for _ in range(3)] == [0, 0, 1]  # no more than a burst gathers


def test_a_batch_larger_than_the_burst_is_taken_and_paid_afterwards(allowances: Allowances, hands: Hands) -> None:
    assert sent(allowances, RATE, 150) == 0
    assert sent(allowances, RATE, 1) == 11
    hands.passed += 10
    assert sent(allowances, RATE, 1) == 1
    hands.passed += 1
    assert sent(allowances, RATE, 1) == 0


def test_over_a_long_time_the_rate_holds_whatever_the_batches(allowances: Allowances, hands: Hands) -> None:
    taken = 0
    for step in range(4000):
        events = 1 + step * 7 % 40
        taken += events if sent(allowances, RATE, events) == 0 else 0
        hands.passed += 0.25
    assert 10_000 <= taken <= 10_000 + 50 + 40


def test_a_wait_is_never_longer_than_clients_believe(allowances: Allowances) -> None:
    assert sent(allowances, RATE, 1_000_000) == 0
    assert sent(allowances, RATE, 1) == LONGEST_WAIT_SECONDS


def test_a_source_does_not_pay_for_another(allowances: Allowances) -> None:
    sent(allowances, RATE, 500)
    assert sent(allowances, RATE, 1, "other") == 0


def test_a_day_has_so_many_events_over_restarts_and_the_next_has_its_own(allowances: Allowances, hands: Hands) -> None:
    hundred = Allowance(events_per_day=100)
    assert sent(allowances, hundred, 10, "known") == 0
    assert sent(allowances, hundred, 1, "known") == LONGEST_WAIT_SECONDS
    hands.passed = timedelta(hours=11, minutes=59).total_seconds()
    assert sent(allowances, hundred, 1, "known") == 60
    hands.passed += 60
    assert sent(allowances, hundred, 1, "known") == 0


def test_what_could_not_be_kept_is_given_back(allowances: Allowances) -> None:
    sent(allowances, RATE, 50)
    allowances.spend("web", RATE, -50)
    assert sent(allowances, RATE, 50) == 0


def test_no_limit_is_the_rule_and_a_source_may_have_its_own() -> None:
    settings = Settings(name="shop", source_events_per_second=7)
    none = dict.fromkeys(("events_per_second", "burst_events", "events_per_day"))
    assert allowed(Settings(name="shop"), none) == Allowance()
    assert allowed(settings, none) == Allowance(events_per_second=7)
    assert allowed(settings, none | {"events_per_second": 0, "events_per_day": 5}) == Allowance(events_per_day=5)
    assert Allowance(events_per_second=7).burst == 70
