"""Erasure as a plan: which vertices leave, through which stages, in which order. Carrying it out is the app's.

The order is what makes a crash harmless: suppression comes first, so that nothing erased comes back in; the values
are shredded after the last stage that still needs to read them; every stage can be repeated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from qianmian.core.tables import Home, Leave, Personal, Table
from qianmian.privacy.tables import IDENTIFIERS, JOURNAL_SALTS, REFUSED, REFUSED_SALTS, SALTS, SUPPRESSION


@dataclass(frozen=True)
class Vertex:
    """A node and an interval of it.

    Attributes:
        node_id: the pseudonym.
        since: start, inclusive; None = from the beginning.
        until: end, exclusive; None = for good.
    """

    node_id: int
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the node stays, so that its value can go too."""
        return self.since is None and self.until is None


@dataclass(frozen=True)
class Stage:
    """One step of an erasure; repeating it is harmless.

    Attributes:
        tables: the tables that it concerns.
    """

    tables: tuple[Table, ...]

    @property
    def words(self) -> str:
        """What it does, in a line without personal values."""
        return f"keep, since it holds nothing of a person: {self._names}"

    @property
    def _names(self) -> str:
        return ", ".join(table.name for table in self.tables) or "no table"


@dataclass(frozen=True)
class SuppressStage(Stage):
    """The identifiers enter the suppression ledger, before anything is deleted."""

    vertices: tuple[Vertex, ...]

    @property
    def words(self) -> str:
        """What it does, in a line without personal values."""
        return f"suppress {len(self.vertices)} vertices in {self._names}, so that none comes back"


@dataclass(frozen=True)
class DeleteRowsStage(Stage):
    """Rows that name an erased vertex leave one table, whose `erase` says by which columns, or through which table."""

    vertices: tuple[Vertex, ...]

    @property
    def table(self) -> Table:
        """The one table."""
        return self.tables[0]

    @property
    def words(self) -> str:
        """What it does, in a line without personal values."""
        erase = self.table.erase
        if erase.through:
            return f"delete rows of {self._names} whose row in {erase.through} is erased"
        within = f", within its interval by {erase.at}" if erase.at else ""
        return f"delete rows of {self._names} that name an erased node in {' or '.join(erase.nodes)}{within}"


@dataclass(frozen=True)
class RekeyStage(Stage):
    """Rows stay under the survivor's new person_id."""

    vertices: tuple[Vertex, ...]

    @property
    def words(self) -> str:
        """What it does, in a line without personal values."""
        return f"re-key rows of {self._names} to the survivors"


@dataclass(frozen=True)
class RebuildStage(Stage):
    """Derived tables are written again without the erased, by one publish and build."""

    @property
    def words(self) -> str:
        """What it does, in a line without personal values."""
        return f"publish and build again: {self._names}"


@dataclass(frozen=True)
class ForgetRefusedStage(Stage):
    """Refused rows that mention an erased identifier are destroyed; it reads the values, so it precedes shredding."""

    node_ids: tuple[int, ...]

    @property
    def words(self) -> str:
        """What it does, in a line without personal values."""
        return f"destroy refused rows that mention one of {len(self.node_ids)} identifiers ({self._names})"


@dataclass(frozen=True)
class ForgetRawStage(Stage):
    """Raw requests are written again without the lines that mention an erased identifier, under keys of their own."""

    node_ids: tuple[int, ...]

    @property
    def words(self) -> str:
        """What it does, in a line without personal values."""
        mentioned = f"lines that mention one of {len(self.node_ids)} identifiers"
        return f"write what was received again without {mentioned}, and destroy the keys of before ({self._names})"


@dataclass(frozen=True)
class ShredStage(Stage):
    """The salts of the values are destroyed, then the values; only of nodes of which nothing stays."""

    node_ids: tuple[int, ...]

    @property
    def words(self) -> str:
        """What it does, in a line without personal values."""
        return f"shred {len(self.node_ids)} values ({self._names}): salts first, then rows"


@dataclass(frozen=True)
class ExpireStage(Stage):
    """Pins end; old files, versions and log entries of the tables go, and with them the deleted rows."""

    @property
    def words(self) -> str:
        """What it does, in a line without personal values."""
        return f"end every pin and expire old files and log entries of {self._names}"


@dataclass(frozen=True)
class KeepStage(Stage):
    """Tables that hold nothing of a person stay as they are."""


