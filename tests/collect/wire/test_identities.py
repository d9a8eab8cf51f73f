"""Who a line is about, and when it happened, in the words of each SDK."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qianmian.collect.imports.links import SIGN_OUT
from qianmian.collect.wire.meanings import mapping_of, mapping_text
from qianmian.core.events import TRACKING_PLAN
from qianmian.privacy.pseudonyms import pseudonymise
from tests.collect.imports.parts import Workspace
from tests.collect.wire.requests import delivered, form, post

NOW = datetime(2026, 5, 2, tzinfo=UTC)
CLIENT, SENT = "2026-05-01T02:00:00.000Z", "2026-05-01T02:00:01.000Z"  # received four seconds later


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    """Takes the events of a dialect; gives the workspace."""
    opened = Workspace(tmp_path / "shop")

    def take(dialect: str, *events: dict[str, Any]) -> Workspace:
        request = (
            post("/v1/batch", {"batch": events, "sentAt": SENT}) if dialect == "segment" else post("/sa", form(events))
        )
        delivery = delivered(request)
        assert delivery.refused == ()
        (tmp_path / "lines.jsonl").write_bytes(delivery.lines)
        report = opened.take(tmp_path / "lines.jsonl", mapping_text(dialect), now=NOW)
        assert report.refused == ()
        return opened

    yield take
    opened.close()


def node(workspace: Workspace, name: str) -> int:
    """The node of ``namespace:value``."""
    namespace, _, value = name.partition(":")
    return int(pseudonymise(workspace.keys.node, namespace, [value])[0][0])


def known(workspace: Workspace) -> list[str]:
    """Namespaces of all nodes."""
    return [name for (name,) in workspace.query("SELECT namespace FROM nodes ORDER BY ALL")]


def links(workspace: Workspace) -> set[tuple[int, int, str]]:
    return set(workspace.query("SELECT a, b, kind FROM links"))


def segment(kind: str, **told: Any) -> dict[str, Any]:
    return {"type": kind, "messageId": f"m-{kind}-{len(str(told))}", "timestamp": CLIENT} | told


def test_rudderstacks_traits_are_those_of_the_person(shop: Any) -> None:
    traits = {"phone": "13800138000", "name": "张三", "city": "杭州"}
    workspace = shop(
        "segment",
        segment("track", event="Seen", userId="", anonymousId="a-1"),
        segment("identify", userId="u-1", anonymousId="a-1", context={"traits": traits}, traits=None),
        segment("page", userId="u-1", anonymousId="a-1", name="首页", properties={"url": "/"}),
    )
    assert known(workspace) == ["anonymous_id", "phone", "user_id"]
    user, phone, anonymous = (
        node(workspace, name) for name in ("user_id:u-1", "phone:13800138000", "anonymous_id:a-1")
    )
    assert {(user, phone, "sign_in"), (user, anonymous, "sign_in")} <= links(workspace)
    rows = workspace.query("SELECT name, kind, properties FROM events ORDER BY name")
    assert rows == [
        ("Page Viewed", "page", '{"url":"/","page_name":"首页"}'),
        ("Profile Updated", "identify", '{"city":"杭州"}'),
        ("Seen", "track", None),
    ]


def test_an_alias_joins_the_former_id_and_a_groups_phone_is_nobodys(shop: Any) -> None:
    workspace = shop(
        "segment",
        segment("alias", userId="u-1", previousId="a-0"),
        segment("group", userId="u-1", groupId="g-1", traits={"phone": "13900139000", "size": 3}),
    )
    assert known(workspace) == ["anonymous_id", "user_id"]
    assert links(workspace) == {(node(workspace, "user_id:u-1"), node(workspace, "anonymous_id:a-0"), "sign_in")}
    rows = workspace.query("SELECT name, properties FROM events ORDER BY name")
    assert rows == [("Aliased", None), ("Group Joined", '{"size":3,"group_id":"g-1"}')]


@pytest.mark.parametrize(
    ("told", "happened"),
    [
        ({"timestamp": CLIENT}, "02:00:00"),
        (
            {"originalTimestamp": CLIENT, "timestamp": "2026-04-01T00:00:00Z"},
            "02:00:00",
        ),  # RudderStack's word goes first
        (
            {"timestamp": "2026-05-01T12:00:00.000Z", "sentAt": "2026-05-01T12:01:00.000Z"},
            "01:59:05",
        ),  # ten hours ahead
        (
            {"timestamp": "2026-05-01T13:00:00.000Z", "sentAt": "2026-05-01T12:00:00.000Z"},
            "02:00:05",
        ),  # never ahead of us
        ({"timestamp": None}, "02:00:05"),
    ],
)
def test_a_wrong_clock_is_set_right(shop: Any, told: dict[str, Any], happened: str) -> None:
    workspace = shop("segment", segment("track", event="Seen", userId="u-1") | told)
    assert workspace.query("SELECT strftime(timezone('UTC', occurred_at), '%H:%M:%S') FROM events") == [(happened,)]


SEEN = {"type": "track", "event": "Seen", "time": 1777600800000, "properties": {}}


def test_a_sign_up_is_a_sign_in_and_names_of_the_vendor_stay(shop: Any) -> None:
    workspace = shop(
        "sensors",
        SEEN | {"event": "$AppStart", "distinct_id": "a-1"},
        SEEN | {"type": "track_signup", "event": "$SignUp", "distinct_id": "u-1", "original_id": "a-1"},
        SEEN
        | {"event": "OrderCompleted", "distinct_id": "u-1", "properties": {"$is_login_id": True, "order_id": "o-1"}},
    )
    assert known(workspace)[0] == "anonymous_id"
    assert (node(workspace, "user_id:u-1"), node(workspace, "anonymous_id:a-1"), "sign_in") in links(workspace)
    rows = workspace.query("SELECT name, kind FROM events ORDER BY name")
    assert rows == [("$AppStart", "track"), ("$SignUp", "identify"), ("Order Completed", "track")]


def test_identities_are_bound_and_unbound(shop: Any) -> None:
    both = {"$identity_login_id": "u-1", "$identity_mobile": "13800138000"}
    gone = {"$identity_mobile": "13800138000"}
    workspace = shop(
        "sensors",
        SEEN | {"type": "track_id_bind", "event": "$BindID", "distinct_id": "u-1", "identities": both},
        SEEN
        | {"type": "track_id_unbind", "event": "$UnbindID", "distinct_id": "$identity_mobile+13800138000"}
        | {"identities": gone, "time": 1777600801000},
    )
    assert known(workspace) == ["phone", "user_id"]
    user, phone = node(workspace, "user_id:u-1"), node(workspace, "phone:13800138000")
    assert links(workspace) == {(user, phone, "sign_in"), (phone, 0, "sign_out")}
    assert "$UnbindID" in SIGN_OUT


def test_profiles_are_told_apart_and_goods_passed_over(shop: Any) -> None:
    login = {"$is_login_id": True}
    workspace = shop(
        "sensors",
        SEEN
        | {
            "type": "profile_set",
            "event": None,
            "distinct_id": "u-1",
            "properties": login | {"name": "张三", "city": "杭州"},
        },
        SEEN | {"type": "profile_unset", "event": None, "distinct_id": "u-1", "properties": login | {"city": True}},
        {
            "type": "item_set",
            "item_type": "sku",
            "item_id": "sku-1",
            "time": 1777600800000,
            "properties": {"title": "杯"},
        },
        SEEN | {"distinct_id": "u-1", "properties": login, "time": 1777600800},  # seconds
    )
    rows = workspace.query("SELECT name, kind, properties ->> 'city', properties ->> 'name' FROM events ORDER BY name")
    assert rows == [
        ("Profile Updated", "identify", "杭州", None),
        ("Seen", "track", None, None),
        ("profile_unset", "identify", "true", None),
    ]
    assert known(workspace) == ["user_id"]
    assert len(set(workspace.query("SELECT epoch_ms(occurred_at) FROM events"))) == 1


def test_products_in_lists_become_lines(shop: Any) -> None:
    lists = {
        "products_item_id": ["sku-1", "sku-2"],
        "products_quantity": ["2", "1"],
        "products_amount": ["12.50"],
        "note": "x",
    }
    workspace = shop("sensors", SEEN | {"distinct_id": "a-1", "properties": lists})
    lines = workspace.query("SELECT line, item_id, quantity, amount::VARCHAR FROM event_lines ORDER BY line")
    assert lines == [(0, "sku-1", 2.0, "12.5000"), (1, "sku-2", 1.0, None)]
    assert workspace.query("SELECT properties FROM events") == [('{"note":"x"}',)]


def test_every_name_of_the_tracking_plan_is_known_without_its_spaces() -> None:
    assert {f"{name.replace(' ', '')}: {name}" for name in TRACKING_PLAN} <= {
        line.strip() for line in mapping_text("sensors").splitlines()
    }
    assert {mapping_of(name).source for name in ("segment", "sensors")} == {"segment", "sensors"}


def test_odd_values_are_carried_and_cost_no_neighbour(shop: Any) -> None:
    """What the edge lets pass, the import takes: each of these once broke a reader of whole files."""
    deep: Any = 1
    for _ in range(300):
        deep = {"a": deep}
    odd = [{"n": 10**30}, {"text": "a\0b"}, {"deep": deep}, {"text": "\u2028\u0085"}, {"a.b": {"": "x"}}]
    workspace = shop(
        "segment",
        *(
            segment("track", event="Seen", userId=f"u-{n}", messageId=f"m-{n}", properties=told)
            for n, told in enumerate(odd)
        ),
    )
    assert workspace.query("SELECT count(*), count(properties) FROM events") == [(len(odd), len(odd))]
