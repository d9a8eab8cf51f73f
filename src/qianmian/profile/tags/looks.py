"""What each tag looked like at a build: counted over everybody in one pass, part by part, and kept as aggregates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qianmian.core.tables import Type
from qianmian.engines.base import Context, Output, Reading
from qianmian.lake.connection import fetch, literal, quoted
from qianmian.lake.files import Change
from qianmian.lake.schema import arrow_schema
from qianmian.profile.tables import TAG_BUILDS, TAG_STAYS, partials_table
from qianmian.profile.tags.bins import DATES, classes, told_bins
from qianmian.profile.tags.built_in import all_tags
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.formulas import Queried
from qianmian.profile.tags.stays import THESE, has_stays, stays
from qianmian.profile.tags.union import union
from qianmian.profile.tags.values import select_tags, set_totals, with_used

#: So long every build is kept; then the last one of a date.
EVERY_BUILD_DAYS = 8
_COUNTED = "tag_classes"
_TABLES = ("partials", "traits", "queried")
_SUMMED = "SELECT tag, class, sum(people)::BIGINT AS people FROM read_parquet([{files}]) GROUP BY ALL ORDER BY ALL"
_STANDING = "SELECT tag, changed_people FROM tag_builds WHERE built_at = getvariable('now')"
_KEPT = f"""
SELECT * FROM tag_builds WHERE built_at <> getvariable('now')
    AND built_at > getvariable('now') - to_days({TAG_BUILDS.retention_days})
QUALIFY built_at > getvariable('now') - to_days({EVERY_BUILD_DAYS})
    OR built_at = max(built_at) OVER (PARTITION BY tag, built_on)
