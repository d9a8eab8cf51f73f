"""How well two partitions of the same events agree, counted through their contingency table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.trace import NONE, Integers

_HEAVY_SHARE = 0.05


@dataclass(frozen=True)
class Pairs:
    """Pairs of events.

    Attributes:
        both: pairs that are one person's in truth and in the answer.
        predicted: pairs that are one person's in the answer.
        true: pairs that are one person's in truth.
    """

    both: int
    predicted: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the answer's pairs that are true."""
        return self.both / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that the answer has."""
        return self.both / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def owners(column: pa.ChunkedArray) -> Integers:
    """Whose each event is, as numbers; `NONE` where empty."""
    numbers: Integers = pc.fill_null(column, NONE).to_numpy()
    return numbers


def shared_codes(ids: pa.ChunkedArray) -> tuple[Integers, pa.Array]:
    """Ids of any type as codes from 0, with the ids behind them; an empty id is `NONE`."""
    encoded = ids.combine_chunks().dictionary_encode()
    return encoded.indices.fill_null(NONE).to_numpy().astype(np.int64), encoded.dictionary


def predicted_persons(persons: pa.Table, answers: Mapping[str, pa.Table]) -> tuple[Integers, pa.Array]:
    """Predicted person of each event as a code, −1 = none; and the ids behind the codes."""
    if "event_persons" not in answers:
        return np.full(len(persons), -1), pa.array([], pa.string())
    answer = answers["event_persons"]
    codes, ids = shared_codes(answer["person_id"])
    where = pc.index_in(persons["message_id"], value_set=answer["event_id"].combine_chunks())
    rows = where.fill_null(-1).to_numpy()
    return np.where(rows >= 0, codes[rows] if len(codes) else -1, -1), ids


def count_pairs(true: Integers, predicted: Integers) -> Pairs:
    """Compare two partitions over the events that are somebody's; an event without an answer stands alone.

    Who holds a twentieth of all events or more is left out: the pairs of one person would drown everybody else's.
    """
    known = true >= 0
    events = np.bincount(true[known], minlength=1)
    heavy = np.flatnonzero(events >= max(_HEAVY_SHARE * len(true), 1))
    known &= ~np.isin(true, heavy)
    true, predicted = true[known], predicted[known]
    answered = predicted >= 0
    _, together = _cells(true[answered], predicted[answered])
    _, by_person = np.unique(true, return_counts=True)
    _, by_answer = np.unique(predicted[answered], return_counts=True)
    return Pairs(_pairs(together), _pairs(by_answer), _pairs(by_person))


def strangers_apart(true: Integers, predicted: Integers) -> float:
    """Share of nobody's events that the answer leaves outside of everybody's."""
    nobody = predicted[true < 0]
    if not len(nobody):
        return 1.0
    inside = np.isin(nobody, np.unique(predicted[(true >= 0) & (predicted >= 0)]))
    return float(1 - inside.mean())


def match_people(true: Integers, predicted: Integers, count: int) -> Integers:
    """The predicted person of each true one, numbered from 0, by the majority of events each way; `NONE` = nobody."""
    both = (true >= 0) & (predicted >= 0)
    cells, events = _cells(true[both], predicted[both])
    person, answer = cells[0], cells[1]
    by_size = np.argsort(events, kind="stable")  # of several assignments to one place, the last and largest stays
    holder = np.full(int(answer.max(initial=0)) + 1, NONE)
    holder[answer[by_size]] = person[by_size]
    held = by_size[holder[answer[by_size]] == person[by_size]]
    match = np.full(count, NONE)
    match[person[held]] = answer[held]
    return match


def profiles_of_people(answers: Mapping[str, pa.Table], asked: pa.Array, match: Integers) -> pa.Table:
    """The answered profile of each true person, in their order; all empty where there is none."""
    if "profiles" not in answers:
        return pa.table({"person_id": pa.nulls(len(match))})
    profiles = answers["profiles"]
    ids = asked.take(pa.array(match, mask=match < 0))
    ids = ids.cast(profiles["person_id"].type)
    where = pc.index_in(ids, value_set=profiles["person_id"].combine_chunks(), skip_nulls=True)
    return profiles.take(where)


def holders(true: Integers, predicted: Integers, count: int) -> Integers:
    """The true person who has most events of each of ``count`` predicted ones; `NONE` = nobody has any."""
    both = (true >= 0) & (predicted >= 0)
    (person, answer), events = _cells(true[both], predicted[both])
    by_size = np.argsort(events, kind="stable")  # of several assignments to one place, the last and largest stays
    held = np.full(count, NONE)
    held[answer[by_size]] = person[by_size]
    return held


def _cells(true: Integers, predicted: Integers) -> tuple[tuple[Integers, Integers], Integers]:
    """The occupied cells of the contingency table, and the number of events in each."""
    values, codes = np.unique(predicted, return_inverse=True)
    width = max(len(values), 1)
    cells, count = np.unique(true.astype(np.int64) * width + codes, return_counts=True)
    return (cells // width, values[cells % width]), count


def _pairs(sizes: Integers) -> int:
    sizes = sizes.astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())
