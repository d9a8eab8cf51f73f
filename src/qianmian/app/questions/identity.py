"""Why identifiers are one person, or are not: the evidence near them, told without their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np

from qianmian.app.answers import Computed
from qianmian.app.identity_decisions import Decision, IdentityDecisions, heard, standing
from qianmian.app.people import find_person
from qianmian.app.plan import published_decisions
from qianmian.app.questions.identity_words import Connected, Decided, HeldIdentifier, Statement, edge_words, hands_words
from qianmian.app.shop import ANALYSE, Shop
from qianmian.app.workspace import Workspace
from qianmian.core.messages import Message
from qianmian.core.people import id_number, id_text, parse_identifier, priority
from qianmian.lake.connection import Connection
from qianmian.privacy.masking import mask_value
from qianmian.privacy.pseudonyms import pseudonymise
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.near import Near, near
from qianmian.unify.identity.resolve import vertex_id
from qianmian.unify.identity.why import Edge, Said, Step

#: How often people who were seen with these people are looked at too, where no chain is found without them.
ROUNDS = 3
#: Statements of an edge that are told, and identifiers in one answer.
MOST_STATEMENTS, MOST_IDENTIFIERS = 20, 300
_TABLES = ("persons", "nodes", "links")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Verdict(StrEnum):
    """What the evidence says."""

    ONE_PERSON = "one_person"
    BROKEN = "broken"
    STRANGERS = "strangers"


@dataclass(frozen=True)
class ChainStep:
    """One step from an identifier to the next.

    Attributes:
        start: id of the one.
        end: id of the next.
        edge: its place in `Explained.edges`; None = the same identifier in other hands.
        joins: whether both are one person by it; else the chain breaks here.
        words: the same as a sentence.
    """

    start: str
    end: str
    edge: int | None
    joins: bool
    words: Message


@dataclass(frozen=True)
class Explained:
    """Why identifiers are one person, or are not.

    Attributes:
        verdict: what the evidence says.
        starts: ids of what was asked for first, one for each time in which it was in other hands.
        ends: the same of what was asked for second; empty if one thing was asked for.
        identifiers: those of the people asked for, and those they were seen with.
        edges: what was said of these, the oldest first.
        steps: the chain from the first to the second; of one person, what holds it together, each two identifiers once.
        is_cut: whether there is more evidence than was read.
        is_outdated: whether the last build says otherwise; evidence was taken back since, or there was too much of it.
        computed: from which build.
    """

    verdict: Verdict
    starts: list[str]
    ends: list[str]
    identifiers: list[HeldIdentifier]
    edges: list[Connected]
    steps: list[ChainStep]
    is_cut: bool
    is_outdated: bool
    computed: Computed


def explain(shop: Shop, name: str, other: str | None = None, *, purpose: str = ANALYSE) -> Explained:
    """Which statements join two identifiers, or hold one person together; or where their chain breaks.

    Args:
        shop: the shop.
        name: ``namespace:value``, a bare user_id, ``person:<id>``, or ``id:<id>`` of an answer.
        other: the same; None = everything that belongs to the person of `name`.
        purpose: what it is looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: nobody is known by a name, or nothing was built yet.
    """
    with shop.asking(purpose, *_TABLES) as (found, computed):
        asked = [_Asked.of(shop.workspace, found.connection, one) for one in (name, other) if one is not None]
        return _explained(shop.workspace, found.connection, asked, computed)


@dataclass(frozen=True)
class _Asked:
    """What was asked for.

    Attributes:
        node: node_id, or the id of a vertex.
        is_person: whether the whole person is meant.
        is_vertex: whether one time of an identifier is.
    """

    node: int
    is_person: bool = False
    is_vertex: bool = False

    @classmethod
    def of(cls, workspace: Workspace, connection: Connection, name: str) -> _Asked:
        head, _, text = name.partition(":")
        if head == "id":
            find_person(workspace, connection, f"person:{text}")
            return cls(id_number(text), is_vertex=True)
        person = find_person(workspace, connection, name)
        if head == "person":
            return cls(person, is_person=True)
        identifier = parse_identifier(name)
        nodes, _, _ = pseudonymise(workspace.keys.node, identifier.namespace, [identifier.value])
        return cls(int(nodes[0]))

    def places(self, seen: Near, ids: np.ndarray[Any, np.dtype[np.int64]]) -> list[int]:
        """Indexes of the vertices that are meant; of a person that which names it."""
        node = seen.graph.vertices.node
        exact = np.flatnonzero(ids == self.node)
        if len(exact) and (self.is_person or self.is_vertex):
            return [int(exact[0])]
        meant = seen.persons == self.node if self.is_person else node == self.node
        places: list[int] = np.flatnonzero(meant).tolist()
        return places


def _explained(workspace: Workspace, connection: Connection, asked: list[_Asked], computed: Computed) -> Explained:
    nodes: Sequence[int] = [one.node for one in asked]
    decisions = heard(IdentityDecisions(workspace.catalogue, workspace.clock).all(), published_decisions(workspace))
    known = {one.decision: one for one in decisions}
    by_hand = standing(decisions)
    for number in range(ROUNDS):
        seen = near(connection, nodes, computed.batch, by_hand)
        ids = vertex_id(seen.graph.vertices.node, seen.graph.vertices.since)
        sources, *targets = [one.places(seen, ids) for one in asked]
        if not all([sources, *targets]):
            return _Answer(workspace, seen, ids.tolist(), computed, known).told(sources, [*targets, []][0], None)
        if not targets:
            head = _head(seen, ids, sources[-1:])
            return _Answer(workspace, seen, ids.tolist(), computed, known).told(sources, [], seen.graph.tree(head))
        steps = seen.graph.chain(sources, targets[0])
        grown = sorted(seen.namespaces)
        if steps is not None or seen.is_cut or number == ROUNDS - 1 or len(grown) == len(nodes):
            break
        nodes = grown
    return _Answer(workspace, seen, ids.tolist(), computed, known).told(sources, targets[0], steps)


def _head(seen: Near, ids: np.ndarray[Any, np.dtype[np.int64]], place: list[int]) -> int:
    """The vertex that names the person of another."""
    whose = seen.persons[place]
    named = np.flatnonzero(np.isin(ids, whose))
    return int(named[0]) if len(named) else place[0]


@dataclass(frozen=True)
class _Answer:
    """Puts what was found into words that name no value."""

    workspace: Workspace
    seen: Near
    ids: list[int]
    computed: Computed
    decisions: dict[int, Decision]

    def told(self, sources: list[int], targets: list[int], steps: list[Step] | None) -> Explained:
        """The answer: the identifiers around, what was said of them, and the chain."""
        verdict = Verdict.STRANGERS if steps is None else Verdict.ONE_PERSON
        if steps and not all(step.joins for step in steps):
            verdict = Verdict.BROKEN
        shown, is_all = self._shown(sources, targets, steps or [])
        told = [step for step in steps or [] if {step.start, step.end} <= shown]
        told = told if targets else self._once(told)
        numbers = [number for number, edge in enumerate(self.seen.graph.edges) if {edge.left, edge.right} <= shown]
        rows = self.seen.rows.select(["at", "source", "event_id", "rule"])
        edges = {number: self._connected(self.seen.graph.edges[number], rows) for number in numbers}
        identifiers = {one.id: one for one in self._identifiers(sorted(shown))}
        return Explained(
            verdict,
            [id_text(self.ids[place]) for place in sources],
            [id_text(self.ids[place]) for place in targets],
            [*identifiers.values()],
            [*edges.values()],
            [self._step(step, edges, identifiers) for step in told],
            self.seen.is_cut or not is_all,
            not sources or self._is_outdated(sources, targets, verdict, steps),
            self.computed,
        )

    def _once(self, steps: list[Step]) -> list[Step]:
        """The first step between each two identifiers: the same again in a later time tells nobody anything new."""
        node = self.seen.graph.vertices.node.tolist()
        first: dict[tuple[int, int], Step] = {}
        for step in steps:
            first.setdefault((node[step.start], node[step.end]), step)
        return list(first.values())

    def _shown(self, sources: list[int], targets: list[int], steps: list[Step]) -> tuple[set[int], bool]:
        """The chain, what is asked for, the rest of these people, and what they were seen with; as much as may be."""
        persons, node = self.seen.persons, self.seen.graph.vertices.node
        chain = [place for step in steps for place in (step.start, step.end)]
        mine = persons[[*sources, *targets]]
        whose = np.flatnonzero(np.isin(persons, mine[mine != 0])).tolist()
        first = {*chain, *sources, *targets, *whose}
        beside = [end for edge in self.seen.graph.edges for end in (edge.left, edge.right) if edge.touches(first)]
        hands = np.flatnonzero(np.isin(node, node[sorted(first)])).tolist()
        wanted = list(dict.fromkeys([*chain, *sources, *targets, *whose, *beside, *hands]))
        return set(wanted[:MOST_IDENTIFIERS]), len(wanted) <= MOST_IDENTIFIERS

    def _identifiers(self, places: list[int]) -> list[HeldIdentifier]:
        node, since, owner = (getattr(self.seen.graph.vertices, name).tolist() for name in ("node", "since", "owner"))
        known = self.workspace.vault.reveal(sorted({node[place] for place in places}))
        told = []
        for place in places:
            value = known[node[place]].value if node[place] in known else None
            later = since[place + 1] if node[place + 1 : place + 2] == [node[place]] else None
            person, user = int(self.seen.persons[place]), owner[place]
            told.append(
                HeldIdentifier(
                    id_text(self.ids[place]),
                    self.seen.namespaces[node[place]],
                    None if value is None else mask_value(value),
                    None if since[place] == FROM_THE_BEGINNING else _instant(since[place]),
                    None if later is None else _instant(later),
                    id_text(person) if person else None,
                    id_text(user) if user else None,
                )
            )
        return told

    def _connected(self, edge: Edge, rows: Any) -> Connected:
        decided = None if edge.decision is None else self.decisions[edge.decision]
        if edge.said is Said.BY_HAND and decided:
            told = [Statement(decided.decided_at, "decision", str(decided.decision), "by_hand")] * 2
        else:
            some = [*edge.statements[:MOST_STATEMENTS], edge.statements[-1]]
            told = [Statement(**row) for row in rows.take(some).to_pylist()]
        ends = sorted((edge.left, edge.right), key=self._rank)
        left, right = (id_text(self.ids[place]) for place in ends)
        total, said = max(len(edge.statements), 1), edge.said
        by_hand = Decided.of(decided) if decided else None
        return Connected(left, right, said, edge.joins, total, told[0], told[-1], told[:-1], edge.by_rule, by_hand)

    def _rank(self, place: int) -> int:
        return priority(self.seen.namespaces[int(self.seen.graph.vertices.node[place])])

    def _step(self, step: Step, edges: dict[int, Connected], known: dict[str, HeldIdentifier]) -> ChainStep:
        start, end = (known[id_text(self.ids[place])] for place in (step.start, step.end))
        zone = self.workspace.settings.zone
        if step.edge is None:
            return ChainStep(start.id, end.id, None, step.joins, hands_words(start, end, zone))
        edge = edges[step.edge]
        words = edge_words(edge, known[edge.left], known[edge.right], zone)
        return ChainStep(start.id, end.id, list(edges).index(step.edge), step.joins, words)

    def _is_outdated(self, sources: list[int], targets: list[int], verdict: Verdict, steps: list[Step] | None) -> bool:
        """Whether the last build joined what the evidence does not, or the other way round."""
        persons = self.seen.persons
        if not targets:
            if steps is None:
                return True
            joined = {*sources[-1:], *(place for step in steps for place in (step.start, step.end))}
            whose = {int(persons[place]) for place in joined}
            return len(whose) > 1 or int(np.isin(persons, [*whose]).sum()) > len(joined)
        return bool(np.isin(persons[sources], persons[targets]).any()) != (verdict is Verdict.ONE_PERSON)


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
