"""Who was erased stays out; what they do afterwards is welcome."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from qianmian.core.people import Identifier
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.suppression import Suppressed, SuppressionLedger
from qianmian.privacy.tables import SUPPRESSION
from tests.databases import Database

ERASED_AT = datetime(2026, 11, 11, 8, tzinfo=UTC)
PHONE = Identifier("phone", "13800138000")
HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(database: Database, keys: KeyRing) -> Iterator[SuppressionLedger]:
    opened = SuppressionLedger(database.open(SUPPRESSION), keys)
    yield opened
    opened.close()


def refused(ledger: SuppressionLedger, *offsets: timedelta, value: str = "+86 13800138000") -> list[bool]:
    instants = np.array([(ERASED_AT + offset).replace(tzinfo=None) for offset in offsets], dtype="datetime64[us]")
    return ledger.suppressed("phone", [value] * len(offsets), instants).tolist()


def test_events_up_to_the_erasure_are_refused_and_later_ones_are_not(ledger: SuppressionLedger) -> None:
    ledger.add([Suppressed(PHONE)], ERASED_AT)
    tick = timedelta(microseconds=1)
    assert refused(ledger, -1000 * 24 * HOUR, -tick, 0 * tick, tick) == [True, True, True, False]


def test_others_are_let_through(ledger: SuppressionLedger) -> None:
    assert refused(ledger, -HOUR) == [False]
    ledger.add([Suppressed(PHONE)], ERASED_AT)
    assert refused(ledger, -HOUR, value="13900139000") == [False]
    before = np.array(["2026-01-01", "2026-01-01"], dtype="datetime64[us]")
    assert ledger.suppressed("user_id", ["13800138000", None], before).tolist() == [False, False]


def test_the_ledger_survives_its_process(ledger: SuppressionLedger, database: Database, keys: KeyRing) -> None:
    ledger.add([Suppressed(PHONE)], ERASED_AT)
    again = SuppressionLedger(database.open(SUPPRESSION), keys)
    assert refused(again, -HOUR, HOUR) == [True, False]
    again.close()


def test_a_second_erasure_reaches_further(ledger: SuppressionLedger) -> None:
    ledger.add([Suppressed(PHONE)], ERASED_AT)
    ledger.add([Suppressed(PHONE)], ERASED_AT + 2 * HOUR)
    assert refused(ledger, HOUR, 3 * HOUR) == [True, False]


def test_an_erasure_never_shortens_an_earlier_one(ledger: SuppressionLedger, database: Database, keys: KeyRing) -> None:
    ledger.add([Suppressed(PHONE)], ERASED_AT)
    ledger.add([Suppressed(PHONE)], ERASED_AT - 2 * HOUR)
    again = SuppressionLedger(database.open(SUPPRESSION), keys)
    assert refused(ledger, -HOUR) == refused(again, -HOUR) == [True]
    again.close()


def test_of_a_shared_identifier_only_the_erased_interval_is_refused(ledger: SuppressionLedger) -> None:
    ledger.add([Suppressed(PHONE, since=ERASED_AT - 4 * HOUR, until=ERASED_AT - 2 * HOUR)], ERASED_AT)
    assert refused(ledger, -5 * HOUR, -4 * HOUR, -3 * HOUR, -2 * HOUR) == [False, True, True, False]


def test_an_interval_does_not_reach_beyond_the_erasure(ledger: SuppressionLedger) -> None:
    ledger.add([Suppressed(PHONE, until=ERASED_AT + 9 * HOUR)], ERASED_AT)
    assert refused(ledger, HOUR) == [False]


def test_the_ledger_does_not_hold_the_value(ledger: SuppressionLedger, database: Database) -> None:
    ledger.add([Suppressed(PHONE)], ERASED_AT)
    stored = database.stored()
    assert b"13800138000" not in stored
    assert ledger._digest(PHONE) in stored


def test_who_looks_again_knows_whom_another_process_erased(
    ledger: SuppressionLedger, database: Database, keys: KeyRing
) -> None:
    other = SuppressionLedger(database.open(SUPPRESSION), keys)
    other.add([Suppressed(PHONE)], ERASED_AT)
    other.close()
    assert refused(ledger, -HOUR) == [False]
    ledger.look_again()
    assert refused(ledger, -HOUR) == [True]
