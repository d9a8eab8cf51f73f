"""Erasure carried out: the plan's stages in order, each repeatable, and resumed by the next writer after a crash."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from qianmian.app import build
from qianmian.app import plan as planning
from qianmian.app.backup import write_keys
from qianmian.app.jobs import Job
from qianmian.app.plan import Build
from qianmian.app.tables import ALL_TABLES
from qianmian.app.workspace import Workspace
from qianmian.core.columns import PERSON_ID
from qianmian.core.errors import StorageFullError, UnknownNameError, WorkspaceError
from qianmian.core.failpoints import failpoint
from qianmian.core.people import id_text
from qianmian.core.tables import Home, Table, Type
from qianmian.lake.connection import Connection, fetch, literal
from qianmian.lake.durable import write_durably
from qianmian.lake.expire import expire
from qianmian.lake.files import Change
from qianmian.lake.rewrite import rewrite_without
from qianmian.privacy.database import declared, microseconds, scrub
from qianmian.privacy.erasure import (
    DeleteRowsStage,
    ErasurePlan,
    ExpireStage,
    ForgetRawStage,
    ForgetRefusedStage,
    KeepStage,
    RebuildStage,
    RekeyStage,
    ShredStage,
    SuppressStage,
    Vertex,
    plan_erasure,
)
from qianmian.privacy.mentions import Mentions
from qianmian.privacy.suppression import Suppressed
from qianmian.unify.identity.resolve import vertex_id

_after_suppression = failpoint("erase.after_suppression", "the identifiers are suppressed, nothing is deleted")
_after_rows = failpoint("erase.after_rows", "events and links are deleted, profiles still show the people")
_after_rebuild = failpoint("erase.after_rebuild", "profiles are without them, the vault still knows their values")
_after_shredding = failpoint("erase.after_shredding", "the values are shredded, old files of the lake are not gone")

#: File in the data folder that tells of an erasure until it is done.
UNFINISHED = "erasing.json"
_IDS_AT_ONCE = 500
#: A person_id is the id of a vertex: the node's own if the interval has no beginning, whatever follows it.
_BEGUN = "erased.since IS NULL"
#: Each vertex of the people, with the end of its interval; and each node whole of which nothing stays, however many
#: intervals it had, so that its value goes too. Hashed vertex ids stand for vertices, not for nodes.
_VERTICES = """
WITH held AS (
    SELECT node_id, since, until, list_contains($people::BIGINT[], person_id) AS leaves
    FROM persons SEMI JOIN nodes USING (node_id))