"""


def look(context: Context) -> Output:
    """Count the classes of every tag over the people of the buckets, and who changed; write their stays.

    Params:
        tags: the shop's own, see `Declaration.to_json`.
        told: names of those that are looked at.
        totals: of the build, see `Totals.to_json`.
        before: ``totals`` of the build before and ``told``, names of tags that it told by the same definition.
        erasing, anew_stays: of the stays; see `stays`.
    """
    params = context.params
    known = all_tags(str(params["tags"]))
    told = [tag for tag in known if tag.name in set(params["told"])]
    same = [tag for tag in told if tag.name in set(params["before"]["told"])]
    context.lake.declare(partials_table(union(known)))
    values = _values(context, told, known, str(params["totals"]))
    staying = [tag.name for tag in told if has_stays(tag)]
    with context.connect(TAG_STAYS.name) as connection:
        connection.register("counted", _counted(told, values))
        context.deal(connection, "counted", _COUNTED)
        connection.register("told", values.select(["person_id", *staying]))
        files = stays(context, connection, staying)
    before = _values(_earlier(context), same, known, params["before"]["totals"]) if same else None
    changed = _changed(values, before, same) if before is not None else {}
    return Output(files, {"people": values.num_rows, "changed": changed}, rows_read=values.num_rows)


def _earlier(context: Context) -> Context:
    """The same, as the build before left it."""
    return replace(context, reading=Reading(context.snapshot))


def _values(context: Context, tags: Sequence[Tag], known: Sequence[Tag], totals: str) -> pa.Table:
    """The values of tags of the people of the buckets, and how many days ago those were that are dates."""
    with context.connect(*_TABLES) as connection:
        set_totals(connection, Totals.from_json(totals))
        connection.execute(f"SET VARIABLE first = {context.buckets.first}; SET VARIABLE last = {context.buckets.last}")
        ages = [f"date_diff('day', {_date(tag)}, {_TODAY}) AS {quoted(_age(tag))}" for tag in tags if tag.type in DATES]
        columns = ", ".join(["person_id", *(tag.name for tag in tags), *ages])
        select = select_tags(with_used(tags, known), "partials", only=THESE)
        return fetch(connection, f"SELECT {columns} FROM ({select}) ORDER BY person_id").combine_chunks()


_TODAY = "getvariable('today')::DATE"


def _age(tag: Tag) -> str:
    return f"{tag.name} age"  # no tag has a space in its name


def _date(tag: Tag) -> str:
    return f"({tag.name} AT TIME ZONE getvariable('zone'))::DATE" if tag.type is Type.INSTANT else tag.name


def _changed(values: pa.Table, before: pa.Table, tags: Sequence[Tag]) -> dict[str, int]:
    """Of people who were there before, how many have another value, by tag."""
    one, other = values["person_id"].to_numpy(), before["person_id"].to_numpy()
    _, here, there = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    here, there = pa.array(here), pa.array(there)
    changed = {}
    for tag in tags:
        said, was = values[tag.name].take(here), before[tag.name].take(there)
        differs = pc.fill_null(pc.not_equal(said, was), fill_value=False)
        changed[tag.name] = pc.sum(pc.or_(differs, pc.xor(said.is_null(), was.is_null()))).as_py() or 0
    return changed


def _counted(tags: Sequence[Tag], values: pa.Table) -> pa.Table:
    """How many people fall into each class of each tag."""
    names, found, people = list[str](), list[str](), list[int]()
    for tag in tags:
        of = values[_age(tag) if tag.type in DATES else tag.name]
        for one in pc.value_counts(classes(tag, of)).to_pylist():
            if one["values"] is not None:
                names.append(tag.name)
                found.append(str(one["values"]))
                people.append(one["counts"])
    columns = {"tag": pa.array(names, pa.string()), "class": pa.array(found, pa.string())}
    return pa.table({**columns, "people": pa.array(people, pa.int64()), "part": pa.repeat(0, len(people))})


def keep_looks(context: Context) -> Output:
    """Add up what the passes counted, and write it beside what earlier builds kept.

    Params:
        tags, told, totals, before: see `look`.
        people: with a profile.
        changed: by tag, summed over the passes.
        build: number of the build.
        query_seconds: a SELECT's part of the time that all took.
    """
    params = context.params
    known = all_tags(str(params["tags"]))
    told = [tag for tag in known if tag.name in set(params["told"])]
    by_tag: dict[str, dict[str, int]] = {tag.name: {} for tag in told}
    sizes = _stored_bytes(context, known)
    with context.connect(TAG_BUILDS.name) as connection:
        files = ", ".join(literal(str(file)) for file in context.dealt(_COUNTED, 0))
        for row in fetch(connection, _SUMMED.format(files=files)).to_pylist() if files else ():
            by_tag[row["tag"]][row["class"]] = row["people"]
        changed = params["changed"]
        if params["before"]["is_same_instant"]:  # what changed since the build before the one that is replaced
            changed = {row["tag"]: row["changed_people"] for row in fetch(connection, _STANDING).to_pylist()}
        rows = [_row(context, tag, by_tag[tag.name], changed.get(tag.name), sizes[tag.name]) for tag in told]
        connection.register("new_rows", pa.Table.from_pylist(rows, arrow_schema(TAG_BUILDS)))
        written = fetch(connection, f"SELECT * FROM ({_KEPT} UNION ALL BY NAME FROM new_rows) ORDER BY tag, built_at")
    return Output({TAG_BUILDS.name: (context.write(TAG_BUILDS.name, written),)})


def _row(context: Context, tag: Tag, counted: Mapping[str, int], changed: int | None, size: int) -> dict[str, Any]:
    bins = told_bins(tag, counted)
    covered = sum(counted.values())
    return {
        "tag": tag.name,
        "built_at": context.snapshot.instant,
        "built_on": Totals.from_json(str(context.params["totals"])).today,
        "build": context.params["build"],
        "definition": fingerprint(tag),
        "people": context.params["people"],
        "covered": covered,
        "changed_people": changed,
        "classes": len(counted),
        "others": covered - sum(bins.values()),
        "bins": json.dumps(bins, ensure_ascii=False),
        "stored_bytes": size,
        "query_seconds": context.params["query_seconds"] if isinstance(tag.formula, Queried) else None,
    }


def fingerprint(tag: Tag) -> str:
    """16 hex digits over what a tag says, but for its titles."""
    said = (tag.kind.value, tag.type.name, tag.needs, tag.formula, tag.values, tag.uses)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _stored_bytes(context: Context, tags: Iterable[Tag]) -> dict[str, int]:
    """What the columns of partials take on the disk, each divided among the tags that need it."""
    change = next((one for one in context.reading.pending if one.table == "partials"), Change("partials"))
    files = change.applied(context.lake.files(context.snapshot, "partials"))
    sizes: dict[str, int] = {}
    for path in context.lake.locations("partials", files):
        known = pq.read_metadata(path)
        for group in (known.row_group(number) for number in range(known.num_row_groups)):
            for column in (group.column(index) for index in range(group.num_columns)):
                sizes[column.path_in_schema] = sizes.get(column.path_in_schema, 0) + column.total_compressed_size
    needed = {tag.name: union([tag]).columns for tag in tags}
    users: dict[str, int] = {}
    for name in (name for columns in needed.values() for name in columns):
        users[name] = users.get(name, 0) + 1
    return {tag: round(sum(sizes.get(name, 0) / users[name] for name in columns)) for tag, columns in needed.items()}
