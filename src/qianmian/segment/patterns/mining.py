"""The tasks of mining: how many people took which steps and paths, and what came after. Sums of people, to be added."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.engines.base import Context, Json, Output
from qianmian.learning.sequences import Walks, compared, counted, tree_of
from qianmian.profile.history import files, segments
from qianmian.profile.history.files import column
from qianmian.profile.history.sequence import column_of
from qianmian.profile.reading import TABLES, Reading, reading_within
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.dimensions import dimensions
from qianmian.query.bind import bind
from qianmian.query.parse import parse
from qianmian.query.sequence import rows_of
from qianmian.query.tree import Sequence
from qianmian.segment.patterns.steps import sequence_of
from qianmian.unify.ties.kinds import TieKinds

_EPOCH = date(1970, 1, 1)
_DIMENSIONS = ("codes", "normal_words", "items", "item_changes")


def count_steps(context: Context) -> Output:
    """Count the people of every event, and of every event with products of a category.

    Params:
        window: first and last date, in days since 1970.
        by_category: whether products are told apart.

    Returns:
        ``steps``: rows of (event, category, people, rows), 0 = any category; ``people``: who has a row at all.
    """
    rows, categories = _history(context)
    person, event = column(rows, "person_id"), column(rows, "event").astype(np.int64)
    found = [(event, 0, many, of) for event, many, of in _people_of(event, person)]
    if len(categories):
        held = categories > 0
        both = (event[held] << 32) + categories[held]
        found += [(code >> 32, code & 0xFFFFFFFF, many, of) for code, many, of in _people_of(both, person[held])]
    return Output({}, {"steps": found, "people": len(np.unique(person))}, rows.num_rows)


def _people_of(code: NDArray[np.int64], person: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Code, people and rows."""
    order = np.lexsort((person, code))
    code, person = code[order], person[order]
    codes, first = np.unique(code, return_index=True)
    is_new = np.ones(len(code), np.bool_)
    is_new[1:] = (code[1:] != code[:-1]) | (person[1:] != person[:-1])
    people = np.add.reduceat(is_new.astype(np.int64), first) if len(code) else first
    rows = np.diff(np.append(first, len(code)))
    return list(zip(codes.tolist(), people.tolist(), rows.tolist(), strict=True))


def count_paths(context: Context) -> Output:
    """Count the people who took each of some paths.

    Params:
        window, by_category: see `count_steps`.
        tokens: of each token, from 1 on, event and category; category 0 = any.
        paths: lists of tokens.
        longest: from the first step to the last, at most, in microseconds.

    Returns:
        The people of each path.
    """
    rows, categories = _history(context)
    tree = tree_of(map(tuple, context.params["paths"]))
    walks = _walks(rows, _tokens(rows, categories, context.params["tokens"]), 0)
    people = counted(walks, tree, int(context.params["longest"]))
    return Output({}, people[tree.ends].tolist(), rows.num_rows)


def compare_paths(context: Context) -> Output:
    """Tell what came after each of some paths, and after their beginnings otherwise; see `learning.sequences.compared`.

    Params:
        window, by_category, tokens, paths, longest: see `count_paths`.
        outcome: code of the event that may come after.
        after: in how many microseconds.
        ready: conditions with a sequence, told in the same way.
        totals, kinds: of the build.

    Returns:
        ``paths`` and ``ready``: of each, four sums by class of activity.
    """
    params = context.params
    rows, categories = _history(context)
    tree, outcome = tree_of(map(tuple, params["paths"])), int(params["outcome"])
    times = int(params["after"]), _microseconds(context.snapshot.instant)
    walks = _walks(rows, _tokens(rows, categories, params["tokens"]), outcome)
    sums = compared(walks, tree, int(params["longest"]), *times)[tree.ends]
    ready = _ready(context, outcome, times) if params["ready"] else []
    return Output({}, {"paths": sums.tolist(), "ready": ready}, rows.num_rows)


