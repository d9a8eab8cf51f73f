"""From a bound tree to one SQL query with bound values.

It reads relations that the caller provides under these names:

* ``profiles(person_id, <tag columns>)``: one row a person.
* ``history(person_id, happened_on, event, line, event_key, <columns of the history fields>)``: one row a product of an
  event, and one for an event without products. ``happened_on`` is the local date; ``event`` and the coded columns
  hold codes; exactly one row of an event has ``line = 0``; every row repeats what is true of the whole event.
* for each ``sequence(…)`` a relation with the ``person_id`` of who did so: see `qianmian.query.sequence`; for each
  ``audience(…)`` whose people are kept, and each ``journey(…)``, one of them.
* ``ties(person_id, other_id, kind, direction)``: every tie under both of its people, in any number of rows, and
  ``closeness(person_id, other_id, strength)``: how close they are by all of them.

All ``did(…)`` of a condition are counted by one grouped scan of history, which is joined to the profiles. Without a
filter on a product, only rows with ``line = 0`` are counted; with one, distinct events with a matching row.

Truth has two values. SQL's third one never shows: a comparison on NULL is not true, ``not`` is compiled to
``IS NOT TRUE``, and ``and`` and ``or`` of such terms need no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from qianmian.core.tables import Type
from qianmian.query.bind import Field, bind
from qianmian.query.compiled import Compiled, Walked, joined
from qianmian.query.fields import HistoryField, Vocabulary
from qianmian.query.parts import expanded, leaves_of, terms_of
from qianmian.query.tree import (
    And,
    Atom,
    Between,
    Compare,
    Contains,
    Did,
    Friends,
    In,
    IsNull,
    Journey,
    Member,
    Not,
    Operator,
    Or,
    Sequence,
    Tree,
    Value,
    Within,
)
from qianmian.query.walk import circles, counted, walk

NO_CODE = -1  # codes are not negative, so no row equals it


def compile_audience(
    tree: Tree, vocabulary: Vocabulary, *, today: date, purpose: str, check: Callable[[str], None]
) -> Compiled:
    """The query for the ``person_id`` of everybody who meets a condition.

    Args:
        tree: the condition, bound or not.
        vocabulary: what it can name.
        today: the local date on which windows end; nothing later counts.
        purpose: what the people are looked up for.
        check: is called first with the purpose, and raises `PurposeError` if it is not allowed.

    Raises:
        PurposeError: from `check`.
        ConditionError: see `bind`.
    """
    check(purpose)
    bound = expanded(bind(tree, vocabulary))
    found = _named(bound)
    return replace(_People(vocabulary, today, found).query(bound), sequences=_walked(found))


def compile_parts(
    parts: Iterable[Tree], vocabulary: Vocabulary, *, today: date, purpose: str, check: Callable[[str], None]
) -> Compiled:
    """The query for everybody's ``person_id`` with ``part0``, ``part1`` …: whether they meet each of some conditions.

    All are told by the one scan of history; see `compile_audience`.
    """
    check(purpose)
    bound = [expanded(bind(part, vocabulary)) for part in parts]
    found = _named(Or(tuple(bound)))
    return replace(_People(vocabulary, today, found).each(bound), sequences=_walked(found))


def _named(tree: Tree) -> dict[Walked, str]:
    """A name for the people of each sequence and journey, and of each audience that is kept."""
    return {sequence: f"s{number}" for number, sequence in enumerate(dict.fromkeys(_sequences(tree)))}


def _walked(named: dict[Walked, str]) -> tuple[tuple[str, Sequence | Member | Journey], ...]:
    return tuple((name, sequence) for sequence, name in named.items())


def _sequences(tree: Tree) -> Iterable[Walked]:
    """Those of a tree, also of people tied to somebody: who they are is found before the query runs."""
    if isinstance(tree, Sequence | Member | Journey):
        yield tree
    for term in terms_of(tree):
        yield from _sequences(term)


@dataclass(frozen=True)
class _People:
    """Compiles a bound tree; what is counted of each person comes before the question, one relation a count."""

    vocabulary: Vocabulary
    today: date
    sequences: dict[Walked, str]

    def query(self, tree: Tree) -> Compiled:
        """The ``person_id`` of who meets a condition."""
        return self.over(tree, lambda where: where(tree), "SELECT p.person_id FROM {people} WHERE {said}")

    def each(self, parts: list[Tree]) -> Compiled:
        """Everybody's ``person_id``, and of each part whether they meet it."""

        def columns(where: Callable[[Tree], Compiled]) -> Compiled:
            met = (where(part) for part in parts)
            named = (Compiled(f"({part.sql}) AS part{number}", part.values) for number, part in enumerate(met))
            return joined(named, ", ", "{}")

        return self.over(Or(tuple(parts)), columns, "SELECT p.person_id, {said} FROM {people}")

    def over(self, tree: Tree, said: Callable[[Callable[[Tree], Compiled]], Compiled], select: str) -> Compiled:
        """A SELECT from everybody, joined with what is counted for a tree, that says something of its terms."""
        tallies, social = _tallies(tree), circles(tree)
        told = said(_Asked(self.vocabulary, tallies, social, self.sequences).where)
        scan = {"tallies": _Scan(self.vocabulary, self.today).query(list(tallies.values()))} if tallies else {}
        walks = {name: walk(term, self.query(term.term)) for term, name in social.items()}
        before = scan | walks
        joins = "".join(f" LEFT JOIN {name} ON {name}.person_id = p.person_id" for name in before)
        sql = select.format(people=f"profiles AS p{joins}", said=told.sql)
        if before:
            sql = f"WITH {', '.join(f'{name} AS ({part.sql})' for name, part in before.items())} {sql}"
        return Compiled(
            sql,
            tuple(value for part in (*before.values(), told) for value in part.values),
            reads_history=bool(tallies) or any(walked.reads_history for walked in walks.values()),
            reads_ties=bool(walks),
        )


