"""Imports the group buys of a social shop and prints who opens them, who joins, and which fill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import qianmian
from examples.asking import ask
from examples.folders import Folders, read_folders
from examples.group_buy.convert import write_events
from examples.printing import print_table
from qianmian.app.shop import Shop
from qianmian.core.clock import FixedClock

DATA_SET = "beibei_groupbuy"
#: The evening of the one day that the mapping declares for all events.
NOW = datetime(2020, 1, 1, 15, 0, tzinfo=UTC)
#: Who they are, and how the condition language says it.
AUDIENCES = (
    ("open", "did('Group Buy Opened')"),
    ("open three or more", "did('Group Buy Opened', last='1d') >= 3"),
    ("open, and at least one fills", "did('Group Buy Filled')"),
    ("open, and none ever fills", "did('Group Buy Opened') and not did('Group Buy Filled')"),
    ("join", "did('Group Buy Joined')"),
    ("join and never open", "did('Group Buy Joined') and not did('Group Buy Opened')"),
    ("open and join", "did('Group Buy Opened') and did('Group Buy Joined')"),
    ("join three or more", "did('Group Buy Joined', last='1d') >= 3"),
)
_EVENTS = "SELECT name, count(*) AS events, count(DISTINCT node_id) AS people FROM events GROUP BY 1 ORDER BY 2 DESC"
_BUSY = """
SELECT if(group_buys_90d < 10, group_buys_90d::VARCHAR, '10 or more') AS times, count(*) AS people
FROM profiles GROUP BY 1 ORDER BY min(group_buys_90d)
"""
_HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the story from the command line."""
    shop = make_shop(read_folders("Group buys: who opens them, who joins, and which fill.", arguments))
    try:
        tell(shop)
    finally:
        shop.close()


def make_shop(folders: Folders) -> Shop:
    """Make the workspace, convert and import the groups, and build."""
    shop = qianmian.init(folders.workspace, name="Group buys", clock=FixedClock(NOW), time_zone="Asia/Shanghai")
    events = folders.workspace / "events.csv"
    write_events(folders.data / DATA_SET, events)
    shop.import_file(events, _HERE / "mapping.yaml")
    shop.build()
    return shop


def tell(shop: Shop) -> None:
    """Print the tables of the story."""
    counted = ask(shop, _EVENTS, "events").to_pylist()
    print_table("What happened", ("event", "events", "people"), [tuple(row.values()) for row in counted])
    busy = ask(shop, _BUSY, "profiles").to_pylist()
    print_table("Group buys opened or joined by one person", ("times", "people"), [tuple(row.values()) for row in busy])
    rows = []
    for who, condition in AUDIENCES:
        audience = shop.audience(condition, limit=0)
        rows.append((who, audience.size(), audience.size() / audience.of_people, audience.condition))
    print_table("Who opens, who joins", ("who", "people", "share", "condition"), rows)
