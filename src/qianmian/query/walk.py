"""Compiles ``friends(…)`` and ``within(…)``: walks over the relation ``ties`` from the people who meet a condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from qianmian.query.compiled import Compiled, joined
from qianmian.query.parts import terms_of
from qianmian.query.tree import Friends, Operator, Tied, Tree, Within


def circles(tree: Tree) -> dict[Friends | Within, str]:
    """The social terms of a tree, each with the name of its relation: two comparisons of one number share it.

    What stands inside one of them is asked of other people, and is not listed.
    """
    return {social: f"c{number}" for number, social in enumerate(dict.fromkeys(map(counted, _social(tree))))}


def counted(social: Friends | Within) -> Friends | Within:
    """What a term counts, whatever it is compared with."""
    return replace(social, operator=Operator.AT_LEAST, count=1) if isinstance(social, Friends) else social


def walk(social: Friends | Within, people: Compiled) -> Compiled:
    """The query for ``person_id`` of those tied to some people; for `Friends`, also to how many: ``people``.

    Args:
        social: which ties count, and how many may lie on the way.
        people: the query for those who meet its condition.
    """
    way = _way(social.tied)
    if isinstance(social, Friends):
        sql = (
            f"SELECT way.person_id, count(DISTINCT way.other_id) AS people FROM ({way.sql}) AS way "
            f"JOIN ({people.sql}) AS met ON met.person_id = way.other_id GROUP BY way.person_id"
        )
        return replace(people, sql=sql, values=way.values + people.values)
    return _hops(social.hops, way, people)


def _hops(hops: int, way: Compiled, people: Compiled) -> Compiled:
    """Who is met within so many hops by somebody else: of all who met a person, the lowest and highest ids are kept."""
    first = f"hop0 AS (SELECT person_id, person_id AS low, person_id AS high FROM ({people.sql}))"
    further = (
        f"hop{hop + 1} AS (SELECT person_id, min(low) AS low, max(high) AS high FROM (FROM hop{hop} UNION ALL "
        f"SELECT way.person_id, met.low, met.high FROM ({way.sql}) AS way "
        f"JOIN hop{hop} AS met ON met.person_id = way.other_id) GROUP BY person_id)"
        for hop in range(hops)
    )
    steps = ", ".join([first, *further])
    sql = f"WITH {steps} SELECT person_id FROM hop{hops} WHERE low <> person_id OR high <> person_id"
    return replace(people, sql=sql, values=people.values + way.values * hops)


def _way(tied: Tied) -> Compiled:
    """The pairs that are tied as is asked."""
    where = []
    if tied.kinds:
        where.append(Compiled(f"kind IN ({', '.join('?' * len(tied.kinds))})", tied.kinds))
    if tied.direction:
        where.append(Compiled("direction IN (?, 'both')", (tied.direction,)))
    told = joined(where or [Compiled("true")], " AND ", "{}")
    pairs = Compiled(f"SELECT person_id, other_id FROM ties WHERE {told.sql}", told.values)
    if tied.strength is None:
        return pairs
    close = "SELECT person_id, other_id FROM closeness WHERE strength >= ?"
    sql = f"SELECT * FROM ({pairs.sql}) SEMI JOIN ({close}) USING (person_id, other_id)"
    return Compiled(sql, (*pairs.values, float(tied.strength)))


def _social(tree: Tree) -> Iterable[Friends | Within]:
    if isinstance(tree, Friends | Within):
        yield tree
    else:
        for term in terms_of(tree):
            yield from _social(term)