@dataclass(frozen=True)
class _Tally:
    """A number of events that one or more ``did(…)`` compare.

    Attributes:
        did: what is counted; its comparison is left at the default.
        column: the column that holds the number.
        needs_number: whether more is asked than "none or some", for which rows need not be told from events.
    """

    did: Did
    column: str
    needs_number: bool


def _tallies(tree: Tree) -> dict[Did, _Tally]:
    """The tallies of a tree by what they count: two comparisons of one number share it."""
    tallies: dict[Did, _Tally] = {}
    for did in _dids(tree):
        what = _counted(did)
        before = tallies.get(what, _Tally(what, f"n{len(tallies)}", needs_number=False))
        tallies[what] = replace(before, needs_number=before.needs_number or not _asks_some_or_none(did))
    return tallies


def _dids(tree: Tree) -> Iterable[Did]:
    """Those of the people themselves, not of those tied to them."""
    return (leaf for leaf in leaves_of(tree) if isinstance(leaf, Did))


def _counted(did: Did) -> Did:
    return replace(did, operator=Operator.AT_LEAST, count=1)


def _asks_some_or_none(did: Did) -> bool:
    if did.count == 0:
        return True
    return did.count == 1 and did.operator in {Operator.AT_LEAST, Operator.LESS}


@dataclass(frozen=True)
class _Asked:
    """Compiles what is asked of a row of profiles joined with its counts."""

    vocabulary: Vocabulary
    tallies: dict[Did, _Tally]
    circles: dict[Friends | Within, str]
    sequences: dict[Walked, str]

    def where(self, tree: Tree) -> Compiled:
        match tree:
            case And(terms):
                return joined(map(self.where, terms), " AND ")
            case Or(terms):
                return joined(map(self.where, terms), " OR ")
            case Not(term):
                inner = self.where(term)
                return Compiled(f"({inner.sql}) IS NOT TRUE", inner.values)
            case Did(operator=operator, count=count):
                column = self.tallies[_counted(tree)].column
                return Compiled(f"coalesce(tallies.{column}, 0) {operator} ?", (count,))
            case Sequence() | Friends() | Within() | Member() | Journey():
                return self.call(tree)
            case _:
                named = self.vocabulary.tag[tree.name]
                return _compare(tree, f'p."{named.name}"', lambda value: _bindable(value, named))

    def call(self, call: Walked | Friends | Within) -> Compiled:
        match call:
            case Sequence() | Member() | Journey():
                return Compiled(f"p.person_id IN (FROM {self.sequences[call]})")
            case Within():
                return Compiled(f"{self.circles[call]}.person_id IS NOT NULL")
            case Friends(operator=operator, count=count):
                return Compiled(f"coalesce({self.circles[counted(call)]}.people, 0) {operator} ?", (count,))


