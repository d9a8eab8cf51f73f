"""Tracked links: where they lead, what is kept of an opening, and that nobody waits for what cannot be kept."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from qianmian.app.arrivals import Answered, Counter, Sums
from qianmian.app.flusher import Flusher
from qianmian.app.opening import Opening
from qianmian.app.questions.openings import DAYS, counted_links, link_page
from qianmian.app.tables import TRACKED_LINKS
from qianmian.app.taken import Counts
from qianmian.app.tracked_links import NewLink, TrackedLinks, checked_target
from qianmian.app.tracking.plans import Plans
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.writer import JournalWriter, Limits
from qianmian.core.errors import InputError, UnknownNameError
from tests.app.test_flusher import SENT, batch, form, received, track
from tests.app.test_sources import HandClock
from tests.app.traces import NOW, Scene
from tests.collect.wire.test_opened import DESKTOP, IOS

T = TypeVar("T")
WECHAT = {"user-agent": f"{IOS} MicroMessenger/8.0"}
LIMITS = Limits()
POST = NewLink(target="https://shop.example/item/7", kind="post", owner="p-17", words={"source": "weibo"}, code="p17")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    yield made
    made.shop.close()


@pytest.fixture
def links(database) -> TrackedLinks:
    return TrackedLinks(database.open(TRACKED_LINKS), HandClock())


def declared(scene: Scene) -> TrackedLinks:
    return TrackedLinks(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def running(scene: Scene, work: Callable[[Opening], Awaitable[T]], limits: Limits = LIMITS) -> T:
    """What a running server does: a writer of the journal, and whoever opens links."""
    workspace = scene.shop.workspace

    async def serve() -> T:
        folder = JournalFolder(workspace.data / "journal")
        writer = JournalWriter(folder, workspace.keys, workspace.clock, workspace.entropy, limits)
        opening = Opening(workspace, writer, declared(scene), Counter(workspace.clock))
        try:
            return await work(opening)
        finally:
            await opening.settle()
            await writer.close()

    return asyncio.run(serve())


def clicked(address: str) -> str:
    return parse_qs(urlsplit(address).query)["qm_click"][0]


def test_a_link_is_made_changed_disabled_and_listed_the_newest_first(links: TrackedLinks) -> None:
    made = links.add(replace(POST, code=""), os.urandom, by="owner")
    assert len(made.code) == 8
    links._clock.move(seconds=1)
    assert links.add(POST, os.urandom).words == {"utm_source": "weibo"}
    assert [link.code for link in links.all()] == ["p17", made.code]
    assert links.change("p17", target="https://other.example/").target == "https://other.example/"
    assert links.change("p17", is_disabled=True).disabled_at == NOW.replace(month=11, day=26, hour=0) + timedelta(
        seconds=1
    )
    assert links.change("p17", is_disabled=False).disabled_at is None
    with pytest.raises(UnknownNameError, match="no link with that code"):
        links.change("nothing", is_disabled=True)


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({"kind": "banner"}, "got 'banner'"),
        ({"code": "a b"}, "3 to 40 letters"),
        ({"code": "p17"}, "there is a link 'p17' already"),
        ({"code": "13800138000"}, "`code` holds what looks like somebody's personal data"),
        ({"owner": "李丽 13800138000"}, "`owner` holds"),
        ({"owner": "x" * 101}, "`owner` must be one line of at most 100"),
        ({"words": {"source": "a\nb"}}, "`utm_source` must be one line"),
        ({"words": {"gclid": "1"}}, "got 'gclid'"),
        ({"target": "https://shop.example/?mail=li@example.com"}, "`target` holds"),
    ],
)
def test_what_cannot_be_a_link_is_refused_by_its_part(links: TrackedLinks, odd: dict[str, object], told: str) -> None:
    links.add(POST, os.urandom)
    with pytest.raises(InputError, match=told):
        links.add(replace(POST, **{"code": "", **odd}), os.urandom)


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "data:text/html,x", "//evil.example", "/item/7", "shop.example", "ftp://shop.example",
        "https://", "https:///path", "https://user@evil.example", "https://shop.example@evil.example/",
        "https://shop.example\\@evil.example", "https://shop.example/\r\nset-cookie: a=1", "https://shop.example/a b",
        "https://shop.example:99999/", "https://shop.example:x/", "https://[::1", "https://shop.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_a_target_that_a_browser_might_take_otherwise_is_refused(target: str) -> None:
    with pytest.raises(InputError, match="must be a web address"):
        checked_target(target)


def test_a_target_is_told_in_ascii_and_keeps_its_meaning() -> None:
    assert checked_target("HTTPS://Shop.Example:8443/a%20b?x=1&y=%E4%B8%AD#/路?id=7") == (
        "https://shop.example:8443/a%20b?x=1&y=%E4%B8%AD#/%E8%B7%AF?id=7"
    )
    assert checked_target("http://[::1]:80/") == "http://[::1]:80/"


def test_an_opening_is_an_arrival_and_no_plan_keeps_it_apart(scene: Scene) -> None:
    workspace = scene.shop.workspace
    declared(scene).add(POST, os.urandom)
    plans = Plans(workspace.catalogue, workspace.clock)
    plans.apply("events: {Product Viewed: {title: {en: Item viewed, zh-CN: 浏览商品}}}", "plan.yaml", origin="file")
    plans.choose("strict")

    async def work(opening: Opening) -> dict[Answered, Sums]:
        link = opening.find("p17")
        assert link
        await opening.open(link, {"user-agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"})
        await opening.settle()
        return opening.arrivals.take()

    [(answered, sums)] = running(scene, work).items()
    assert (answered.sender.source, answered.status, sums) == ("links", 200, Sums(1, 1))
    assert Flusher(workspace).flush_all().counts == Counts(1, 1)


def test_an_opening_is_counted_and_what_follows_it_finds_its_person(scene: Scene) -> None:
    declared(scene).add(POST, os.urandom)
    declared(scene).add(replace(POST, code="quiet"), os.urandom)

    async def opened(opening: Opening) -> list[str]:
        link = opening.find("p17")
        return [await opening.open(link, headers) for headers in (WECHAT, WECHAT, {"user-agent": DESKTOP}, {})]

    first, second, third, _ = (clicked(address) for address in running(scene, opened))
    landed = f"https://shop.example/item/7?utm_source=weibo&qm_click={first}"
    received(
        scene,
        batch(track(1, timestamp=SENT, userId="anna", context={"page": {"search": f"?qm_click={first}"}})),
        batch(track(2, timestamp=SENT, userId="anna", context={"page": {"url": f"{POST.target}?qm_click={second}#x"}})),
        form({"type": "track", "event": "$pageview", "time": 1780286340000, "distinct_id": "boris", "_track_id": 7,
              "properties": {"$is_login_id": True, "$url": landed}}),
        batch(track(3, timestamp=SENT, userId="carl", properties={"qm_click": "ofnobody"})),
    )  # fmt: skip
    Flusher(scene.shop.workspace).flush_all()
    scene.shop.build()
    page = link_page(scene.shop, "p17")
    assert (page.count.opened, page.count.previewed, page.landed, page.people) == (3, 1, 2, 2)
    assert [(one.channel, one.opened) for one in page.channels] == [("wechat", 2), ("web", 1)]
    assert (len(page.days), page.days[-1].opened, sum(day.opened for day in page.days)) == (DAYS, 3, 3)
    assert {one.link.code: one.count.opened for one in counted_links(scene.shop)} == {"p17": 3, "quiet": 0}
    assert third not in (first, second)
    told = scene.rows("events", "WHERE source = 'links'")
    assert {row["node_id"] for row in told} == {0}
    assert len({row["event_id"] for row in told}) == 4
    assert "Mozilla" not in str(told)


def test_whoever_opens_is_led_on_when_nothing_can_be_kept_and_that_is_counted(scene: Scene) -> None:
    declared(scene).add(POST, os.urandom)

    async def opened(opening: Opening) -> list[str]:
        return [await opening.open(opening.find("p17"), WECHAT) for _ in range(3)]

    addresses = running(scene, opened, Limits(waiting_bytes=0))
    assert len({clicked(address) for address in addresses}) == 3
    assert declared(scene).get("p17").unkept == 3
    Flusher(scene.shop.workspace).flush_all()
    assert counted_links(scene.shop)[0].count.opened == 0


def test_links_that_cannot_be_read_again_go_on_leading(scene: Scene) -> None:
    declared(scene).add(POST, os.urandom)
    catalogue = scene.shop.workspace.catalogue

    async def opened(opening: Opening) -> str:
        assert opening.find("p17")
        with catalogue.begin() as connection:
            connection.execute(sa.text("ALTER TABLE tracked_links RENAME TO elsewhere"))
        opening.refresh()
        address = await opening.open(opening.find("p17"), WECHAT)
        with catalogue.begin() as connection:
            connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO tracked_links"))
        return address

    assert running(scene, opened).startswith(POST.target)


def test_a_new_link_is_found_within_seconds_by_a_server_that_runs(scene: Scene) -> None:
    clock = HandClock()
    opening = Opening(replace(scene.shop.workspace, clock=clock), None, declared(scene), Counter(clock))  # type: ignore[arg-type]
    assert opening.find("p17") is None
    declared(scene).add(POST, os.urandom)
    assert opening.find("p17") is None
    clock.move(seconds=1)
    assert opening.find("p17").target == POST.target
    declared(scene).change("p17", target="https://other.example/")
    clock.move(seconds=5)
    assert opening.find("p17").target == "https://other.example/"
