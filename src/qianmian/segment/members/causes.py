"""Why somebody entered an audience or left it, as far as a build can tell (decision 0044)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.engines.base import Context
from qianmian.lake.connection import Connection, fetch
from qianmian.segment.members.standing import Counted
from qianmian.unify.fresh import fresh, show_corrected
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.place import placed, show_owners
from qianmian.unify.identity.resolve import vertex_id

Ids = NDArray[np.int64]


class Cause(StrEnum):
    """Why somebody entered or left; of several that hold, the first counts."""

    ERASURE = "erasure"  # was erased; of exits alone
    DEFINITION = "definition"  # the audience, or what its condition means, changed
    MERGE = "merge"  # two people became one, or one became two
    BEHAVIOUR = "behaviour"  # did something since the last count
    LATE = "late"  # what they did before the last count arrived, or was corrected, only now
    WINDOW = "window"  # nothing new of them: time passed


#: How a cause is written in an array.
ORDER = (Cause.DEFINITION, Cause.MERGE, Cause.BEHAVIOUR, Cause.LATE, Cause.WINDOW)
_CODE = {cause: code for code, cause in enumerate(ORDER)}

_DONE = """
SELECT person_id, max(occurred_at) > getvariable('instant')::TIMESTAMPTZ AS is_new FROM ({placed})
GROUP BY person_id ORDER BY person_id
"""
#: An order that finds its payer, and an identifier that is gone, make nobody another person.
_MOVED = """
SELECT DISTINCT old, new FROM moved ANTI JOIN (SELECT order_node AS node_id FROM orders) USING (node_id)
WHERE version > $version AND new <> 0
"""
#: Of some people, the intervals that were theirs at a version and still are.
_STAYED = f"""
SELECT node_id, coalesce(epoch_us(since), {FROM_THE_BEGINNING}) AS since, person_id FROM persons
WHERE version <= $version AND person_id IN (SELECT old FROM regrouped UNION SELECT new FROM regrouped)
"""


@dataclass(frozen=True)
class News:
    """Of whom anything is new since a count; ids ascending.

    Attributes:
        regrouped: who was merged or split.
        active: who did something later than the count.
        late: who did something earlier that was not known then.
        is_amended: what was counted then was taken back or corrected, and nobody can say of whom.
    """

    regrouped: Ids
    active: Ids
    late: Ids
    is_amended: bool

    def causes(self, people: Ids) -> NDArray[np.int8]:
        """The cause of each, as its place in `ORDER`."""
        rest = Cause.LATE if self.is_amended else Cause.WINDOW
        found = np.full(len(people), _CODE[rest], np.int8)
        for cause, whom in ((Cause.LATE, self.late), (Cause.BEHAVIOUR, self.active), (Cause.MERGE, self.regrouped)):
            found[np.isin(people, whom)] = _CODE[cause]
        return found


def news_since(context: Context, connection: Connection, counted: Counted) -> News:
    """Of whom anything is new since an audience was counted.

    Args:
        context: of a running build; its parameter ``amended`` says whether rows were taken back.
        connection: sees `events`, `left_out`, `orders`, `persons` and `moved`.
        counted: how far the audience was counted.
    """
    for name, value in {"batch": counted.batch, "instant": counted.instant}.items():
        connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
    connection.execute("DROP TABLE IF EXISTS corrected")
    show_corrected(context, connection)
    again = "SELECT node_id, occurred_at FROM corrected"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE unseen AS {fresh('node_id, occurred_at')} UNION ALL {again}")
    show_owners(connection, "SELECT node_id FROM unseen")
    done = fetch(connection, _DONE.format(placed=placed(connection, "unseen")))
    people, is_new = _ids(done, "person_id"), done.column("is_new").to_numpy(zero_copy_only=False).astype(bool)
    return News(
        _regrouped(connection, counted.version), people[is_new], people[~is_new], bool(context.params["amended"])
    )


def _regrouped(connection: Connection, version: int) -> Ids:
    moved = fetch(connection, _MOVED, {"version": version})
    connection.register("regrouped", moved)
    held = fetch(connection, _STAYED, {"version": version})
    people = _ids(held, "person_id")
    stayed = people[vertex_id(_ids(held, "node_id"), _ids(held, "since")) == people]
    return regrouped_people(_ids(moved, "old"), _ids(moved, "new"), stayed)


def regrouped_people(old: Ids, new: Ids, stayed: Ids) -> Ids:
    """Who holds now what several people held, or what one held together with others: merged and split, not renamed.

    Somebody who signs in for the first time gets another id and stays the one they were: all that moved came from one
    person, of whom nothing stayed, and went to one whom nobody knew.

    Args:
        old: of each interval that moved, whose it was.
        new: whose it is.
        stayed: of all of them, who was that person before and is it now.

    Returns:
        Their person_ids, ascending.
    """
    pairs = np.unique(np.stack([np.append(old, stayed), np.append(new, stayed)], axis=1), axis=0)
    before, after = pairs[:, 0], pairs[:, 1]
    parts, parts_of = np.unique(before, return_counts=True)
    joined, joined_of = np.unique(after, return_counts=True)
    touched = np.isin(before, parts[parts_of > 1]) | np.isin(after, joined[joined_of > 1])
    found: Ids = np.unique(after[touched])
    return found


def _ids(rows: pa.Table, name: str) -> Ids:
    found: Any = rows.column(name).to_numpy()
    return np.asarray(found, np.int64)
