"""How close two people are by their ties: 亲密度, a number from 0 to 1 that fades."""

from __future__ import annotations

from datetime import datetime

from qianmian.lake.connection import Connection, by_key, quoted
from qianmian.unify.ties.kinds import TieKinds
from qianmian.unify.ties.meet import show_fading

#: Rows of ties with ``share``: what each adds to its pair's sum at the instant that is asked for.
_SHARES = """
CREATE OR REPLACE TEMP VIEW tie_shares AS
SELECT ties.* EXCLUDE (weight, reference_at),
       fading.weight_of_one * weight * pow(2.0, (fading.reference - {now}) / fading.half_life) AS share
FROM {ties} AS ties JOIN fading USING (kind)
"""
#: Strength of a pair: each further 1 to which its shares add up halves the distance to 1.
STRENGTH = "1 - pow(2.0, -sum(share))"


def show_shares(
    connection: Connection, kinds: TieKinds, built_at: datetime, now: datetime, *, of_few: bool = True
) -> None:
    """Make the relation ``tie_shares``; the connection has ``ties``.

    Args:
        connection: of a reading.
        kinds: those of the build that left the ties.
        built_at: the build's instant, which tells the reference of weights.
        now: the instant for which strength is asked.
        of_few: whether ties of few people are looked up, not everybody's.
    """
    show_fading(connection, kinds, built_at)
    ties = quoted(by_key("ties")) if of_few else "ties"
    connection.execute(_SHARES.format(ties=ties, now=int(now.timestamp()) * 1_000_000))
