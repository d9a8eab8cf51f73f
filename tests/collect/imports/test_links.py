"""Links say who was seen together, signed in and signed out; repeats of a statement are folded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.collect.imports.parts import EVENTS, Workspace, row

LINKS = """
SELECT event_id, coalesce(a.namespace, ''), coalesce(b.namespace, ''), kind, rule
FROM links LEFT JOIN nodes a ON a.node_id = a LEFT JOIN nodes b ON b.node_id = b ORDER BY "at", event_id, 2, 3
"""


def found(workspace: Workspace, file: Path) -> list[tuple[Any, ...]]:
    workspace.take(file, EVENTS.format(format="csv"))
    return workspace.query(LINKS)


def at(hour: int) -> str:
    return f"2026-05-{1 + hour // 24:02d}T{hour % 24:02d}:00:00Z"


def test_a_sign_in_and_a_sign_out_are_told_apart_from_being_seen(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    rows = [
        row("e1", anon="a", device="d", at=at(1)),
        row("e2", event="Signed In", user="u", anon="a", at=at(2)),
        row("e3", user="u", device="d", at=at(3)),
        row("e4", event="Signed Out", user="u", anon="a", device="d", at=at(4)),
        row("e5", anon="a", device="d", at=at(5)),
    ]
    assert found(workspace, write_csv(rows)) == [
        ("e1", "anonymous_id", "device", "together", "same_event"),
        ("e2", "user_id", "anonymous_id", "sign_in", "sign_in"),
        ("e3", "user_id", "device", "sign_in", "same_event"),
        ("e4", "anonymous_id", "", "sign_out", "sign_out"),
        ("e4", "device", "", "sign_out", "sign_out"),
        ("e5", "anonymous_id", "device", "together", "same_event"),
    ]


def test_repeats_are_folded_across_days_until_somebody_else_comes(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    users = ["u1", "u1", "u1", "u2", "u2", "u1"]
    rows = [row(f"e{number}", user=user, device="tablet", at=at(number * 11)) for number, user in enumerate(users)]
    assert [one[0] for one in found(workspace, write_csv(rows))] == ["e0", "e3", "e5"]


def test_a_run_that_goes_on_is_cut_every_ninety_days(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    months = [f"2025-{month:02d}-08T12:00:00Z" for month in range(1, 13)]
    rows = [row(f"e{number:02d}", user="u1", device="mine", at=month) for number, month in enumerate(months)]
    kept = [one[0] for one in found(workspace, write_csv(rows))]
    assert kept == ["e00", "e03", "e06", "e09", "e11"]  # the first on or after each ninetieth day since 1970


def test_an_order_number_is_tied_to_who_paid_and_keys_what_has_no_other_name(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    rows = [
        row("e1", event="Order Completed", user="u", order="o1", at=at(1)),
        row("e2", event="Order Shipped", order="o1", at=at(2)),
        row("e3", event="Order Viewed", user="u", order="o2", at=at(3)),
    ]
    assert found(workspace, write_csv(rows)) == [("e1", "user_id", "order:shop", "together", "order_number")]
    assert workspace.query("SELECT namespace FROM events JOIN nodes USING (node_id) ORDER BY event_id") == [
        ("user_id",),
        ("order:shop",),
        ("user_id",),
    ]


def test_values_that_name_nobody_make_no_node(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    assert found(workspace, write_csv([row("e1", user="null", anon="0000", device="unknown")])) == []
    assert workspace.query("SELECT node_id FROM events") == [(0,)]
    assert len(workspace.vault) == 0
