"""Whose an identifier is, and was; and what became of a person whose id is an old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qianmian.app.answers import Computed
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.errors import UnknownNameError
from qianmian.core.people import id_number, id_text, parse_identifier
from qianmian.lake.connection import fetch
from qianmian.privacy.masking import mask_value
from qianmian.privacy.pseudonyms import pseudonymise

_TABLES = ("persons", "moved")
_TIMES = "SELECT since, until, person_id FROM persons WHERE node_id = $node ORDER BY since NULLS FIRST"
#: Of an identifier, every change of mind about it; of a person, whoever took over what was theirs.
_MOVED = """
SELECT version, old, new, count(DISTINCT node_id) AS identifiers FROM moved
WHERE node_id = $node OR $is_person AND old = $node GROUP BY ALL ORDER BY version, old, new
"""


@dataclass(frozen=True)
class HeldTime:
    """A time in which an identifier was one person's.

    Attributes:
        since: when it began; None = it has no beginning.
        until: when the next began; None = it is open.
        person: id of the person.
    """

    since: datetime | None
    until: datetime | None
    person: str


@dataclass(frozen=True)
class Moved:
    """A build came to believe something else.

    Attributes:
        version: which version of who is who it was.
        old: id of the person before.
        new: id of the person since; None = what was moved is gone.
        identifiers: how many identifiers moved.
    """

    version: int
    old: str
    new: str | None
    identifiers: int


@dataclass(frozen=True)
class Whose:
    """Whose an identifier, or an id of a person, is.

    Attributes:
        name: what was asked for, masked.
        person: id of the person now; None = nobody's any more.
        times: whose it was when, the oldest first.
        moved: what builds changed about it, the oldest first.
        computed: from which build.
    """

    name: str
    person: str | None
    times: list[HeldTime]
    moved: list[Moved]
    computed: Computed


def whose(shop: Shop, name: str, *, purpose: str = ANALYSE) -> Whose:
    """Whose a name is now and was before; an old id of a person leads to whoever has it now.

    Args:
        shop: the shop.
        name: ``namespace:value``, a bare user_id, or ``person:<id>``.
        purpose: what it is looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: nobody is, or was, known by that name.
    """
    head, _, text = name.partition(":")
    is_person = head == "person"
    if is_person:
        node, shown = id_number(text), name
    else:
        identifier = parse_identifier(name)
        nodes, _, _ = pseudonymise(shop.workspace.keys.node, identifier.namespace, [identifier.value])
        node, shown = int(nodes[0]), f"{identifier.namespace}:{mask_value(identifier.value)}"
    with shop.asking(purpose, *_TABLES) as (found, computed):
        times = fetch(found.connection, _TIMES, {"node": node}).to_pylist() if node else []
        moved = fetch(found.connection, _MOVED, {"node": node, "is_person": is_person}).to_pylist() if node else []
    if not times and not moved:
        raise UnknownNameError("nobody_known", person=shown)
    return Whose(
        shown,
        id_text(times[-1]["person_id"]) if times else None,
        [HeldTime(row["since"], row["until"], id_text(row["person_id"])) for row in times],
        [
            Moved(row["version"], id_text(row["old"]), id_text(row["new"]) if row["new"] else None, row["identifiers"])
            for row in moved
        ],
        computed,
    )