SELECT node_id, since, until FROM held WHERE leaves
UNION SELECT node_id, NULL, NULL FROM held GROUP BY node_id HAVING bool_and(leaves) ORDER BY ALL
"""


def plan(workspace: Workspace, people: list[int]) -> ErasurePlan:
    """What erasing these people means; changes nothing.

    Args:
        workspace: the shop.
        people: person_ids.
    """
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    with workspace.connected(snapshot, "persons", "nodes") as connection:
        rows = fetch(connection, _VERTICES, {"people": people}).to_pylist()
    if not rows:
        raise UnknownNameError("nobody_to_erase")
    return plan_erasure([Vertex(row["node_id"], row["since"], row["until"]) for row in rows], ALL_TABLES)


def refuse_unreachable(workspace: Workspace, at: datetime) -> None:
    """Refuse an erasure that would leave events of before it where it cannot look for them.

    Raises:
        WorkspaceError: what was received before it is not all taken in.
    """
    if waiting := workspace.journal.unreleased(at):
        raise WorkspaceError("events_not_taken_in", count=len(waiting))


def apply(workspace: Workspace, job: Job, erasure: ErasurePlan, at: datetime) -> None:
    """Carry out a plan. Call it while holding the lease.

    Args:
        workspace: the shop.
        job: told how far it is.
        erasure: the plan.
        at: the instant of the erasure: what the people did before it is refused from now on.
    """
    write_durably(workspace.data / UNFINISHED, to_json(erasure, at))
    for done, stage in enumerate(erasure.stages):
        job.at(stage.words.split(" ")[0], done, len(erasure.stages))
        match stage:
            case SuppressStage():
                _suppress(workspace, stage.vertices, at)
                _after_suppression()
            case DeleteRowsStage():
                pass  # with the rebuild: all tables in one release each, so that no reader sees half
            case RebuildStage():
                _delete_rows(workspace, erasure)
                _after_rows()
                workspace.pins.end_all_pins()
                build.carry_out(workspace, _rebuild(workspace, erasure), job)
                _after_rebuild()
            case ForgetRefusedStage():
                _forget_refused(workspace, stage.node_ids)
            case ForgetRawStage():
                known = workspace.vault.reveal(stage.node_ids)
                workspace.journal.forget(Mentions(list(known.values())).are_in)
            case ShredStage():
                workspace.vault.shred(stage.node_ids)
                _after_shredding()
            case ExpireStage():
                workspace.pins.end_all_pins()
                expire(workspace.lake, workspace.pins, workspace.clock.now())
            case RekeyStage() | KeepStage():
                pass
            case _:
                assert_never(stage)  # type: ignore[arg-type]
    job.result["vertices"] = len(erasure.vertices)
    try:
        _renew_keys_backup(workspace)
    finally:  # the people are erased: a disk that is away must not keep everybody from writing
        (workspace.data / UNFINISHED).unlink()


def _renew_keys_backup(workspace: Workspace) -> None:
    if not workspace.settings.keys_backup:
        return
    file = workspace.folder / workspace.settings.keys_backup
    try:
        write_keys(workspace, file)
    except (OSError, StorageFullError) as error:
        raise WorkspaceError("keys_not_renewed", file=str(file)) from error


def _rebuild(workspace: Workspace, erasure: ErasurePlan) -> Build:
    """The last build once more, without the erased."""
    begun = [vertex.node_id for vertex in erasure.vertices if vertex.since is None]
    erased = [*begun, *_interval_ids(erasure)]
    return planning.plan(workspace, full=True, erased=erased, instant=planning.last_instant(workspace))


def resume(workspace: Workspace, job: Job) -> None:
    """Finish the erasure that a crash cut short. Call it while holding the lease."""
    erasure, at = from_json((workspace.data / UNFINISHED).read_text(encoding="utf-8"))
    apply(workspace, job, erasure, at)


def is_unfinished(workspace: Workspace) -> bool:
    """Whether a crash cut an erasure short."""
    return (workspace.data / UNFINISHED).exists()


def _suppress(workspace: Workspace, vertices: tuple[Vertex, ...], at: datetime) -> None:
    known = workspace.vault.reveal([vertex.node_id for vertex in vertices])
    workspace.suppression.add(
        [Suppressed(known[v.node_id], v.since, v.until) for v in vertices if v.node_id in known], at
    )


def _forget_refused(workspace: Workspace, node_ids: tuple[int, ...]) -> None:
    known = workspace.vault.reveal(node_ids)
    by_stream: dict[str, list[int]] = {}
    for stream, position in workspace.refused.mentioning(list(known.values())):
        by_stream.setdefault(stream, []).append(position)
    for stream, positions in by_stream.items():
        workspace.refused.forget(stream, positions)


def _delete_rows(workspace: Workspace, erasure: ErasurePlan) -> None:
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    leaving = [stage.table for stage in erasure.stages if isinstance(stage, DeleteRowsStage)]
    tables = [table for table in leaving if table.home is Home.LAKE]
    for table in leaving:
        if table.home is Home.CATALOGUE:
            _delete_kept(workspace, table, erasure.vertices)
    workspace.vault.details.forget([(vertex.node_id, vertex.since, vertex.until) for vertex in erasure.vertices])
    changes: dict[str, list[Change]] = {}
    with workspace.connected(snapshot, *(table.name for table in tables)) as connection:
        _show_erased(connection, erasure)
        for table in tables:
            amended = _unnamed(table, erasure)
            change = rewrite_without(workspace.lake, connection, snapshot, table.name, _leaves(table), amended=amended)
            if change:
                changes.setdefault(table.released_by or table.name, []).append(change)
    notes = {leader: workspace.lake.notes(snapshot, leader) for leader in changes}
    for leader, some in changes.items():
        workspace.lake.release(leader, some, notes=notes[leader])


def _delete_kept(workspace: Workspace, table: Table, vertices: Sequence[Vertex]) -> None:
    """Delete the rows of a table of the catalogue that name an erased vertex, so that nothing of them is left."""
    assert table.home is Home.CATALOGUE, table.name
    stored = declared(table)
    whole = [vertex.node_id for vertex in vertices if vertex.is_whole]
    named: list[sa.ColumnElement[bool]] = [stored.c[name].in_(whole) for name in table.erase.nodes]
    if table.erase.at:
        named += [_within(stored, table, vertex) for vertex in vertices if not vertex.is_whole]
    with workspace.catalogue.begin() as connection:
        gone = sum(connection.execute(sa.delete(stored).where(one)).rowcount for one in named)
    if gone:
        scrub(workspace.catalogue, table.name)


def _within(stored: sa.Table, table: Table, vertex: Vertex) -> sa.ColumnElement[bool]:
    """Rows that name a node within an interval of it; no instant lies before all others."""
    at = stored.c[table.erase.at]
    named = sa.or_(*(stored.c[name] == vertex.node_id for name in table.erase.nodes))
    begun = sa.true() if vertex.since is None else at >= microseconds(vertex.since)
    open_still = sa.true() if vertex.until is None else sa.or_(at.is_(None), at < microseconds(vertex.until))
    return sa.and_(named, begun, open_still)


def _show_erased(connection: Connection, erasure: ErasurePlan) -> None:
    """The relation ``erased(node_id, since, until, is_whole)``: the vertices, and the ids that stood for intervals."""
    rows = [*erasure.vertices, *(Vertex(number) for number in _interval_ids(erasure))]
    instant = pa.timestamp("us", tz="UTC")
    columns: dict[str, Any] = {
        "node_id": pa.array([row.node_id for row in rows], pa.int64()),
        "since": pa.array([row.since for row in rows], instant),
        "until": pa.array([row.until for row in rows], instant),
        "is_whole": pa.array([row.is_whole for row in rows], pa.bool_()),
    }
    connection.register("erased", pa.table(columns))


def _interval_ids(erasure: ErasurePlan) -> list[int]:
    parted = [(vertex.node_id, microseconds(vertex.since)) for vertex in erasure.vertices if vertex.since]
    node, since = np.array(parted, np.int64).reshape(-1, 2).T
    return [int(number) for number in vertex_id(node.copy(), since.copy())]


def _unnamed(table: Table, erasure: ErasurePlan) -> dict[str, str]:
    """JSON columns of others' rows in which the erased may be mentioned: their pseudonyms give way to a word."""
    ids = [id_text(vertex.node_id) for vertex in erasure.vertices if vertex.is_whole]
    columns = [column.name for column in table.columns if column.type is Type.JSON]
    return {name: _without_ids(f"held.{name}", ids) for name in columns if ids}


