"""An erasure plan reaches every declared table, in an order that a crash cannot spoil."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from qianmian.collect.tables import EVENT_LINES, EVENTS, ITEMS, LINKS
from qianmian.collect.tables import TABLES as COLLECTED
from qianmian.core.columns import NODE_ID
from qianmian.core.tables import Erase, Home, Leave, Table
from qianmian.privacy.erasure import (
    DeleteRowsStage,
    ErasurePlan,
    ExpireStage,
    ForgetRefusedStage,
    KeepStage,
    RebuildStage,
    RekeyStage,
    ShredStage,
    Stage,
    SuppressStage,
    Vertex,
    explain,
    plan_erasure,
    stage_of,
)
from qianmian.privacy.tables import TABLES as PRIVATE
from qianmian.unify.tables import PERSONS
from qianmian.unify.tables import TABLES as UNIFIED

TABLES = (*COLLECTED, *PRIVATE, *UNIFIED)
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
VERTICES = (Vertex(9, SINCE), Vertex(5), Vertex(5), Vertex(7, None, SINCE))


def names(plan: ErasurePlan, kind: type[Stage]) -> set[str]:
    return {table.name for stage in plan.stages if isinstance(stage, kind) for table in stage.tables}


def order(plan: ErasurePlan, kind: type[Stage]) -> list[int]:
    return [number for number, stage in enumerate(plan.stages) if isinstance(stage, kind)]


@pytest.fixture
def plan() -> ErasurePlan:
    return plan_erasure(VERTICES, TABLES)


def test_every_declared_table_is_reached_by_exactly_one_stage(plan: ErasurePlan) -> None:
    reached = [table.name for stage in plan.stages if not isinstance(stage, ExpireStage) for table in stage.tables]
    assert sorted(reached) == sorted(table.name for table in TABLES)


@pytest.mark.parametrize(
    "erase",
    [
        Erase(Leave.DELETE),
        Erase(Leave.DELETE, through="events"),
        Erase(Leave.KEEP),
        Erase(Leave.SHRED, nodes=("node_id",)),
        Erase(Leave.REKEY),
    ],
)
def test_a_table_whose_rows_could_not_leave_is_refused_by_name(erase: Erase) -> None:
    stray = Table("stray", (NODE_ID,), ("node_id",), "one row a node", "unify", erase)
    with pytest.raises(ValueError, match="'stray'"):
        plan_erasure(VERTICES, (*TABLES, stray))


def test_each_kind_of_leave_has_its_stage() -> None:
    kinds = {table.name: stage_of(table) for table in TABLES}
    assert kinds["events"] is kinds["event_lines"] is kinds["links"] is DeleteRowsStage
    assert kinds["identifiers"] is kinds["salts"] is ShredStage
    assert kinds["refused"] is kinds["refused_salts"] is ForgetRefusedStage
    assert (kinds["persons"], kinds["items"], kinds["suppression"]) == (RebuildStage, KeepStage, SuppressStage)
    assert stage_of(replace(PERSONS, erase=Erase(Leave.REKEY, nodes=("node_id",)))) is RekeyStage


def test_suppression_comes_first_and_shredding_after_all_that_reads_values(plan: ErasurePlan) -> None:
    assert order(plan, SuppressStage) == [0]
    (forget,), (shred,), (expire,) = (order(plan, kind) for kind in (ForgetRefusedStage, ShredStage, ExpireStage))
    assert max(order(plan, DeleteRowsStage)) < order(plan, RebuildStage)[0] < forget < shred < expire


def test_lines_leave_before_the_events_that_decide_for_them() -> None:
    plan = plan_erasure(VERTICES, (EVENTS, EVENT_LINES, LINKS))
    deleted = [stage.table.name for stage in plan.stages if isinstance(stage, DeleteRowsStage)]
    assert deleted.index("event_lines") < deleted.index("events")


def test_files_of_everything_that_changed_in_the_lake_expire(plan: ErasurePlan) -> None:
    kept = {table.name for table in TABLES if table.home is not Home.LAKE}
    assert names(plan, ExpireStage) == (names(plan, DeleteRowsStage) | names(plan, RebuildStage)) - kept
    assert ITEMS.name not in names(plan, ExpireStage)


def test_only_a_value_of_which_nothing_stays_is_shredded(plan: ErasurePlan) -> None:
    (shred,) = (stage for stage in plan.stages if isinstance(stage, ShredStage))
    (forget,) = (stage for stage in plan.stages if isinstance(stage, ForgetRefusedStage))
    assert (shred.node_ids, forget.node_ids) == ((5,), (5, 7, 9))
    assert plan.vertices == (Vertex(5), Vertex(7, None, SINCE), Vertex(9, SINCE))


def test_the_explanation_has_a_line_a_stage_and_names_every_table(plan: ErasurePlan) -> None:
    lines = explain(plan).splitlines()
    assert lines[0] == "erase 3 vertices, 1 of them whole identifiers"
    assert len(lines) == len(plan.stages) + 1
    assert [table.name for table in TABLES if table.name not in "\n".join(lines)] == []
    assert any("event_lines whose row in events is erased" in line for line in lines)
    assert any("links that name an erased node in a or b, within its interval by at" in line for line in lines)


def test_one_plan_is_the_same_whatever_the_order_of_its_vertices() -> None:
    assert plan_erasure(VERTICES, TABLES) == plan_erasure(reversed(VERTICES), TABLES)
