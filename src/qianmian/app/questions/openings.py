"""Openings of tracked links, as the lake has them this moment: no build is waited for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from qianmian.app.shop import ANALYSE, Shop
from qianmian.app.tracked_links import TrackedLink, TrackedLinks
from qianmian.collect.wire.opened import LINK_OPENED, LINK_PREVIEWED, SOURCE
from qianmian.lake.connection import Connection, fetch
from qianmian.unify.identity.place import placed, show_owners

#: Days of a link that are shown.
DAYS = 30
#: Nobody's events stand together in every file, so that few row groups are read.
_OPENINGS = """
CREATE TEMP TABLE openings AS
SELECT name, occurred_at, json_extract_string(properties, '$.link') AS code,
       json_extract_string(properties, '$.click_id') AS click_id,
       channel, (occurred_at AT TIME ZONE $zone)::DATE AS happened_on
FROM events WHERE node_id = 0 AND source = $source AND name IN ($opened, $previewed)
"""
_COUNTS = """
SELECT code, count(*) FILTER (name = $opened) AS opened, count(*) FILTER (name <> $opened) AS previewed,
       max(occurred_at) FILTER (name = $opened) AS last_at
FROM openings GROUP BY code
"""
_DAYS = """
SELECT happened_on AS "on", count(*) AS opened FROM openings
WHERE code = $code AND name = $opened AND happened_on >= $first GROUP BY happened_on
"""
_CHANNELS = """
SELECT channel, count(*) AS opened FROM openings WHERE code = $code AND name = $opened
GROUP BY channel ORDER BY opened DESC, channel
"""
#: What a landing page told later bears the click's id.
_LANDED = """
CREATE TEMP TABLE landed AS
SELECT node_id, occurred_at, click_id
FROM (SELECT node_id, occurred_at, json_extract_string(properties, '$.click_id') AS click_id FROM events
      WHERE source <> $source AND day >= $since AND contains(properties, '"click_id"'))
SEMI JOIN (FROM openings WHERE code = $code AND name = $opened) USING (click_id)
"""


@dataclass(frozen=True)
class Count:
    """How often a link was opened.

    Attributes:
        opened: by somebody.
        previewed: by programs that draw a card of it, or fetch ahead; not among the opened.
        last_at: when somebody last did; None = nobody yet.
    """

    opened: int = 0
    previewed: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class CountedLink:
    """A link with its count."""

    link: TrackedLink
    count: Count


@dataclass(frozen=True)
class OpenedDay:
    """Openings of a link on one local date."""

    on: date
    opened: int


@dataclass(frozen=True)
class OpenedIn:
    """Openings of a link in the browser of one app; ``web`` is any other."""

    channel: str
    opened: int


@dataclass(frozen=True)
class LinkPage:
    """One link.

    Attributes:
        link: what it is.
        count: of all time.
        days: the last `DAYS` local dates, oldest first, also those without an opening.
        channels: by the app around the browser, the commonest first.
        landed: openings whose landing page told something afterwards.
        people: people who came by it, as far as the last build knows who they are.
    """

    link: TrackedLink
    count: Count
    days: list[OpenedDay]
    channels: list[OpenedIn]
    landed: int
    people: int


def counted_links(shop: Shop, *, purpose: str = ANALYSE) -> list[CountedLink]:
    """All tracked links with their counts, the newest first.

    Raises:
        PurposeError: the purpose is not registered.
    """
    shop.workspace.purposes.check(purpose)
    links = TrackedLinks(shop.workspace.catalogue, shop.workspace.clock).all()
    if not links:
        return []
    workspace = shop.workspace
    with workspace.connected(workspace.lake.snapshot(instant=workspace.clock.now()), "events") as connection:
        counts = _counts(connection, workspace.settings.zone)
    return [CountedLink(link, counts.get(link.code, Count())) for link in links]


def link_page(shop: Shop, code: str, *, purpose: str = ANALYSE) -> LinkPage:
    """One tracked link: its days, where it was opened, and who came.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such link.
    """
    shop.workspace.purposes.check(purpose)
    workspace, zone = shop.workspace, shop.workspace.settings.zone
    link = TrackedLinks(workspace.catalogue, workspace.clock).get(code)
    now, asked = workspace.clock.now(), {"code": code, "opened": LINK_OPENED}
    first = now.astimezone(zone).date() - timedelta(days=DAYS - 1)
    with workspace.connected(workspace.lake.snapshot(instant=now), "events", "persons") as connection:
        count = _counts(connection, zone).get(code, Count())
        by_date = {row["on"]: row["opened"] for row in fetch(connection, _DAYS, {**asked, "first": first}).to_pylist()}
        channels = [OpenedIn(**row) for row in fetch(connection, _CHANNELS, asked).to_pylist()]
        landed, people = _who_came(
            connection, {**asked, "source": SOURCE, "since": link.created_at.date() - timedelta(days=1)}
        )  # a clock may be slow
    dates = [first + timedelta(days=number) for number in range(DAYS)]
    return LinkPage(link, count, [OpenedDay(on, by_date.get(on, 0)) for on in dates], channels, landed, people)


def _counts(connection: Connection, zone: ZoneInfo) -> dict[str, Count]:
    names = {"opened": LINK_OPENED, "previewed": LINK_PREVIEWED}
    connection.execute(_OPENINGS, {"zone": zone.key, "source": SOURCE, **names})
    rows = fetch(connection, _COUNTS, {"opened": LINK_OPENED}).to_pylist()
    return {row.pop("code"): Count(**row) for row in rows}


def _who_came(connection: Connection, asked: Mapping[str, object]) -> tuple[int, int]:
    """Openings that landed, and the people behind them."""
    connection.execute(_LANDED, asked)
    show_owners(connection, "SELECT node_id FROM landed")
    people = f"SELECT count(DISTINCT person_id) FROM ({placed(connection, 'landed')})"
    landed = connection.execute("SELECT count(DISTINCT click_id) FROM landed").fetchall()[0][0]
    return int(landed), int(connection.execute(people).fetchall()[0][0])
