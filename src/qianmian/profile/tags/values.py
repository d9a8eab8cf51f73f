"""Values of tags: formulas over a person's partials and the shop's totals, worked out when somebody asks.

A formula may name today or the buyers' totals, so that most values change every day while the partials stay: stored
values would have to be written for everybody at every build.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from qianmian.core.tables import Type
from qianmian.lake.connection import Connection
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.declaration.terms import text_sql
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.formulas import Queried, Stated
from qianmian.profile.tags.partial import Fold
from qianmian.profile.tags.union import union
from qianmian.query.bind import DECIMALS


def show_profiles(connection: Connection, tags: Sequence[Tag], totals: Totals) -> None:
    """Make the view ``profiles``: the value of each tag, and its confidence.

    Args:
        connection: has a view of `partials`.
        tags: those of which the partials hold all needs.
        totals: of the build that left them.
    """
    set_totals(connection, totals)
    connection.execute(f"CREATE VIEW profiles AS {select_tags(tags, 'partials')}")


def set_totals(connection: Connection, totals: Totals) -> None:
    """Tell a connection the totals that the formulas in its view ``profiles`` name; each cursor has its own."""
    told = asdict(totals)
    cuts = {f"cuts_{name}": list(some) for name, some in told.pop("ranked").items()}
    for name, value in {**told, **cuts}.items():
        connection.execute(f"SET VARIABLE {name} = $value", {"value": value})


def select_tags(tags: Sequence[Tag], partials: str, *, only: str = "true", queried: str = "queried") -> str:
    """One SELECT from partials to profiles: instants get local dates, then tags get values, after those they use.

    Each level carries on only what a later one reads: an engine plans every column of every level.

    Args:
        tags: with all that they use.
        partials: relation of the partials; ``traits`` and ``queried`` stand beside it.
        only: SQL over ``person_id`` that the people meet.
        queried: relation of what SELECTs answered.
    """
    dates = [f"{sql} AS {name}" for name, sql in _dates(tags).items()]
    select = f"SELECT {', '.join(['*', *dates])} FROM {partials}{_joins(tags, only, queried)} WHERE {only}"
    levels = _levels(tags)
    made: list[str] = []
    for at, level in enumerate(levels):
        later = _columns([tag for rest in levels[at + 1 :] for tag in rest])
        select = f"SELECT {', '.join(['person_id', *made, *later, *map(_value, level)])} FROM ({select})"
        made += [name for tag in level for name in _names(tag)]
    columns = [name for tag in tags for name in _names(tag)]
    return f"SELECT {', '.join(['person_id', *columns])} FROM ({select})"


def _joins(tags: Iterable[Tag], only: str, queried: str) -> str:
    """The joins with what is kept one row a value, one column a tag: what sources state, what SELECTs answered."""
    stated = [
        f"max({what}) FILTER (trait = {text_sql(tag.formula.trait)}) AS {name}"
        for tag in tags
        if isinstance(tag.formula, Stated)
        for what, name in (("value", tag.formula.sql), ("confidence", tag.confidence))
    ]
    answered = [
        f"max(value) FILTER (tag = '{tag.name}') AS {tag.formula.sql}"
        for tag in tags
        if isinstance(tag.formula, Queried)
    ]
    return "".join(
        f" LEFT JOIN (SELECT person_id, {', '.join(columns)} FROM {table} WHERE {only} GROUP BY person_id) "
        "USING (person_id)"
        for table, columns in (("traits", stated), (queried, answered))
        if columns
    )


def _names(tag: Tag) -> list[str]:
    return [tag.name, f"{tag.name}_confidence"] if tag.confidence else [tag.name]


def _dates(tags: Iterable[Tag]) -> dict[str, str]:
    """The local dates of instants that are kept."""
    return {
        f"{partial.name.removesuffix('_at')}_on": f"({partial.name} AT TIME ZONE getvariable('zone'))::DATE"
        for partial in union(tags).partials
        if partial.fold in (Fold.FIRST_AT, Fold.LAST_AT)
    }


def _columns(tags: Sequence[Tag]) -> list[str]:
    """The columns of partials, and their dates, that some tags may read."""
    return [*union(tags).columns, *_dates(tags)]


def with_used(tags: Iterable[Tag], known: Iterable[Tag]) -> list[Tag]:
    """Tags with all that they use, in the order in which they are known."""
    by_name = {tag.name: tag for tag in known}
    wanted: set[str] = set()

    def want(tag: Tag) -> None:
        wanted.add(tag.name)
        for name in tag.uses:
            want(by_name[name])

    for tag in tags:
        want(tag)
    return [tag for tag in by_name.values() if tag.name in wanted]


def _levels(tags: Sequence[Tag]) -> list[list[Tag]]:
    """Tags by how many others stand between them and the partials."""
    by_name = {tag.name: tag for tag in tags}
    depths: dict[str, int] = {}

    def depth(tag: Tag) -> int:
        if tag.name not in depths:
            read = () if isinstance(tag.formula, Queried) else tag.uses  # its SELECT has read them already
            depths[tag.name] = max((depth(by_name[name]) + 1 for name in read), default=0)
        return depths[tag.name]

    levels: list[list[Tag]] = [[] for _ in range(max(map(depth, tags), default=-1) + 1)]
    for tag in tags:
        levels[depth(tag)].append(tag)
    return levels


def _value(tag: Tag) -> str:
    cast = "TRY_CAST" if isinstance(tag.formula, Stated | Queried) else "CAST"
    sql = f"{cast}({tag.formula.sql} AS {tag.type.sql})"
    if tag.type is Type.NUMBER:
        sql = f"round({sql}, {DECIMALS})"  # what a condition can write, so that equal values can be asked for
    value = f"{sql} AS {tag.name}"
    if not tag.confidence:
        return value
    told = f"CASE WHEN ({tag.formula.sql}) IS NOT NULL THEN {tag.confidence} END"
    return f"{value}, ({told})::{Type.NUMBER.sql} AS {tag.name}_confidence"
