"""The flags against the truth: the generated shop's bots, of which some pass for people."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from qianmian.collect.wire.meanings import mapping_text
from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan
from qianmian.world.wire.write import PROTOCOLS, write_wire
from tests.collect.imports.parts import Workspace
from tests.collect.templates.conftest import LATER

#: Half as many bots as people in browsers, so that there are enough of them to count.
PLAN = WorldPlan(seed=5, people=1_000, bot_share=0.1, events_per_person=12, neighbourhood_events=6_000)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    generate(PLAN, folder)
    return folder


@pytest.mark.parametrize(
    ("dialect", "id_of_the_shop"),
    [("segment", None), ("sensors", ("event_id: eventId", "event_id: properties.message_id"))],
)
def test_bots_that_say_so_are_flagged_and_people_are_not(
    world: Path, tmp_path: Path, dialect: str, id_of_the_shop: tuple[str, str] | None
) -> None:
    write_wire(world, PROTOCOLS[dialect], tmp_path / "wire")
    lines = tmp_path / "lines.jsonl"
    lines.write_bytes(b"".join(file.read_bytes() for file in sorted((tmp_path / "wire").glob("*.jsonl"))))
    mapping = mapping_text(dialect)
    workspace = Workspace(tmp_path / "shop")
    workspace.take(lines, mapping.replace(*id_of_the_shop) if id_of_the_shop else mapping, now=LATER)
    flags = dict(workspace.query("SELECT event_id, coalesce(traffic, '') FROM events"))
    workspace.close()
    bots, passing = truth(world)
    assert len(bots) > 500
    assert passing
    flagged = {event for event, reason in flags.items() if reason and event in flags}
    own = {event for event in flagged if not event.endswith("-page")}  # calls beside the events
    assert own <= bots  # precision 1
    assert bots - own == passing  # recall = those that do not pass for people
    assert {flags[event] for event in own} >= {"bot"}


def truth(world: Path) -> tuple[set[str], set[str]]:
    """Events of bots, and of those that say of themselves what people's browsers say."""
    query = f"""
        WITH bot AS (SELECT message_id FROM '{world}/truth/dirt.parquet' WHERE kind = 'bot'),
        human AS (SELECT DISTINCT user_agent FROM '{world}/events/*.parquet' ANTI JOIN bot USING (message_id))
        SELECT DISTINCT message_id, user_agent IN (FROM human WHERE user_agent IS NOT NULL)
        FROM '{world}/events/*.parquet' SEMI JOIN bot USING (message_id)"""
    with duckdb.connect() as connection:
        rows = connection.execute(query).fetchall()
    return {event for event, _ in rows}, {event for event, passes in rows if passes}
