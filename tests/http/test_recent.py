"""An event is seen as soon as it is acknowledged: through a real server, with its flusher beside it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest


@pytest.fixture
def sender(site):
    with site.sender("till") as sender:
        yield sender


def track(sender, number, **who):
    message = {"messageId": f"t-{number}", "event": "Product Viewed", "timestamp": datetime.now(UTC).isoformat(), **who}
    assert sender.post("/v1/track", json=message).status_code == 200


def test_what_is_acknowledged_is_in_the_next_answer_until_a_build_has_it(client, site, sender):
    user = site.names[0]["user_id"]
    person = client.get(f"/api/profiles/{user}").json()["person"]
    for number in range(8):  # the flusher takes some of them in meanwhile
        track(sender, number, userId=user)
        told = client.get(f"/api/people/{person}/recent").json()
        assert [event["event_id"] for event in told["events"]] == [f"t-{n}" for n in range(number, -1, -1)]
        assert (told["person"], told["total"], told["upto"]) == (person, number + 1, None)
    assert told["computed"] == client.get(f"/api/people/{person}/timeline").json()["computed"]
    assert datetime.fromisoformat(told["events"][0]["received_at"]).tzinfo

    track(sender, 100, userId="never-seen-before", context={"traits": {"phone": "13800138000"}})
    new = client.post("/api/people/recent", json={"name": "never-seen-before"})
    assert [event["event_id"] for event in new.json()["events"]] == ["t-100"]
    assert new.json()["person"] is None
    assert "13800138000" not in new.text
    assert client.post("/api/people/recent", json={"name": "person:aaaaaaaaaaaac"}).status_code == 404
