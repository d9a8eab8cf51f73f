"""Second pass of a build's finish: formulas over partials, with the shop's totals, make the values of all tags."""

from __future__ import annotations

from qianmian.core.tables import Type
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.profile.tables import partial_columns
from qianmian.profile.tags.builtin import TAGS
from qianmian.profile.tags.declare import Fold, Partial, Tag
from qianmian.profile.tags.dimensions import dimensions
from qianmian.profile.tags.union import union


def make_profiles(context: Context) -> Output:
    """Write the profiles of the buckets.

    Params:
        today: the build's local date. zone: the workspace's time zone.
        buyers, recency, orders, money, r_cuts, f_cuts, m_cuts: see `qianmian.profile.tags.cuts.merged`.
        parts: number of ranges of person_id.
    """
    width = 2**63 // int(context.params["parts"])
    dealt = context.dealt("partials", context.buckets.first // width)
    if not dealt:
        return Output()
    with context.connect("codes", "items") as connection:
        for partial in _worded():
            words = dimensions(connection, context.snapshot.instant).by_name[partial.by].words
            connection.execute(f"SET VARIABLE words_{partial.name} = $words", {"words": list(words)})
        rows = fetch(connection, _sql(), {"files": [str(path) for path in dealt]})
    return Output({"profiles": (context.write("profiles", rows),)}, {"people": rows.num_rows})


def _worded() -> list[Partial]:
    return [partial for partial in union(TAGS).partials if partial.fold is Fold.TOP]


def _sql() -> str:
    """One SELECT from partials to profiles: instants get local dates, codes get words, tags get values."""
    needs = union(TAGS)
    dates = ", ".join(
        f"({partial.name} AT TIME ZONE getvariable('zone'))::DATE AS {partial.name.removesuffix('_at')}_on"
        for partial in needs.partials
        if partial.fold in (Fold.FIRST_AT, Fold.LAST_AT)
    )
    words = ", ".join(
        f"getvariable('words_{partial.name}')[{partial.name}_code + 1] AS {partial.name}" for partial in _worded()
    )
    tags = {tag.name for tag in TAGS} | {f"{tag.name}_confidence" for tag in TAGS}
    kept = [column.name for column in partial_columns(needs) if column.name not in tags]
    values = ", ".join([*kept, *(_value(tag) for tag in TAGS)])
    return f"""
    WITH read AS (SELECT * FROM read_parquet($files, hive_partitioning = false)),
    told AS (SELECT *, {dates}, {words} FROM read)
    SELECT {values} FROM told ORDER BY person_id
    """


def _value(tag: Tag) -> str:
    value = f"({tag.formula})::{tag.type.sql} AS {tag.name}"
    if not tag.confidence:
        return value
    told = f"CASE WHEN ({tag.formula}) IS NOT NULL THEN {tag.confidence} END"
    return f"{value}, ({told})::{Type.NUMBER.sql} AS {tag.name}_confidence"
