"""How the sources' votes make a trait: by trust, recency and agreement.

The model is ACCU of truth discovery (Dong, Berti-Equille, Srivastava: Integrating conflicting data, VLDB 2009): sources
are independent, and one that is wrong states any of the wrong values alike. A lone source is believed as far as it is
trusted.
"""

from __future__ import annotations

import pyarrow as pa

from qianmian.lake.connection import Connection
from qianmian.unify.facts.rules import FactRules, TraitKind

_DAY = 86_400_000_000
#: Votes and shares are whole multiples of 2⁻²⁰: sums of them are exact, in whatever order.
_STEP = 1 << 20
#: So likely must another stated value be, to be worth a look.
DISPUTED = 0.1

#: Rows with ``vote``: of each source its latest readable statement of a trait, worth the log of its odds, faded by
#: how much older it is than the newest of all.
_VOTES = f"""
SELECT * EXCLUDE (newest), round({_STEP} * ln(wrong_values * trust / (1 - trust))
    * CASE WHEN half_life IS NULL THEN 1 ELSE pow(2.0, -epoch_us(newest - occurred_at) / half_life) END) / {_STEP}
    AS vote
FROM (
    SELECT latest.*, declared.* EXCLUDE (trait), coalesce(trusted.trust, getvariable('otherwise')) AS trust,
           max(occurred_at) OVER (PARTITION BY {{keys}}) AS newest
    FROM (
        SELECT * FROM {{spoken}} WHERE value IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY {{keys}}, source ORDER BY occurred_at DESC, event_key DESC) = 1
    ) AS latest
    JOIN declared_traits AS declared USING (trait) LEFT JOIN trusted_sources AS trusted USING (source))
"""
#: Rows with ``camp``: values of a camp agree. A word agrees with itself; sorted numbers do up to a gap wider than the
#: tolerance. The sum takes in all that are equal, so that their order is none.
_CAMPS = """
SELECT *, CASE WHEN is_word THEN value
               ELSE sum(is_apart::INTEGER) OVER (PARTITION BY {keys} ORDER BY number)::VARCHAR
          END AS camp
FROM (
    SELECT *, coalesce(number - lag(number) OVER (PARTITION BY {keys} ORDER BY number) > tolerance, false) AS is_apart
    FROM (SELECT *, CASE WHEN NOT is_word THEN try_cast(value AS DOUBLE) END AS number FROM ({votes})))
"""
_ORDER = "vote DESC, trust DESC, occurred_at DESC, value"
#: A camp's value is that of its members for which most is said.
_RANKED = f"""
SELECT *, row_number() OVER (PARTITION BY {{keys}} ORDER BY {_ORDER}) AS rank,
       max(vote) OVER (PARTITION BY {{keys}}) AS best, count(*) OVER (PARTITION BY {{keys}}) AS camps
FROM (
    SELECT {{keys}}, camp, first(value ORDER BY {_ORDER}) AS value, sum(vote) AS vote, max(trust) AS trust,
           max(occurred_at) AS occurred_at, sum(sources)::INTEGER AS sources, any_value(wrong_values) AS wrong_values
    FROM (
        SELECT {{keys}}, camp, value, sum(vote) AS vote, max(trust) AS trust, max(occurred_at) AS occurred_at,
               count(*) AS sources, any_value(wrong_values) AS wrong_values
        FROM ({{camps}}) GROUP BY {{keys}}, camp, value)
    GROUP BY {{keys}}, camp)
"""
_SHARE = f"round({_STEP} * exp({{}} - best)) / {_STEP}"
#: Values that nobody states have no vote, and share in what is likely all the same.
_RESOLVED = f"""
SELECT {{keys}}, value, 1 / likely AS confidence, stated_at, speaking, supporting, runner_up,
       coalesce(second / likely >= {DISPUTED}, false) AS is_disputed
FROM (
    SELECT {{keys}}, max(value) FILTER (rank = 1) AS value, max(occurred_at) FILTER (rank = 1) AS stated_at,
           sum(sources)::INTEGER AS speaking, max(sources) FILTER (rank = 1) AS supporting,
           max(value) FILTER (rank = 2) AS runner_up, max(share) FILTER (rank = 2) AS second,
           sum(share) + greatest(any_value(wrong_values) + 1 - any_value(camps), 0)
                        * any_value({_SHARE.format("0")}) AS likely
    FROM (SELECT *, {_SHARE.format("vote")} AS share FROM ({{ranked}}))
    GROUP BY {{keys}})
"""


def show_rules(connection: Connection, rules: FactRules) -> None:
    """Make the relations ``declared_traits`` and ``trusted_sources`` that the votes follow."""
    traits = rules.traits
    columns = {
        "trait": pa.array([one.name for one in traits], pa.string()),
        "is_word": pa.array([one.kind is TraitKind.WORD for one in traits], pa.bool_()),
        "tolerance": pa.array([one.tolerance for one in traits], pa.float64()),
        "wrong_values": pa.array([one.wrong_values for one in traits], pa.int64()),
        "half_life": pa.array([one.half_life_days and one.half_life_days * _DAY for one in traits], pa.int64()),
        "sensitive": pa.array([one.sensitive for one in traits], pa.bool_()),
    }
    connection.register("declared_traits", pa.table(columns))
    trust = {"source": [one for one, _ in rules.trust], "trust": [chance for _, chance in rules.trust]}
    connection.register(
        "trusted_sources", pa.table(trust, pa.schema([("source", pa.string()), ("trust", pa.float64())]))
    )
    connection.execute("SET VARIABLE otherwise = $trust", {"trust": rules.otherwise})


def voted(spoken: str, keys: str = "person_id, trait") -> str:
    """SQL of the statements that count, with ``vote`` and ``camp``.

    Args:
        spoken: relation with the columns of ``statements`` and ``keys``.
        keys: by what statements belong together; ``trait`` is among them.
    """
    return _CAMPS.format(keys=keys, votes=_VOTES.format(keys=keys, spoken=spoken))


def resolved(spoken: str, keys: str = "person_id, trait") -> str:
    """SQL of what holds by the votes: the columns of ``traits``, with ``keys`` in place of its key; see `voted`."""
    return _RESOLVED.format(keys=keys, ranked=_RANKED.format(keys=keys, camps=voted(spoken, keys)))
