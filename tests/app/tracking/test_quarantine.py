"""What is kept apart comes in once the plan has it: all of it that fits, each event once, whatever was cut short."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qianmian.app.tracking.quarantine import Replayed, newest, one, waiting
from qianmian.core.errors import UnknownNameError
from qianmian.core.messages import Message
from tests.app.tracking.following import PLAN, Followed, paid, track

LARGER = PLAN + "      colour: text\n  Cart Shared: {}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Followed]:
    made = Followed(tmp_path / "shop")
    yield made
    made.shop.close()


def test_events_come_in_once_when_the_plan_is_mended(shop: Followed) -> None:
    shop.apply(mode="strict")
    shop.send(paid(1), paid(2, colour="red"), track(3, event="Cart Shared"), paid(4, pieces="two"))
    shop.send(paid(5, colour="blue"), paid(2, colour="red"), source="till")
    assert waiting(shop.shop.workspace) == {
        ("till", "unplanned_property"): 2,
        ("web", "unplanned_event"): 1,
        ("web", "unplanned_property"): 1,
        ("web", "wrong_type"): 1,
    }
    found = shop.violations()
    assert shop.shop.replay_plan() == Replayed(read=5, waiting=5)
    assert (shop.shop.batches.all(), len(waiting(shop.shop.workspace))) == ([], 4)

    shop.apply(LARGER)
    assert shop.shop.replay_plan("web") == Replayed(read=3, stored=2, waiting=1)
    assert shop.shop.replay_plan() == Replayed(read=3, stored=2, waiting=1)
    assert shop.apart() == {"m-4": ("wrong_type", "pieces")}
    events = {(row["source"], row["event_id"]): json.loads(row["properties"] or "{}") for row in shop.rows("events")}
    assert sorted(events) == [("till", "m-2"), ("till", "m-5"), ("web", "m-1"), ("web", "m-2"), ("web", "m-3")]
    assert events["web", "m-2"]["colour"] == "red"
    assert shop.violations() == found  # they were counted as they came
    assert shop.shop.replay_plan("web") == Replayed(read=1, waiting=1)


def test_a_replay_that_was_cut_short_before_it_forgot_stores_nothing_twice(shop: Followed) -> None:
    shop.apply(mode="strict")
    shop.send(paid(1, colour="red"), paid(2, pieces="two"))
    kept = list(shop.shop.workspace.refused.bodies())
    shop.apply(LARGER)
    assert shop.shop.replay_plan().stored == 1
    shop.shop.workspace.refused.keep(kept)  # as a death between release and forgetting leaves them
    assert shop.shop.replay_plan() == Replayed(read=2, duplicates=1, waiting=1)
    assert (shop.ids(), list(shop.apart())) == (["m-1"], ["m-2"])


def test_what_came_in_by_a_replay_is_a_batch_that_can_be_taken_out(shop: Followed) -> None:
    shop.apply(mode="strict")
    shop.send(paid(1), paid(2, colour="red"))
    shop.apply(LARGER)
    shop.shop.replay_plan()
    (batch,) = shop.shop.batches.all()
    assert (batch["source"], batch["report"]["accepted"], batch["done_at"] is not None) == ("web", 1, True)
    assert shop.shop.undo(batch["batch"])
    assert shop.ids() == ["m-1"]


def test_an_event_of_somebody_erased_does_not_come_back_by_a_replay(shop: Followed) -> None:
    shop.apply(mode="strict")
    shop.send(paid(1), paid(4, colour="red"), paid(3))  # 1 and 4 are of u1, 3 of u0
    shop.shop.build()
    shop.shop.erase(shop.shop.plan_erase(["u1"]))
    shop.apply(LARGER)
    assert shop.shop.replay_plan() == Replayed()
    assert shop.ids() == ["m-3"]


def test_what_is_kept_apart_is_listed_and_looked_at_masked(shop: Followed) -> None:
    shop.apply(mode="quarantine")
    shop.send(paid(1, pieces="two", receiver="李小明", note="tel 13800138000"))
    shop.send(paid(2, pieces="three"), source="till")
    workspace = shop.shop.workspace
    assert [(row.source, row.event, row.row.body) for row in newest(workspace, 10)] == [
        ("till", "Order Completed", None), ("web", "Order Completed", None),
    ]  # fmt: skip
    (kept,) = newest(workspace, 10, source="web", reason="wrong_type")
    assert newest(workspace, 10, reason="missing_property") == newest(workspace, 10, source="app") == []
    assert (kept.row.reason, kept.row.field) == ("wrong_type", "pieces")
    expected = Message("want_type", event="Order Completed", type="whole", found="text")
    assert kept.row.detail == Message("row_expected", expected=expected)
    looked = one(workspace, kept.id)
    assert looked.content is not None
    assert looked.content["properties"]["pieces"] == "two"
    assert "13800138000" not in str(looked)


@pytest.mark.parametrize("kept", ["", "web", "web:1", "20260601T040000.000:web:segment:65536", "x:9999999999999999999"])
def test_an_id_of_nothing_says_so(shop: Followed, kept: str) -> None:
    with pytest.raises(UnknownNameError, match="kept apart"):
        one(shop.shop.workspace, kept)


def test_only_those_that_were_picked_are_replayed(shop: Followed) -> None:
    shop.apply(mode="strict")
    shop.send(paid(1, colour="red"), paid(2, colour="blue"), paid(3, colour="green"))
    shop.apply(LARGER)
    picked = [row.id for row in newest(shop.shop.workspace, 10)][:2]
    assert shop.shop.replay_plan(only=picked) == Replayed(read=2, stored=2)
    assert (shop.ids(), len(newest(shop.shop.workspace, 10))) == (["m-2", "m-3"], 1)
    assert shop.shop.replay_plan(only=picked) == Replayed()
    with pytest.raises(UnknownNameError):
        shop.shop.replay_plan(only=["nothing"])