@dataclass(frozen=True)
class _Scan:
    """Compiles the one scan of history that counts every tally."""

    vocabulary: Vocabulary
    today: date

    def query(self, tallies: list[_Tally]) -> Compiled:
        """The numbers of all tallies, one row a person who may have some."""
        rows = [self.rows(tally.did) for tally in tallies]
        where = rows[0] if len(rows) == 1 else self.covering([tally.did for tally in tallies])
        if not any(tally.needs_number and self.reads_lines(tally.did) for tally in tallies):
            columns = _columns("count(*) FILTER (WHERE {})", rows, tallies)
            sql = f"SELECT h.person_id, {columns.sql} FROM history AS h WHERE {where.sql} GROUP BY h.person_id"
            return Compiled(sql, columns.values + where.values)
        # Many count(DISTINCT …) in one query are several times slower, and slow even to plan.
        flags = _columns("bool_or({})", rows, tallies)
        numbers = _columns("count(*) FILTER (WHERE {})", [Compiled(f"e.{tally.column}") for tally in tallies], tallies)
        sql = (
            f"SELECT e.person_id, {numbers.sql} FROM (SELECT h.person_id, h.event_key, {flags.sql} FROM history AS h "
            f"WHERE {where.sql} GROUP BY h.person_id, h.event_key) AS e GROUP BY e.person_id"
        )
        return Compiled(sql, flags.values + where.values)

    def rows(self, did: Did) -> Compiled:
        """The rows that a tally counts."""
        dated = Compiled(
            "h.event = ? AND h.happened_on BETWEEN ? AND ?", (self.code(did), *did.window.dates(self.today))
        )
        whole = [] if self.reads_lines(did) else [Compiled("h.line = 0")]
        return joined([dated, *whole, *map(self.filter, did.filters)], " AND ", "{}")

    def covering(self, dids: list[Did]) -> Compiled:
        """Rows that any tally may count, told so simply that whole row groups are skipped."""
        windows = [did.window.dates(self.today) for did in dids]
        marks = ", ".join("?" * len(dids))
        whole = "" if any(map(self.reads_lines, dids)) else " AND h.line = 0"
        values = (*map(self.code, dids), min(start for start, _ in windows), max(end for _, end in windows))
        return Compiled(f"h.event IN ({marks}) AND h.happened_on BETWEEN ? AND ?{whole}", values)

    def reads_lines(self, did: Did) -> bool:
        return any(self.vocabulary.filter[atom.name].line for atom in did.filters)

    def code(self, did: Did) -> int:
        return _code(self.vocabulary, "event", did.event)

    def filter(self, atom: Atom) -> Compiled:
        named = self.vocabulary.filter[atom.name]
        return _compare(atom, f'h."{named.column}"', lambda value: self.bindable(value, named))

    def bindable(self, value: Value, named: HistoryField) -> object:
        return _code(self.vocabulary, named.column, str(value)) if named.coded else _bindable(value, named)


def _code(vocabulary: Vocabulary, column: str, text: str) -> int:
    """The code of a text; a text that never occurred gets one that no row has."""
    code = vocabulary.code_of(column, text)
    return NO_CODE if code is None else code


def _compare(atom: Atom, column: str, bindable: Callable[[Value], object]) -> Compiled:
    match atom:
        case Compare(_, operator, value):
            return Compiled(f"{column} {operator} ?", (bindable(value),))
        case In(_, values):
            return Compiled(f"{column} IN ({', '.join('?' * len(values))})", tuple(map(bindable, values)))
        case Between(_, low, high):
            return Compiled(f"{column} BETWEEN ? AND ?", (bindable(low), bindable(high)))
        case IsNull():
            return Compiled(f"{column} IS NULL")
        case Contains(_, text):
            return Compiled(f"contains({column}, ?)", (bindable(text),))


def _bindable(value: Value, named: Field) -> object:
    """The value as the engine compares it fastest with the column: money stays decimal."""
    if not isinstance(value, Decimal) or named.type is Type.MONEY:
        return value
    if named.type is Type.NUMBER:
        return float(value)
    return int(value) if value == int(value) else value


def _columns(aggregate: str, arguments: list[Compiled], tallies: list[_Tally]) -> Compiled:
    """One aggregate a tally, under the tally's name."""
    named = [
        Compiled(f"{aggregate.format(argument.sql)} AS {tally.column}", argument.values)
        for argument, tally in zip(arguments, tallies, strict=True)
    ]
    return joined(named, ", ", "{}")
