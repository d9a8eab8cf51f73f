"""The planted pattern is found by mining the events: a post is seen, it is searched for, a group buy is opened."""

from __future__ import annotations

import duckdb
import numpy as np

from qianmian.learning.lift import adjusted, lift
from qianmian.learning.sequences import Walks, candidates, compared, counted, tree_of

DAY = 86_400_000_000
OUTCOME = "Group Buy Opened"


def test_the_planted_pattern_stands_out(town_sql: duckdb.DuckDBPyConnection) -> None:
    rows = town_sql.sql(
        """SELECT person, epoch_us(moment) AS at, row_number() OVER (ORDER BY message_id) AS key, event
           FROM event JOIN persons USING (message_id) WHERE person IS NOT NULL ORDER BY 1, 2, 3"""
    ).fetchnumpy()
    names, codes = np.unique(rows["event"].astype(str), return_inverse=True)
    token = {str(name): place for place, name in enumerate(names, 1)}
    person, at, key = (rows[name].astype(np.int64) for name in ("person", "at", "key"))
    outcome = codes + 1 == token[OUTCOME]
    walks = Walks(person, at, key, np.where(outcome, 0, codes + 1).astype(np.int32), outcome)
    tree = tree_of(candidates([(one,) for one in token.values()]))
    people = counted(walks, tree, 7 * DAY)[tree.ends]
    frequent = tree_of([path for path, many in zip(tree.paths, people, strict=True) if many >= 600])
    sums = compared(walks, frequent, 7 * DAY, 7 * DAY, int(at.max()))[frequent.ends]
    found = {path: one for path, sum_ in zip(frequent.paths, sums, strict=True) if (one := lift(sum_))}
    sure = dict(zip(found, adjusted([one.p for one in found.values()]), strict=True))
    planted = token["Post Viewed"], token["Products Searched"]
    assert len(found) > 100
    assert found[planted].low > 1.5
    assert sure[planted] < 0.001
    turned = found[planted[::-1]]
    assert turned.low < found[planted].low  # searching first is what nobody planted