def _without_ids(text: str, ids: list[str]) -> str:
    """SQL of a text with ids replaced, some hundred at a time: a pattern of thousands is slower by far."""
    replaced = text
    for start in range(0, len(ids), _IDS_AT_ONCE):
        pattern = literal("|".join(ids[start : start + _IDS_AT_ONCE]))
        replaced = f"regexp_replace({replaced}, {pattern}, 'erased', 'g')"
    return f"CASE WHEN regexp_matches({text}, '\"[a-z2-7]{{13}}\"') THEN {replaced} ELSE {text} END"


def _leaves(table: Table, row: str = "held") -> str:
    """SQL: whether a row of a table, under its name in the query, names an erased vertex."""
    erase = table.erase
    if erase.through:
        same = " AND ".join(f"{row}.{name} = deciding.{name}" for name in erase.on)
        deciding = next(other for other in ALL_TABLES if other.name == erase.through)
        return f"EXISTS (SELECT 1 FROM {deciding.name} AS deciding WHERE {same} AND {_leaves(deciding, 'deciding')})"
    if erase.at:
        during = f'(since IS NULL OR {row}."{erase.at}" >= since) AND (until IS NULL OR {row}."{erase.at}" < until)'
    else:
        during = "is_whole"

    def names(column: str) -> str:
        when = _BEGUN if column == PERSON_ID.name and not erase.at else during
        return f"EXISTS (SELECT 1 FROM erased WHERE erased.node_id = {row}.{column} AND {when})"

    return f"({' OR '.join(map(names, erase.nodes))})"


def to_json(erasure: ErasurePlan, at: datetime) -> str:
    """A plan and its instant as text, kept until it is carried out; pseudonyms only."""
    vertices = [(v.node_id, v.since and v.since.isoformat(), v.until and v.until.isoformat()) for v in erasure.vertices]
    return json.dumps({"at": at.isoformat(), "vertices": vertices})


def from_json(text: str) -> tuple[ErasurePlan, datetime]:
    """The inverse of `to_json`."""
    told = json.loads(text)
    vertices = [
        Vertex(node, since and datetime.fromisoformat(since), until and datetime.fromisoformat(until))
        for node, since, until in told["vertices"]
    ]
    return plan_erasure(vertices, ALL_TABLES), datetime.fromisoformat(told["at"])
