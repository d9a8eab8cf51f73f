"""Stays as people of today: who is in an audience whose people are kept, and who came or went with a build."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qianmian.lake.connection import Connection, fetch
from qianmian.query.tree import Member
from qianmian.unify.identity.today import people_today

_STAYED = "SELECT DISTINCT person_id FROM memberships WHERE audience = $audience AND {what} ORDER BY person_id"


def stayed(connection: Connection, member: Member) -> NDArray[np.int64]:
    """The people of today whose stays an ``audience(…)`` is about, ascending.

    Args:
        connection: sees `memberships` and `persons`.
        member: a fixed audience, or an entry or exit.
    """
    what = "left_in IS NULL"
    values: dict[str, int | str] = {"audience": member.audience}
    if member.moved:
        cause = "entry_cause" if member.moved == "entered_in" else "exit_cause"
        what = f"{member.moved} = $build" + (f" AND {cause} = $cause" if member.cause else "")
        values["build"] = member.build
        if member.cause:
            values["cause"] = member.cause
    ids = fetch(connection, _STAYED.format(what=what), values).column("person_id").to_numpy()
    today = np.unique(people_today(connection, ids))
    found: NDArray[np.int64] = today[today != 0]
    return found
