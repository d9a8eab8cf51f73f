"""A template brings out of an export the events that the world put in, to the cent and to the shape's precision."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

import qianmian
from qianmian.collect.imports.declaration import read_mapping
from qianmian.core.clock import FixedClock
from qianmian.core.people import NAMESPACES
from qianmian.world.exports.write import write_exports
from tests.collect.imports.parts import Workspace
from tests.collect.templates.cases import CASES, Case
from tests.collect.templates.conftest import LATER, TEMPLATES, Exported, take, template

#: A double push of an order or a refund is one row of an export; every other event is its own.
_ONCE = "row_number() OVER (PARTITION BY coalesce(refund_id, name || order_id, event_id) ORDER BY occurred_at) = 1"


def events(workspace: Workspace, case: Case, where: str = "true") -> Counter:
    at = f"date_trunc('{case.precision}', occurred_at)::VARCHAR"
    found = workspace.query(
        f"SELECT {at}, {', '.join(case.fields)} FROM (SELECT * FROM events WHERE {where} QUALIFY {_ONCE})"
    )
    return Counter(found)


def lines(workspace: Workspace, case: Case, where: str = "true") -> Counter:
    found = workspace.query(
        f"SELECT {', '.join('e.order_id' if name == 'order_id' else f'l.{name}' for name in case.lines)} "
        f"FROM (SELECT * FROM events WHERE {where} QUALIFY {_ONCE}) AS e JOIN event_lines AS l USING (source, event_id)"
    )
    return Counter(found)


def where(exported: Exported, case: Case) -> str:
    """The condition, with the events that show a union id written out: only the raw rows know them."""
    if "with_union_id" not in case.where:
        return case.where
    raw = exported.raw
    shown = raw.filter(raw["wechat_unionid"].is_valid())["message_id"].to_pylist()
    return case.where.replace("SELECT event_id FROM with_union_id", ", ".join(f"'{one}'" for one in shown))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.template)
def test_a_template_brings_out_what_the_world_put_in(exported: Exported, tmp_path: Path, case: Case) -> None:
    workspace = Workspace(tmp_path / "shop")
    report = take(workspace, exported.folder / case.file, template(case.template))
    assert (report.refused_rows, report.duplicates, report.skipped) == (0, 0, 0)
    assert report.read == exported.counts[case.file] > 0
    own = where(exported, case)
    assert events(workspace, case) == events(exported.own, case, own)
    if case.lines:
        assert lines(workspace, case) == lines(exported.own, case, own)
    workspace.close()


@pytest.mark.parametrize("template_name", ["wechat/followers", "wecom/customers"])
def test_follows_are_those_of_people_with_a_union_id(exported: Exported, tmp_path: Path, template_name: str) -> None:
    workspace = Workspace(tmp_path / "shop")
    file = f"{template_name}.json"
    report = take(workspace, exported.folder / file, template(template_name))
    assert report.events == exported.counts[file] > 0
    targets = "SELECT date_trunc('second', occurred_at)::VARCHAR, length(properties ->> 'target_user_id') FROM events"
    own = f"{targets} WHERE name = 'User Followed'"
    assert not Counter(workspace.query(targets)) - Counter(exported.own.query(own))
    workspace.close()


def test_follows_are_dealt_out_completely(exported: Exported) -> None:
    raw = exported.raw
    follows = {
        row["message_id"]
        for row in raw.select(["message_id", "event", "wechat_unionid"]).to_pylist()
        if row["event"] == "User Followed" and row["wechat_unionid"]
    }
    counts = exported.counts
    assert counts["wechat/followers.json"] + counts["wecom/customers.json"] == len(follows)


def test_members_of_the_crm_are_the_last_known_ones(exported: Exported, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "shop")
    report = take(workspace, exported.folder / "crm/会员.xlsx", template("crm/members"))
    assert (report.refused_rows, report.duplicates, report.skipped) == (0, 0, 0)
    fields = (
        "date_trunc('minute', occurred_at)::VARCHAR, name, kind, properties ->> 'gender', properties ->> 'age_band'"
    )
    own = (
        f"SELECT {fields} FROM events WHERE name = 'Profile Updated' "
        "AND node_id IN (SELECT node_id FROM nodes WHERE namespace = 'user_id') "
        "QUALIFY row_number() OVER (PARTITION BY node_id ORDER BY occurred_at DESC) = 1"
    )
    assert Counter(workspace.query(f"SELECT {fields} FROM events")) == Counter(exported.own.query(own))
    workspace.close()


def test_the_catalogue_keeps_prices_periods_and_names(exported: Exported, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "shop")
    report = take(workspace, exported.folder / "goods/商品库.xlsx", template("goods/catalogue"))
    assert report.refused_rows == 0
    told = workspace.query(
        "SELECT item_id, valid_from AT TIME ZONE 'UTC', title, category_id, brand_id, price, cost, stock, spu_id, "
        "image_url, attributes ->> '款式' FROM items"
    )
    with (exported.world / "goods.csv").open(encoding="utf-8") as file:
        own = [
            (
                row["item_id"],
                datetime.fromisoformat(row["valid_from"]).replace(tzinfo=None),
                *(row[name] for name in ("title", "category", "brand")),
                *(Decimal(row[name]) for name in ("price", "cost")),
                int(row["stock"]),
                row["spu"],
                f"https://img.example.com/{row['item_id']}/1.jpg",
                row["attributes"].removeprefix("款式:").removesuffix(";产地:中国"),
            )
            for row in csv.DictReader(file)
        ]
    assert sorted(told) == sorted(own)
    workspace.close()


@pytest.mark.parametrize(
    ("channel", "templates"),
    [
        ("store", {"crm/门店订单.xlsx": "crm/store_order_lines", "crm/门店退款.csv": "crm/store_refunds"}),
        ("taobao", {"taobao/ExportOrderDetailList.csv": "taobao/order_lines", "taobao/退款.csv": "taobao/refunds"}),
        ("jd", {"jd/订单.csv": "jd/order_lines", "jd/售后.csv": "jd/refunds"}),
        (
            "pinduoduo",
            {
                "pinduoduo/orders_export.csv": "pinduoduo/order_lines",
                "pinduoduo/aftersales_export.csv": "pinduoduo/refunds",
            },
        ),
    ],
)
def test_orders_are_net_of_refunds_to_the_cent(
    exported: Exported, tmp_path: Path, channel: str, templates: dict[str, str]
) -> None:
    shop = qianmian.init(tmp_path / "shop", name="拾野集", clock=FixedClock(LATER), memory_mib=512)
    for file, name in templates.items():
        shop.import_file(exported.folder / file, TEMPLATES / f"{name}.yaml")
    shop.build()
    orders = shop.table("orders")
    found = dict(zip(orders["order_id"].to_pylist(), orders["net"].to_pylist(), strict=True))
    truth = exported.truth["orders"]
    true = dict(zip(truth["order_id"].to_pylist(), truth["net"].to_pylist(), strict=True))
    assert found == {number: true[number] for number in found}
    assert len(found) == len({row["order_id"] for row in exported.raw.to_pylist() if row["channel"] == channel})
    shop.close()


def test_orders_that_were_never_paid_are_passed_over(exported: Exported, tmp_path: Path) -> None:
    text = (exported.folder / "taobao/ExportOrderDetailList.csv").read_text("gb18030").splitlines(keepends=True)
    unpaid = text[1].rsplit(",", 1)[0].replace("SY", "SX") + ',""\n'
    file = tmp_path / "unpaid" / "orders.csv"
    file.parent.mkdir()
    file.write_text("".join([*text[:1], unpaid]), "gb18030")
    workspace = Workspace(tmp_path / "shop")
    report = take(workspace, file, template("taobao/order_lines"))
    assert (report.accepted, report.skipped, report.refused_rows) == (0, 1, 0)
    workspace.close()


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.yaml")), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_template_is_a_mapping_that_names_somebody_or_goods(file: Path) -> None:
    mapping = read_mapping(file.read_text("utf-8"), file.name)
    assert set(mapping.identifiers) <= set(NAMESPACES)
    assert mapping.identifiers or {"order_id", "item_id", "kind"} & set(mapping.fields)


def test_the_same_world_gives_the_same_files(exported: Exported, tmp_path: Path) -> None:
    assert write_exports(exported.world, tmp_path) == exported.counts
    for file in exported.counts:
        assert (tmp_path / file).read_bytes() == (exported.folder / file).read_bytes()


def test_no_case_is_missing() -> None:
    apart = {
        "wechat/followers",
        "wecom/customers",
        "crm/members",
        "goods/catalogue",
        "segment/messages",
        "sensors/goods",
        *("context/calendar", "context/policies", "context/regions"),
    }
    written = {f"{file.parent.name}/{file.stem}" for file in TEMPLATES.rglob("*.yaml")}
    assert written == {case.template for case in CASES} | apart
