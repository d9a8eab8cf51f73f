"""What other identity rules would make of the lake's history; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qianmian.app.audiences import SavedAudiences
from qianmian.app.identity_decisions import IdentityDecisions
from qianmian.app.identity_rules import IdentityRules, blocked_nodes
from qianmian.app.people import find_person
from qianmian.app.readings import Readings
from qianmian.app.shop import ANALYSE
from qianmian.app.workspace import Workspace
from qianmian.core.errors import ConditionError, NotBuiltError
from qianmian.core.people import NAMESPACES, Identifier
from qianmian.lake.snapshot import Snapshot
from qianmian.privacy.masking import mask_value
from qianmian.segment.audiences import audience
from qianmian.unify.identity.by_hand import Decisions
from qianmian.unify.identity.changes import distinct_pairs, everywhere
from qianmian.unify.identity.evidence import Scope, read, show_scope
from qianmian.unify.identity.intervals import Ints, contains
from qianmian.unify.identity.publish import resolved
from qianmian.unify.identity.resolve import Resolution
from qianmian.unify.identity.rules import Rules

MOST_EXAMPLES, MOST_NAMES, MOST_LARGEST, MOST_AUDIENCES = 10, 6, 5, 100
_THEIRS = "SELECT DISTINCT node_id FROM persons WHERE person_id = $person ORDER BY node_id"
_PEOPLES = "SELECT node_id FROM nodes WHERE list_contains(?, namespace) ORDER BY node_id"


@dataclass(frozen=True)
class Cluster:
    """A person by the number of identifiers.

    Attributes:
        person_id: who.
        identifiers: how many; one that is several people's in turn counts for each.
    """

    person_id: int
    identifiers: int


@dataclass(frozen=True)
class Example:
    """Somebody who would change.

    Attributes:
        person_id: who by the rules that hold.
        becomes: who by the others; 0 = what is left of them is nobody's.
        names: namespaces and masked values of some identifiers.
        identifiers: how many there are.
        joined_by: how many other people would become the same.
    """

    person_id: int
    becomes: tuple[int, ...]
    names: tuple[tuple[str, str], ...]
    identifiers: int
    joined_by: int


@dataclass(frozen=True)
class Affected:
    """A saved audience with members who would change.

    Attributes:
        audience: its number.
        name: what its owner calls it.
        people: its members by the last build.
        changed: how many of them would change.
    """

    audience: int
    name: str
    people: int
    changed: int


@dataclass(frozen=True)
class Simulation:
    """The people of a history by two sets of rules.

    Attributes:
        people_before: by the rules that hold.
        people_after: by the others.
        merges: people of the others who are several by those that hold.
        splits: people by those that hold who are several by the others.
        nobody: identifiers that would name nobody any more.
        changed: people by those that hold who would lose or gain something.
        largest_before: who has the most identifiers, by the rules that hold.
        largest_after: by the others.
        named: who was asked for, whether they would change or not.
        examples: some of those who would change, the largest first.
        audiences: saved audiences with members who would change, most of them first.
    """

    people_before: int
    people_after: int
    merges: int
    splits: int
    nobody: int
    changed: int
    largest_before: tuple[Cluster, ...]
    largest_after: tuple[Cluster, ...]
    named: tuple[Example, ...]
    examples: tuple[Example, ...]
    audiences: tuple[Affected, ...]


def simulate(workspace: Workspace, rules: Rules, names: Sequence[str] = ()) -> Simulation:
    """Resolve all that the lake knows by the rules that hold and by others, and compare.

    Args:
        workspace: the shop.
        rules: the others.
        names: of people who are told of in any case, see `find_person`.

    Raises:
        UnknownNameError: nobody is known by a name.
    """
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    holding = IdentityRules(workspace.catalogue, workspace.clock).rules()
    with workspace.connected(snapshot, "nodes") as connection:
        human = read(connection, _PEOPLES, list(NAMESPACES))["node_id"]
    by_hand = IdentityDecisions(workspace.catalogue, workspace.clock).standing()
    theirs = [_nodes(workspace, snapshot, name) for name in names]
    old, new = (_resolution(workspace, snapshot, one, by_hand).only(human) for one in (holding, rules))
    seen = everywhere(old, new)
    node, before, after = seen.node, seen.old, seen.new
    pairs = Pairs.of(before, after)
    return Simulation(
        people_before=len(np.unique(before[before != 0])),
        people_after=len(np.unique(after[after != 0])),
        merges=len(pairs.merged),
        splits=len(pairs.split),
        nobody=len(np.unique(node[(before != 0) & (after == 0)])),
        changed=len(pairs.changed),
        largest_before=_largest(node, before),
        largest_after=_largest(node, after),
        named=tuple(
            one for some in theirs for one in _shown(workspace, pairs, node, before, before[contains(some, node)])
        ),
        examples=examples(workspace, pairs, node, before),
        audiences=affected(workspace, pairs.changed),
    )


def _nodes(workspace: Workspace, snapshot: Snapshot, name: str) -> Ints:
    """The nodes of whom a name means by the last build."""
    with workspace.connected(snapshot, "persons") as connection:
        person = find_person(workspace, connection, name)
        nodes: Ints = read(connection, _THEIRS, {"person": person})["node_id"]
    return nodes


def _resolution(workspace: Workspace, snapshot: Snapshot, rules: Rules, by_hand: Decisions) -> Resolution:
    with workspace.connected(snapshot, "nodes", "links", "persons") as connection:
        show_scope(connection, Scope(True, blocked_nodes(workspace, rules)))
        return resolved(connection, rules, by_hand)


@dataclass(frozen=True)
class Pairs:
    """Which person of before shares something with which of after; 0 = nobody."""

    before: Ints
    after: Ints

    @staticmethod
    def of(before: Ints, after: Ints) -> Pairs:
        """Each pair once."""
        return Pairs(*distinct_pairs(before, after))

    @property
    def merged(self) -> Ints:
        """People of after who are several of before."""
        return _repeated(self.after[(self.after != 0) & (self.before != 0)])

    @property
    def split(self) -> Ints:
        """People of before who are several of after."""
        return _repeated(self.before[(self.after != 0) & (self.before != 0)])

    @property
    def changed(self) -> Ints:
        """People of before, ascending."""
        is_changed = contains(self.merged, self.after) | contains(_repeated(self.before), self.before)
        is_changed |= (self.after == 0) | contains(np.unique(self.after[self.before == 0]), self.after)
        found: Ints = np.unique(self.before[is_changed & (self.before != 0)])
        return found


def _repeated(numbers: Ints) -> Ints:
    found, count = np.unique(numbers, return_counts=True)
    several: Ints = found[count > 1]
    return several


def affected(workspace: Workspace, changed: Ints) -> tuple[Affected, ...]:
    """The saved audiences of whose members by the last build some are among those who would change."""
    saved = SavedAudiences(workspace.catalogue, workspace.clock).all()[:MOST_AUDIENCES] if len(changed) else []
    readings, found = Readings(workspace), []
    try:
        for one in saved:
            people, members = _members(workspace, readings, one.lists)
            among = int(np.count_nonzero(contains(changed, np.array(members, np.int64))))
            found += [Affected(one.audience, one.name, people, among)] if among else []
    finally:
        readings.close()
    return tuple(sorted(found, key=lambda one: (-one.changed, one.audience)))


def _members(workspace: Workspace, readings: Readings, condition: str) -> tuple[int, list[int]]:
    """Nobody, where nothing was built yet or the condition names what is no more."""
    try:
        with readings.open() as (reading, _):
            chosen = audience(reading, condition, purpose=ANALYSE, check=workspace.purposes.check)
            return chosen.members(reading)
    except (NotBuiltError, ConditionError):
        return 0, []


def _largest(node: Ints, person: Ints) -> tuple[Cluster, ...]:
    return tuple(Cluster(*one) for one in _sizes(node, person, np.unique(person[person != 0]))[:MOST_LARGEST])


def _sizes(node: Ints, person: Ints, among: Ints) -> list[tuple[int, int]]:
    """Some people with the number of their identifiers, the largest first."""
    here = contains(among, person)
    held, _ = distinct_pairs(person[here], node[here])
    people, count = np.unique(held, return_counts=True)
    order = np.lexsort((people, -count))[: max(MOST_LARGEST, MOST_EXAMPLES)]
    return list(zip(people[order].tolist(), count[order].tolist(), strict=True))


def examples(workspace: Workspace, pairs: Pairs, node: Ints, before: Ints) -> tuple[Example, ...]:
    """Some of those who change, the largest first."""
    return _shown(workspace, pairs, node, before, pairs.changed)


def _shown(workspace: Workspace, pairs: Pairs, node: Ints, before: Ints, people: Ints) -> tuple[Example, ...]:
    """Some people of before, the largest first."""
    sizes = _sizes(node, before, np.unique(people[people != 0]))[:MOST_EXAMPLES]
    nodes = {person: np.unique(node[before == person])[:MOST_NAMES].tolist() for person, _ in sizes}
    known = workspace.vault.reveal([one for some in nodes.values() for one in some])
    return tuple(_example(pairs, person, size, nodes[person], known) for person, size in sizes)


def _example(pairs: Pairs, person: int, size: int, nodes: list[int], known: Mapping[int, Identifier]) -> Example:
    becomes = pairs.after[pairs.before == person]
    is_joined: NDArray[np.bool_] = contains(np.unique(becomes[becomes != 0]), pairs.after)
    others = np.setdiff1d(pairs.before[is_joined], [0, person])
    told = (known[node] for node in nodes if node in known)
    names = tuple(sorted((one.namespace, mask_value(one.value)) for one in told))
    return Example(person, tuple(becomes.tolist()), names, size, len(others))