def _ready(context: Context, outcome: int, times: tuple[int, int]) -> list[Json]:
    """The sums of each ready condition's sequence; of one that ends with the outcome, of the steps that lead to it."""
    totals, kinds = (str(context.params[name]) for name in ("totals", "kinds"))
    with context.connect(*TABLES) as connection:
        read = connection, context.snapshot, context.lake
        found = reading_within(*read, (), Totals.from_json(totals), TieKinds.from_json(kinds))
        rows = files.merged(files.read(part, context.buckets) for part in found.parts)
    told = []
    for condition in context.params["ready"]:
        sequence = sequence_of(parse(condition))
        if sequence is None:
            raise ValueError(f"{condition!r} has no sequence")
        told.append(_told(found, rows, sequence, outcome, times))
    return told


def _told(reading: Reading, rows: pa.Table, sequence: Sequence, outcome: int, times: tuple[int, int]) -> Json:
    bound = bind(sequence, reading.vocabulary)
    if not isinstance(bound, Sequence):
        raise TypeError("a bound sequence is a sequence")
    window = [(day - _EPOCH).days for day in bound.window.dates(reading.today)]
    rows = _inside(rows, window)
    columns = partial(column_of, rows, reading.dimensions)
    leads = reading.vocabulary.code_of("event", bound.steps[-1].event) == outcome
    told = bound.steps[:-1] if leads else bound.steps
    steps = [np.flatnonzero(rows_of(step, columns, reading.vocabulary)) for step in told]
    place = np.concatenate([np.arange(rows.num_rows), *steps])
    token = np.repeat(np.arange(len(steps) + 1, dtype=np.int32), [rows.num_rows, *map(len, steps)])
    order = np.argsort(place, kind="stable")
    walks = _walks(rows.take(pa.array(place[order])), token[order], outcome)
    tree = tree_of([tuple(range(1, len(steps) + 1))])
    longest = np.iinfo(np.int64).max if bound.seconds is None else bound.seconds * 1_000_000
    return compared(walks, tree, longest, *times)[tree.ends[0]].tolist()


def _history(context: Context) -> tuple[pa.Table, NDArray[np.int64]]:
    """The rows of the buckets inside the window, and the category of each; empty = products are not told apart."""
    by_category = bool(context.params["by_category"])
    with context.connect(*segments.TABLES, *(_DIMENSIONS if by_category else ())) as connection:
        parts = segments.segments(connection, context.lake.storage, context.buckets)
        rows = _inside(files.merged(files.read(part, context.buckets) for part in parts), context.params["window"])
        if not by_category:
            return rows, np.empty(0, np.int64)
        codes = dimensions(connection, context.snapshot.instant).by_name["category"].codes
    return rows, codes[column(rows, "item")].astype(np.int64)


def _inside(rows: pa.Table, window: Json) -> pa.Table:
    day = column(rows, "happened_on")
    return rows.filter(pa.array((day >= window[0]) & (day <= window[1])))


def _tokens(rows: pa.Table, categories: NDArray[np.int64], tokens: Json) -> NDArray[np.int32]:
    event = column(rows, "event")
    if not len(categories):
        categories = np.zeros(len(event), np.int64)
    known = [(0, 0), *map(tuple, tokens)]
    by_code = np.zeros((1 + max([one[0] for one in known] + [int(event.max(initial=0))]),
                        1 + max([one[1] for one in known] + [int(categories.max(initial=0))])), np.int32)  # fmt: skip
    for token, (code, category) in enumerate(known):
        if category:
            by_code[code, category] = token
        elif code:
            by_code[code, :] = token
    found: NDArray[np.int32] = by_code[event, categories]
    return found


def _walks(rows: pa.Table, token: NDArray[np.int32], outcome: int) -> Walks:
    person, at, key = (column(rows, name) for name in ("person_id", "occurred_at", "event_key"))
    return Walks(person, at, key, token, column(rows, "event") == outcome)


def _microseconds(at: datetime) -> int:
    since: Any = at - datetime(1970, 1, 1, tzinfo=UTC)
    return int(since.total_seconds() * 1_000_000)
