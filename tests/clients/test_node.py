"""The unmodified SDKs for Node, against a real server."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.clients.receiving import Received, lossy
from tests.clients.telling import SEGMENT, once, speak

SENSORS = Counter(["track"] * 22 + "track_signup profile_set profile_append item_set".split())


@pytest.mark.parametrize("speaker", ["segment_node.mjs", "rudder_node.mjs"])
def test_every_event_comes_once(received: Received, node: str, speaker: str) -> None:
    speak(node, speaker, received.url)
    told = received.events()
    assert Counter(event["type"] for event in told) == SEGMENT
    assert len({event["messageId"] for event in told}) == len(told)
    assert {delivery.write_key for delivery in received.deliveries} == {"key-1"}
    said = {event.get("event"): event.get("properties") for event in told}
    assert said["Product Viewed"]["说"] == '😀 "a"&b=c+d%'
    assert said["Odd"] == {"price": None, "none": None, "big": 2**53 - 1, "cut": "\ufffd"}  # a text cut inside an emoji


@pytest.mark.parametrize("speaker", ["segment_node.mjs", "rudder_node.mjs"])
def test_after_a_lost_answer_the_same_ids_come_again(received: Received, node: str, speaker: str) -> None:
    with lossy(received.url, to_lose=1) as wire:
        speak(node, speaker, wire.url)
        assert wire.lost == 1
    told = received.events()
    assert len(told) > SEGMENT.total()
    assert once(told) == SEGMENT


@pytest.mark.parametrize("speaker", ["segment_node.mjs", "rudder_node.mjs"])
def test_who_is_turned_away_comes_again(received: Received, node: str, speaker: str) -> None:
    received.full.to_turn_away = 1
    speak(node, speaker, received.url)
    assert received.full.to_turn_away == 0
    assert once(received.events()) == SEGMENT


@pytest.mark.parametrize("form", ["gzip", "plain"])
def test_every_event_of_sensors_comes_once(received: Received, node: str, form: str) -> None:
    """This client says that it closes and then goes on with the same connection, and never sends again."""
    speak(node, "sensors_node.cjs", received.url, "track", form)
    told = received.events()
    assert Counter(event["type"] for event in told) == SENSORS
    assert len({event["eventId"] for event in told}) == len(told)
    assert sorted(event["properties"]["tap"] for event in told if event.get("event") == "Tapped") == list(range(20))


@pytest.mark.parametrize("send", ["one", "batch"])
def test_every_event_of_a_mini_program_comes_once(received: Received, node: str, send: str) -> None:
    speak(node, "sensors_miniprogram.cjs", received.url, send)
    told = received.events()
    expected = Counter(["track"] * 8 + ["track_signup", "profile_set", "profile_set_once"])
    assert Counter(event["type"] for event in told) == expected
    assert len({event["eventId"] for event in told}) == len(told)
    said = {event.get("event"): event["properties"] for event in told}
    assert said["ProductViewed"]["said"] == '😀 "a"&b=c+d%/'
    assert {delivery.write_key for delivery in received.deliveries} == {"key-1"}
