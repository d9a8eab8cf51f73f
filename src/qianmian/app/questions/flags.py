"""What the cleaning rules flagged: how much each found, and the newest of its events with whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qianmian.app.cleaning import CleaningRules
from qianmian.app.quality import last_check
from qianmian.app.questions.words import UnknownWord, WordRule, unknown_words, word_rules
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.people import id_text
from qianmian.lake.connection import fetch
from qianmian.privacy.masking import mask_text
from qianmian.unify.identity.place import placed, show_owners
from qianmian.unify.tables import FLAGS, WORD_COUNTS

MOST_FLAGGED = 20
_RULES = """
SELECT rule, source, field, count(*) AS events, count(DISTINCT node_id) FILTER (node_id <> 0) AS identifiers,
       max(occurred_at) AS last_at
FROM flags GROUP BY ALL ORDER BY rule, events DESC, source, field
"""
_NEWEST = """
CREATE TEMP TABLE newest AS
FROM flags WHERE rule = $rule AND source = $source AND field = $field
ORDER BY occurred_at DESC, event_key LIMIT $most
"""
_OWNED = """
SELECT newest.event_id, name AS event, occurred_at, value, like_event, coalesce(owner.person_id, 0) AS person_id
FROM newest LEFT JOIN (
    SELECT DISTINCT event_key, person_id FROM ({placed}) SEMI JOIN partials USING (person_id)) AS owner
USING (event_key)
ORDER BY occurred_at DESC, event_key
"""


@dataclass(frozen=True)
class RuleReport:
    """What one rule found in one source.

    Attributes:
        rule: one of `clean.rules.RULES`.
        source: data source.
        field: of which field; empty = of the whole event.
        events: how many are flagged; none is changed.
        identifiers: how many different identifiers they are of.
        last_at: when the last happened.
        is_left_out: whether such events count for nobody from the next build on.
    """

    rule: str
    source: str
    field: str
    events: int
    identifiers: int
    last_at: datetime
    is_left_out: bool


@dataclass(frozen=True)
class CleaningReport:
    """What all rules found.

    Attributes:
        checked_at: when; None = not yet.
        events: how many events they looked at.
        is_current: whether no events came or went, and no rules were applied, since.
        rules: what each found; one that found nothing is not listed.
        leave_out: as what flagged events count for nobody, by the rules that hold.
        words: what each rule about words changed.
        unknown: the commonest words that no vocabulary knows, by field.
    """

    checked_at: datetime | None
    events: int
    is_current: bool
    rules: list[RuleReport]
    leave_out: Sequence[str]
    words: list[WordRule]
    unknown: list[UnknownWord]


@dataclass(frozen=True)
class Flagged:
    """An event that is flagged.

    Attributes:
        event_id: the source's own id of it.
        event: its name.
        occurred_at: when it happened.
        value: what the field holds; None = nothing to tell.
        like_event: the event that it tells again, or is against; None = none.
        person: id of whose it is by the last build; None = of nobody who has a profile.
    """

    event_id: str
    event: str
    occurred_at: datetime
    value: str | None
    like_event: str | None
    person: str | None


def report(shop: Shop, *, purpose: str = ANALYSE) -> CleaningReport:
    """What the cleaning rules found at the last check.

    Raises:
        PurposeError: the purpose is not registered.
    """
    workspace = shop.workspace
    workspace.purposes.check(purpose)
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    checked = last_check(workspace, snapshot)
    cleaning = CleaningRules(workspace.catalogue, workspace.clock).cleaning()
    leave_out = cleaning.leave_out
    if checked is None:
        return CleaningReport(None, 0, is_current=False, rules=[], leave_out=leave_out, words=[], unknown=[])
    with workspace.connected(snapshot, FLAGS.name, WORD_COUNTS.name) as connection:
        rows = fetch(connection, _RULES).to_pylist()
        words, unknown = word_rules(connection), unknown_words(connection)
    rules = [RuleReport(**row, is_left_out=row["rule"] in leave_out) for row in rows]
    events = sum(file.rows for file in workspace.lake.files(snapshot, "events"))
    is_current = checked.is_of(events, cleaning.digest)
    return CleaningReport(checked.at, checked.events, is_current, rules, leave_out, words, unknown)


def flagged(shop: Shop, rule: str, source: str, field: str = "", *, purpose: str = ANALYSE) -> list[Flagged]:
    """The newest events that a rule flagged.

    Args:
        shop: the shop.
        rule: which.
        source: data source.
        field: of which field; empty = of the whole event.
        purpose: what they are looked at for.

    Raises:
        PurposeError: the purpose is not registered.
    """
    workspace = shop.workspace
    workspace.purposes.check(purpose)
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    asked = {"rule": rule, "source": source, "field": field, "most": MOST_FLAGGED}
    with workspace.connected(snapshot, FLAGS.name, "persons", "partials") as connection:
        connection.execute(_NEWEST, asked)
        show_owners(connection, "SELECT node_id FROM newest")
        rows = fetch(connection, _OWNED.format(placed=placed(connection, "newest"))).to_pylist()
    return [_told(row) for row in rows]


def _told(row: dict[str, Any]) -> Flagged:
    person, like = row.pop("person_id"), row["like_event"]
    masked = {"event_id": mask_text(row["event_id"]), "like_event": mask_text(like) if like else None}
    return Flagged(**{**row, **masked}, person=id_text(person) if person else None)