@dataclass(frozen=True)
class ErasurePlan:
    """What an erasure does, in order.

    Attributes:
        vertices: what is erased, in the order of the node_ids.
        stages: what happens, first to last.
    """

    vertices: tuple[Vertex, ...]
    stages: tuple[Stage, ...]


def plan_erasure(vertices: Iterable[Vertex], tables: Sequence[Table]) -> ErasurePlan:
    """The plan that takes vertices out of every declared table.

    Args:
        vertices: what is erased.
        tables: every table of the workspace; a table left out of here is left out of the erasure.

    Raises:
        ValueError: a table does not say how an erased person leaves it, or says it in a way that cannot be done.
    """
    leaving = tuple(sorted(set(vertices), key=_order))
    every = tuple(dict.fromkeys(vertex.node_id for vertex in leaving))
    whole = tuple(vertex.node_id for vertex in leaving if vertex.is_whole)
    by_kind: defaultdict[type[Stage], tuple[Table, ...]] = defaultdict(tuple)
    for table in tables:
        by_kind[stage_of(table)] += (table,)
    # A table that another one decides for goes first, while the deciding rows are still there.
    deleted = sorted(by_kind[DeleteRowsStage], key=lambda table: not table.erase.through)
    changed = (*deleted, *by_kind[RekeyStage], *by_kind[RebuildStage])
    stages: tuple[Stage, ...] = (
        SuppressStage(by_kind[SuppressStage], leaving),
        *(DeleteRowsStage((table,), leaving) for table in deleted),
        RekeyStage(by_kind[RekeyStage], leaving),
        RebuildStage(by_kind[RebuildStage]),
        ForgetRefusedStage(by_kind[ForgetRefusedStage], every),
        ForgetRawStage(by_kind[ForgetRawStage], every),
        ShredStage(by_kind[ShredStage], whole),
        ExpireStage(tuple(table for table in changed if table.home is Home.LAKE)),
        KeepStage(by_kind[KeepStage]),
    )
    return ErasurePlan(leaving, tuple(stage for stage in stages if stage.tables))


def stage_of(table: Table) -> type[Stage]:
    """The kind of stage through which an erased person leaves a table.

    Raises:
        ValueError: its declaration cannot be carried out.
    """
    kind = _OWN_STAGES.get(table.name) or _STAGES.get(table.erase.leave)
    if table.home is Home.JOURNAL and table.erase.leave is Leave.SHRED:
        kind = ForgetRawStage
    if kind is None or not _is_complete(table, kind):
        raise ValueError(f"table {table.name!r}: no stage can carry out {table.erase.leave.value!r} as it is declared")
    return kind


def explain(plan: ErasurePlan) -> str:
    """The plan in words, one line a stage; it names no personal value."""
    whole = sum(vertex.is_whole for vertex in plan.vertices)
    lines = [f"erase {len(plan.vertices)} vertices, {whole} of them whole identifiers"]
    lines += [f"{number}. {stage.words}" for number, stage in enumerate(plan.stages, 1)]
    return "\n".join(lines)


def _is_complete(table: Table, kind: type[Stage]) -> bool:
    """Whether the declaration says all that its stage has to know."""
    erase = table.erase
    if kind is DeleteRowsStage:
        return bool(erase.nodes or (erase.through and erase.on))
    if kind is RekeyStage:
        return bool(erase.nodes)
    return kind is not KeepStage or all(column.personal is Personal.NONE for column in table.columns)


def _order(vertex: Vertex) -> tuple[int, float, float]:
    since = vertex.since.timestamp() if vertex.since else float("-inf")
    until = vertex.until.timestamp() if vertex.until else float("inf")
    return vertex.node_id, since, until


_OWN_STAGES: dict[str, type[Stage]] = {
    SUPPRESSION.name: SuppressStage,
    REFUSED.name: ForgetRefusedStage,
    REFUSED_SALTS.name: ForgetRefusedStage,
    JOURNAL_SALTS.name: ForgetRawStage,
    IDENTIFIERS.name: ShredStage,
    SALTS.name: ShredStage,
}
_STAGES: dict[Leave, type[Stage]] = {
    Leave.DELETE: DeleteRowsStage,
    Leave.REKEY: RekeyStage,
    Leave.REBUILD: RebuildStage,
    Leave.KEEP: KeepStage,
}
