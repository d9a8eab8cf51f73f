"""What somebody did a moment ago: seen at once, once, and by nobody whom it does not concern."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import qianmian
from qianmian.app import recent as looking
from qianmian.app.flusher import Flusher
from qianmian.app.questions.recent import RecentEvents, recent
from qianmian.app.questions.timeline import timeline
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.clock import FixedClock
from qianmian.core.errors import PurposeError, UnknownNameError
from qianmian.core.people import id_text
from qianmian.privacy.suppression import Suppressed
from tests.app.test_flusher import batch, flushed, form, received, track
from tests.app.traces import NOW, Scene, trace


def seen(shop: Shop, name: str = "anna") -> RecentEvents:
    return recent(shop, name, purpose=ANALYSE)


def ids(shop: Shop, name: str = "anna") -> list[str]:
    return [event.event_id for event in seen(shop, name).events]


def did(number: int, user: str | None = "anna", **more: Any) -> dict[str, Any]:
    return track(number, userId=user, **more)


def test_an_event_is_seen_once_at_every_step_of_its_way(scene: Scene) -> None:
    shop = scene.shop
    assert seen(shop).events == []
    received(scene, batch(did(1), did(2, "carl")), batch(did(3)))
    assert ids(shop) == ["m-3", "m-1"]  # in the journal only
    assert ids(shop) == ["m-3", "m-1"]
    assert ids(shop, "carl") == ["m-2"]
    flushed(scene)
    assert ids(shop) == ["m-3", "m-1"]  # in the lake, in no build
    received(scene, batch(did(4)))
    assert ids(shop) == ["m-4", "m-3", "m-1"]  # some here, some there
    flushed(scene)
    shop.build()
    assert seen(shop).total == 0
    person = id_text(scene.person("anna"))
    told = [event.event_id for one in timeline(shop, person, purpose=ANALYSE).sessions for event in one.events]
    assert [told.count(name) for name in ("m-1", "m-2", "m-3", "m-4")] == [1, 0, 1, 1]


def test_it_says_what_the_time_line_will_say(scene: Scene) -> None:
    paid = {"order_id": "A", "total": 30, "products": [{"product_id": "i1"}], "note": "call 13900139000"}
    received(scene, batch(did(1, event="Order Completed", properties=paid, context={"channel": "app"})))
    (waiting,) = seen(scene.shop).events
    flushed(scene)
    assert seen(scene.shop).events == [waiting]
    assert waiting.received_at == NOW
    assert waiting.properties == {"order_id": "A", "total": 30, "note": "call [phone]"}
    assert (waiting.item and waiting.item.item_id, waiting.amount, waiting.channel) == ("i1", 30, "app")
    scene.shop.build()
    visit, *_ = timeline(scene.shop, id_text(scene.person("anna")), purpose=ANALYSE).sessions
    (built,) = visit.events
    assert built.amount == waiting.amount
    assert {name: getattr(built, name) for name in ("event_id", "name", "occurred_at", "properties", "item")} == {
        name: getattr(waiting, name) for name in ("event_id", "name", "occurred_at", "properties", "item")
    }


def test_a_person_is_asked_for_by_any_identifier_and_by_id(scene: Scene) -> None:
    received(scene, batch(did(1)), form({"type": "track", "event": "ProductViewed", "time": 1780200000000,
                                         "distinct_id": "anna", "_track_id": 7,
                                         "properties": {"$is_login_id": True}}))  # fmt: skip
    for name in ("anna", "phone:+86 139-0000-0001", f"person:{id_text(scene.person('anna'))}"):
        assert len(ids(scene.shop, name)) == 2
    with pytest.raises(UnknownNameError):
        seen(scene.shop, f"person:{id_text(7)}")
    with pytest.raises(PurposeError):
        recent(scene.shop, "anna", purpose="spying")


def test_an_event_is_of_whom_its_strongest_known_identifier_names(scene: Scene) -> None:
    laptop, tablet = ({"context": {"device": {"id": name}}} for name in ("laptop", "tablet"))
    received(scene, batch(did(1, **laptop)))  # anna on carl's laptop
    received(scene, batch(did(2, "dora", **laptop)))  # nobody knows dora yet
    received(scene, batch(did(3, None, **tablet)))  # boris has signed in there, and has not left
    received(scene, batch(did(4, None, **tablet, timestamp="2026-05-05T00:00:00Z")))  # then it was anna
    names = ("anna", "boris", "carl", "dora")
    told = [["m-1", "m-4"], ["m-3"], ["m-2"], ["m-2"]]
    assert [ids(scene.shop, name) for name in names] == told
    flushed(scene)
    assert [ids(scene.shop, name) for name in names] == told


def test_somebody_whom_no_build_knows_is_seen_by_name(scene: Scene) -> None:
    received(scene, batch(did(1, None, anonymousId="a-99")))
    found = seen(scene.shop, "anonymous_id:a-99")
    assert (found.person, [event.event_id for event in found.events]) == (None, ["m-1"])
    assert seen(scene.shop, "anonymous_id:a-98").events == []
    assert seen(scene.shop, "user_id:null").events == []  # a name of nobody


def test_before_the_first_build_there_is_something_to_see(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    assert seen(scene.shop).events == []
    received(scene, batch(did(1)))
    assert (ids(scene.shop), seen(scene.shop).computed) == (["m-1"], None)
    flushed(scene)
    assert ids(scene.shop) == ["m-1"]
    scene.shop.close()


def test_an_imported_file_is_seen_before_the_next_build(scene: Scene) -> None:
    scene.take([trace("Order Completed", "2026-05-30", user="anna", order="B", total=12, id="late")])
    (event,) = seen(scene.shop).events
    assert (event.event_id, event.amount) == ("late", 12)


def test_a_repeat_is_no_second_event(scene: Scene) -> None:
    received(scene, batch(did(1), did(1)), batch(did(1)))
    assert ids(scene.shop) == ["m-1"]
    flushed(scene)
    received(scene, batch(did(1)))  # sent again
    assert ids(scene.shop) == ["m-1"]
    flushed(scene)
    scene.shop.build()
    received(scene, batch(did(1)))  # and again
    assert ids(scene.shop) == []


def test_what_will_be_refused_and_what_is_for_trying_out_is_not_seen(scene: Scene) -> None:
    received(scene, batch(did(1, timestamp="yesterday"), {"type": "track", "userId": "anna"}))
    received(scene, batch(did(2)), environment="dev")
    received(scene, batch(did(3)))
    assert ids(scene.shop) == ["m-3"]


def test_a_process_that_begins_again_sees_the_same(scene: Scene) -> None:
    received(scene, batch(did(1)))
    flushed(scene)
    received(scene, batch(did(2)))
    before = seen(scene.shop)
    again = qianmian.open(scene.folder, clock=FixedClock(NOW))
    assert seen(again) == before
    again.close()


def test_a_flusher_that_is_half_way_leaves_nothing_out_and_nothing_twice(scene: Scene) -> None:
    received(scene, batch(did(0)), batch(did(1)), source="web")
    received(scene, batch(did(2)), source="app")
    small = Flusher(scene.shop.workspace, most_bytes=1)
    for _ in range(3):
        assert sorted(ids(scene.shop)) == ["m-0", "m-1", "m-2"]
        scene.shop.recent.close()  # one that has read nothing so far
        assert sorted(ids(scene.shop)) == ["m-0", "m-1", "m-2"]
        small.flush()


def test_the_erased_are_gone_at_once(scene: Scene) -> None:
    shop = scene.shop
    received(scene, batch(did(1), did(2, "carl")))
    flushed(scene)
    received(scene, batch(did(3)))
    assert seen(shop).total == 2
    shop.erase(shop.plan_erase(["anna"]))
    received(scene, batch(did(4), did(5, "carl")))  # what they did before, sent afterwards
    assert ids(shop) == []
    assert ids(shop, "carl") == ["m-5"]  # the erasure built anew, without anna


def test_who_is_suppressed_is_not_seen_though_the_lake_still_has_them(scene: Scene) -> None:
    received(scene, batch(did(1)))
    assert ids(scene.shop) == ["m-1"]
    flushed(scene)
    received(scene, batch(did(2)))
    other = qianmian.open(scene.folder, clock=FixedClock(NOW))  # another process begins to erase
    plan = other.plan_erase(["anna"])
    known = other.workspace.vault.reveal([vertex.node_id for vertex in plan.vertices])
    other.workspace.suppression.add([Suppressed(one) for one in known.values()], NOW)
    other.close()
    assert ids(scene.shop) == []


def test_more_than_one_question_reads_is_read_by_the_next_and_it_says_so(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_LINES", 2)
    received(scene, *(batch(did(number)) for number in range(5)))
    told = [(len(found.events), found.upto) for found in (seen(scene.shop) for _ in range(3))]
    assert [count for count, _ in told] == [2, 4, 5]
    assert [upto is None for _, upto in told] == [False, False, True]


def test_what_is_kept_of_people_is_bounded_and_forgotten(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_ROWS", 3)
    monkeypatch.setattr(looking, "MOST_PEOPLE", 2)
    received(scene, *(batch(did(number)) for number in range(5)))
    assert ids(scene.shop) == ["m-4", "m-3", "m-2"]
    for name in ("carl", "x", "y"):
        seen(scene.shop, name)
    assert len(scene.shop.recent._watches) == 2
    monkeypatch.setattr(looking, "IDLE_SECONDS", 0)
    seen(scene.shop, "carl")
    assert len(scene.shop.recent._watches) == 1


def test_an_event_of_tomorrow_stays_recent_when_today_is_built(scene: Scene) -> None:
    tomorrow = NOW + timedelta(hours=2)
    received(scene, batch(did(1, timestamp=tomorrow.astimezone(UTC).isoformat())))
    flushed(scene)
    scene.shop.build()
    assert [event.occurred_at for event in seen(scene.shop).events] == [datetime(2026, 6, 1, 6, tzinfo=UTC)]
