"""The world's own requests, read and imported, bring in what is true of the world: people, orders, lines, counts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qianmian.cli.demo import command
from qianmian.collect.imports.report import ImportReport
from qianmian.collect.wire.contracts import Delivery, Request
from qianmian.collect.wire.doors import read
from qianmian.collect.wire.meanings import mapping_text
from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan
from qianmian.world.wire.segment import WRITE_KEY
from qianmian.world.wire.sensors import PROJECT
from qianmian.world.wire.write import PROTOCOLS, write_wire
from tests.collect.imports.parts import Workspace
from tests.collect.templates.conftest import LATER
from tests.collect.wire.requests import KEY

PLAN = WorldPlan(seed=7, people=500, neighbourhood_events=10_000)
_FIELDS = "name, order_id, refund_id, item_id, total, currency, channel, device_type, region, consent"
_SAID = "CASE WHEN properties ->> 'channel' IS NOT NULL THEN channel END"
_LINES = "line, item_id, quantity, unit_price, amount, coupon_id"
#: What the generated shop has of its own beside 神策's words, as a shop would put it into a copy of the mapping.
_OWN = (
    ("- identities.$identity_idfv", "- identities.device_number\n      - identities.$identity_idfv"),
    ("event_id: eventId", "event_id: properties.message_id"),
)


def requests(folder: Path) -> Iterator[tuple[Request, datetime]]:
    """Every recorded request, with the instant at which it comes."""
    for file in sorted(folder.glob("requests-*.parquet")):
        for row in pq.read_table(file).to_pylist():
            path, _, query = row["path"].partition("?")
            headers = {name.lower(): told for name, told in orjson.loads(row["headers"]).items()}
            yield Request(row["method"], path, query.encode(), headers, row["body"]), row["received_at"]


class Told:
    """The world as one dialect tells it."""

    def __init__(self, world: Path, dialect: str, folder: Path, keys: Path) -> None:
        write_wire(world, PROTOCOLS[dialect], folder / "wire")
        self.deliveries: list[Delivery] = [read(request, at, KEY) for request, at in requests(folder / "wire")]
        shutil.copytree(keys, folder / "shop" / "keys")
        self.workspace = Workspace(folder / "shop")
        file = folder / "lines.jsonl"
        file.write_bytes(b"".join(delivery.lines for delivery in self.deliveries))
        mapping = mapping_text(dialect)
        for general, own in _OWN:
            mapping = mapping.replace(general, own)
        self.report: ImportReport = self.workspace.take(file, mapping, now=LATER)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    generate(PLAN, folder)
    return folder


@pytest.fixture(scope="module")
def own(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The world's own events, imported."""
    workspace = Workspace(tmp_path_factory.mktemp("own") / "shop")
    mapping = (Path(command.__file__).parent / "events.yaml").read_text("utf-8")
    for file in sorted((world / "events").glob("*.parquet")):
        copy = workspace.root.parent / file.name
        copy.write_bytes(file.read_bytes())
        workspace.take(copy, mapping, now=LATER)
    yield workspace
    workspace.close()


@pytest.fixture(scope="module", params=list(PROTOCOLS))
def told(
    request: pytest.FixtureRequest, world: Path, own: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    dialect = Told(world, request.param, tmp_path_factory.mktemp(request.param), own.root / "keys")
    yield dialect
    dialect.workspace.close()


def test_nothing_is_refused_and_each_message_comes_once(world: Path, told: Told) -> None:
    assert sum(len(delivery.refused) for delivery in told.deliveries) == 0
    assert (told.report.refused_rows, told.report.skipped) == (0, 0)
    keys = {"segment": WRITE_KEY, "sensors": PROJECT}
    assert {(delivery.dialect, delivery.write_key) for delivery in told.deliveries} < set(keys.items())
    rows = pa.concat_tables([pq.read_table(file) for file in sorted((world / "events").iterdir())])
    assert told.report.duplicates == len(rows) - len(set(rows["message_id"].to_pylist()))


def test_an_event_sent_again_has_the_same_id_and_no_two_events_share_one(told: Told) -> None:
    pairs = set()
    for delivery in told.deliveries:
        for event in map(orjson.loads, delivery.lines.splitlines()):
            pairs.add((event.get("eventId"), event.get("messageId") or event["properties"]["message_id"]))
    assert len(pairs) == len({id_ for _, id_ in pairs})
    assert len({made for made, _ in pairs} - {None}) in (0, len(pairs))


def events(workspace: Workspace, fields: str) -> list[tuple[object, ...]]:
    """The world's own events, without the calls that an SDK makes beside them."""
    beside = "regexp_matches(event_id, '-(identify|page|group|alias)$')"
    return workspace.query(f"SELECT event_id, {fields} FROM events WHERE NOT {beside} ORDER BY event_id")


def test_events_are_the_worlds(own: Workspace, told: Told) -> None:
    said = (
        _FIELDS if told.deliveries[0].dialect == "segment" else _FIELDS.replace("channel", _SAID)
    )  # 神策's library tells a channel as well
    assert events(told.workspace, said) == events(own, _FIELDS)


def test_clocks_lead_back_to_when_it_happened(own: Workspace, told: Told) -> None:
    when = "epoch_ms(occurred_at)"
    moved = [
        abs(theirs - ours)  # a request has one clock for all of its messages
        for (_, ours), (_, theirs) in zip(events(own, when), events(told.workspace, when), strict=True)
    ]
    late = [ms for ms in moved if ms >= 1_000]
    assert len(late) < len(moved) / 1_000, max(moved)


def test_lines_of_orders_are_the_worlds(own: Workspace, told: Told) -> None:
    lines = f"SELECT event_id, {_LINES} FROM event_lines ORDER BY ALL"
    assert told.workspace.query(lines) == own.query(lines)


def test_the_same_people_are_known_and_joined(own: Workspace, told: Told) -> None:
    """Both workspaces have the same keys, so that an identifier has the same node; who is nobody gets a fresh one."""
    nodes = "SELECT node_id, namespace FROM nodes WHERE namespace NOT LIKE 'order:%'"
    known, seen = set(own.query(nodes)), set(told.workspace.query(nodes))
    assert known <= seen
    assert {namespace for _, namespace in seen - known} <= {"anonymous_id"}
    links = "SELECT DISTINCT a, b, kind FROM links WHERE rule <> 'order_number'"
    evidence, found = set(own.query(links)), set(told.workspace.query(links))
    assert evidence <= found
    fresh = {node for node, _ in seen - known}
    assert all(a in fresh or b in fresh for a, b, _ in found - evidence)
