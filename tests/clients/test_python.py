"""The unmodified SDKs for Python, against a real server."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from tests.clients.receiving import Received, lossy
from tests.clients.telling import SEGMENT, once, speak

SENSORS = Counter(
    ["track"] * 4 + "track_signup profile_set profile_append track_id_bind track_id_unbind item_set".split()
)


@pytest.mark.parametrize(
    ("speaker", "arguments"), [("segment_python", []), ("segment_python", ["gzip"]), ("rudder_python", [])]
)
def test_every_event_comes_once(received: Received, speaker: str, arguments: list[str]) -> None:
    speak(sys.executable, f"{speaker}.py", received.url, *arguments)
    told = received.events()
    assert Counter(event["type"] for event in told) == SEGMENT
    assert len({event["messageId"] for event in told}) == len(told)
    assert {delivery.write_key for delivery in received.deliveries} == {"key-1"}
    assert [delivery.refused for delivery in received.deliveries if delivery.refused] == []
    said = {event.get("event"): event.get("properties") for event in told}
    assert said["Product Viewed"]["说"] == '😀 "a"&b=c+d%'
    assert (said["Odd"]["price"], said["Odd"]["big"]) == (None, 2**53 - 1)  # both write NaN, which is no JSON


@pytest.mark.parametrize("speaker", ["segment_python", "rudder_python"])
def test_after_a_lost_answer_the_same_ids_come_again(received: Received, speaker: str) -> None:
    with lossy(received.url, to_lose=1) as wire:
        speak(sys.executable, f"{speaker}.py", wire.url)
        assert wire.lost == 1
    told = received.events()
    assert len(told) > SEGMENT.total()
    assert once(told) == SEGMENT


@pytest.mark.parametrize("speaker", ["segment_python", "rudder_python"])
def test_who_is_turned_away_comes_again(received: Received, speaker: str) -> None:
    received.full.to_turn_away = 1
    speak(sys.executable, f"{speaker}.py", received.url)
    assert received.full.to_turn_away == 0
    assert once(received.events()) == SEGMENT


@pytest.mark.parametrize("consumer", ["default", "batch", "async", "debug"])
def test_every_event_of_sensors_comes_once(received: Received, consumer: str) -> None:
    speak(sys.executable, "sensors_python.py", received.url, consumer)
    told = received.events()
    assert Counter(event["type"] for event in told) == SENSORS
    assert len({event["eventId"] for event in told}) == len(told) - (consumer in ("default", "debug"))
    assert {delivery.write_key for delivery in received.deliveries} == {"key-1"}


def test_a_rehearsal_of_sensors_stores_nothing(received: Received) -> None:
    speak(sys.executable, "sensors_python.py", received.url, "rehearsal")
    assert received.events() == []


def test_after_a_lost_answer_the_buffer_of_sensors_comes_again_with_the_same_ids(received: Received) -> None:
    with lossy(received.url, to_lose=1) as wire:
        speak(sys.executable, "sensors_python.py", wire.url, "batch")
        assert wire.lost == 1
    told = received.events()
    assert len(told) == 2 * SENSORS.total()
    assert once(told, "eventId") == SENSORS
