"""What is flagged as declared counts for nobody; what a check or a rule changes is as if built anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.app.cleaning import CleaningRules
from qianmian.app.plan import plan
from qianmian.app.quality import check
from qianmian.app.questions.flags import flagged, report
from qianmian.app.questions.left_out import LeftOut
from qianmian.app.questions.overview import overview
from qianmian.app.questions.timeline import timeline
from qianmian.core.people import id_text
from tests.app.conftest import BACK, PAID, VIEW
from tests.app.test_incremental import assert_as_if_anew
from tests.app.traces import EVENTS, NOW, Scene, trace

MAPPING = EVENTS.replace("item_id: item,", "item_id: item, user_agent: agent,").rstrip() + (
    "\nproperties: {fields: {chat_id: chat}}\n"
)
BOT = "Mozilla/5.0 (compatible; Baiduspider/2.0)"


def visit(event: str, at: str, agent: str = "", chat: str | None = None, **fields: Any) -> dict[str, Any]:
    return {**trace(event, at, **fields), "agent": agent, "chat": chat}


#: A program looks at 40 goods; another says what it is, as does one in anna's chat; an order and a look are told twice.
STORY = [
    *(visit(VIEW, f"2026-05-03T12:00:{n:02}", id=f"p{n:02}", device="crawler", item=f"i{n}") for n in range(40)),
    visit(VIEW, "2026-05-03", BOT, id="bot", device="spider", item="only-bots"),
    visit(VIEW, "2026-05-04", BOT, id="anna-previews", user="anna", item="i1"),
    *(visit("Chat Joined", "2026-05-04", chat="k1", id=f"joined-{who}", user=who) for who in ("anna", "boris")),
    visit("Chat Joined", "2026-05-05", BOT, chat="k1", id="joined-spider", device="spider"),
    *(visit("Chat Joined", "2026-05-05T13:00:01", chat="k1", id=f"twice-{n}", user="carl") for n in range(2)),
    *(visit(VIEW, f"2026-05-04T13:00:0{n}", id=f"look-{n}", user="anna", item="i2") for n in range(2)),
    *(
        visit(PAID, f"2026-05-04T14:00:0{n}", id=f"paid-{n}", user="anna", order="A-1", total="80", item="i2")
        for n in range(2)
    ),
    visit(BACK, "2026-05-05", id="back", user="anna", order="A-1", refund="R-1", total="5"),
    *(visit(VIEW, "2026-05-06", id=f"crowd-{n}", user=f"c{n}", item="i1") for n in range(30)),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that was built before anybody checked it; not to be changed."""
    scene = Scene(tmp_path_factory.mktemp("left-out") / "shop")
    scene.take(STORY, MAPPING)
    scene.shop.build(instant=NOW - timedelta(days=1))
    scene.shop.close()
    return scene.folder


@pytest.fixture
def scene(built: Path, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(built).copied(tmp_path / "shop")
    yield made
    made.shop.close()


def left_out(scene: Scene) -> dict[str, int]:
    rows = scene.rows("left_out")
    reasons = [row["reason"] for row in rows]
    return {reason: reasons.count(reason) for reason in sorted(set(reasons))}


def apply(scene: Scene, text: str) -> None:
    CleaningRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(text, "own.yaml")


def test_before_a_check_what_states_of_itself_that_it_is_no_person_counts_for_nobody(scene: Scene) -> None:
    assert left_out(scene) == {"traffic": 3}
    assert scene.person("device:spider") not in scene.profiles()
    assert len(scene.rows("events")) == len(STORY)


def test_they_stand_on_the_time_line_marked_and_are_counted_apart(scene: Scene) -> None:
    told = timeline(scene.shop, id_text(scene.person("anna")), purpose="analyse")
    marks = {event.event_id: event.left_out for visit in told.sessions for event in visit.events}
    assert {name: mark for name, mark in marks.items() if mark} == {"anna-previews": "traffic"}
    assert {"look-0", "joined-anna", "paid-0"} <= set(marks)
    assert told.left_out == [LeftOut("traffic", 1)]
    seen = overview(scene.shop, purpose="analyse", first=date(2026, 5, 4), last=date(2026, 5, 31))
    assert seen.left_out == [LeftOut("traffic", 2)]
    assert seen.totals.events == len(STORY) - 3 - 1  # those, and the order's second telling
    crawler = id_text(scene.person("device:crawler"))
    check(scene.shop)
    told = {one.rule: one.is_left_out for one in report(scene.shop).rules}
    assert told == {"twin": True, "pace": True}
    assert flagged(scene.shop, "pace", "shop")[0].person == crawler
    scene.shop.build(instant=NOW)
    assert flagged(scene.shop, "pace", "shop")[0].person is None  # what is left of it is nobody's profile
    assert overview(scene.shop, purpose="analyse").totals.events == len(STORY) - 3 - 40 - 3


def test_what_a_check_flags_is_taken_back_and_what_counts_again_is_as_if_it_always_had(
    scene: Scene, tmp_path: Path
) -> None:
    crawler, anna = scene.person("device:crawler"), scene.person("anna")
    assert crawler in scene.profiles()
    check(scene.shop)
    result = scene.shop.build(instant=NOW)
    assert left_out(scene) == {"pace": 40, "traffic": 3, "twin": 3}
    assert (result["anew"], result["recounted"]) == ("", 43)
    assert (crawler in scene.profiles(), scene.profiles()[anna]["net_revenue"]) == (False, 75)
    assert_as_if_anew(scene, NOW, tmp_path / "full")
    apply(scene, "leave_out: [twin, traffic.headless]")
    scene.take([visit(VIEW, "2026-05-31", BOT, user="anna", item="new")], MAPPING)
    assert "leave    out events flagged as twin, traffic.headless" in plan(scene.shop.workspace).explain()
    result = scene.shop.build(instant=NOW)
    assert (left_out(scene), result["anew"], result["recounted"]) == ({"twin": 3}, "", 43)
    assert crawler in scene.profiles()
    assert_as_if_anew(scene, NOW, tmp_path / "full")


def test_where_flags_of_orders_change_all_begins_anew(scene: Scene) -> None:
    rules = "bounds: [{field: total, events: [Order Completed], most: 79}]\n"
    apply(scene, f"{rules}leave_out: [impossible]")
    check(scene.shop)
    assert "orders or refunds are flagged otherwise" in scene.shop.build()["anew"]
    assert (scene.rows("orders"), left_out(scene)) == ([], {"impossible": 2})
    apply(scene, f"{rules}leave_out: []")
    assert "flagged otherwise" in scene.shop.build()["anew"]
    assert ([row["net"] for row in scene.rows("orders")], left_out(scene)) == ([75], {})
