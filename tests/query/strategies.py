"""Random conditions and random shops, small enough that their values often meet."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from qianmian.core.tables import Type
from qianmian.query.fields import NUMBERS, ORDERED, HistoryField, TagField
from qianmian.query.tree import (
    DIRECTIONS,
    MAX_HOPS,
    STAGES,
    And,
    Between,
    Compare,
    Contains,
    Did,
    Friends,
    In,
    IsNull,
    Journey,
    Not,
    Operator,
    Or,
    Sequence,
    Tied,
    Within,
)
from qianmian.query.window import EVER, Dates, Last
from tests.query.vocabulary import CATEGORIES, CHANNELS, EVENTS, TAGS, TIE_KINDS, TODAY, UNSEEN_EVENT, VOCABULARY

TEXTS = ("杭州", "福州", "州", "", "a'b", "a\0b", "%")
DAYS = st.integers(-3, 12).map(lambda back: TODAY - timedelta(days=back))
INSTANTS = st.tuples(DAYS, st.integers(0, 3)).map(lambda at: datetime.combine(at[0], time(6 * at[1]), UTC))
VALUES = {
    Type.TEXT: st.sampled_from(TEXTS),
    Type.MONEY: st.sampled_from([Decimal(text) for text in ("-1", "0", "0.1", "499.9999", "500", "500.0001")]),
    Type.INTEGER: st.integers(-1, 4),
    Type.NUMBER: st.sampled_from([0.1, 0.3, 0.5, 1.0]),
    Type.FLAG: st.booleans(),
    Type.DATE: DAYS,
    Type.INSTANT: DAYS.map(lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)),
}
NUMERALS = st.sampled_from([Decimal(text) for text in ("-1", "0", "0.1", "0.3", "1", "2", "2.5", "500", "500.0001")])
OPERATORS = st.sampled_from(list(Operator))
EQUALITY = st.sampled_from([Operator.EQUAL, Operator.UNEQUAL])


def literals(named):
    if named.type in NUMBERS:
        return NUMERALS
    if isinstance(named, TagField) and named.values:
        return st.sampled_from(named.values)
    if named.name == "category":
        return st.sampled_from([*CATEGORIES, "never seen"])
    if named.name == "channel":
        return st.sampled_from([*CHANNELS, "never seen"])
    return VALUES[named.type]


def atoms(named):
    values = literals(named)
    kinds = [
        st.builds(Compare, st.just(named.name), OPERATORS if named.type in ORDERED else EQUALITY, values),
        st.builds(In, st.just(named.name), st.lists(values, min_size=1, max_size=3).map(tuple)),
        st.just(IsNull(named.name)),
    ]
    if named.type in ORDERED:
        ranges = st.lists(values, min_size=2, max_size=2).map(sorted)
        kinds.append(ranges.map(lambda ends: Between(named.name, ends[0], ends[1])))
    if named.type is Type.TEXT and not (isinstance(named, HistoryField) and named.coded):
        kinds.append(st.sampled_from([text for text in TEXTS if text]).map(lambda text: Contains(named.name, text)))
    return st.one_of(kinds)


def date_windows(ends):
    start, end = ends
    return Dates(start, max(start, end) if start and end else end)


WINDOWS = st.one_of(
    st.integers(1, 10).map(Last),
    st.tuples(st.none() | DAYS, st.none() | DAYS).map(date_windows),
)
DIDS = st.builds(
    Did,
    event=st.sampled_from([*EVENTS, EVENTS[1], EVENTS[1], UNSEEN_EVENT]),
    filters=st.lists(st.sampled_from(VOCABULARY.history).flatmap(atoms), max_size=2).map(tuple),
    window=WINDOWS,
    operator=OPERATORS,
    count=st.integers(0, 3),
)


STRENGTHS = st.sampled_from([Decimal(text) for text in ("0", "0.25", "0.5", "1")])
TIED = st.builds(
    Tied,
    kinds=st.lists(st.sampled_from(TIE_KINDS), max_size=2, unique=True).map(tuple),
    direction=st.none() | st.sampled_from(DIRECTIONS),
    strength=st.none() | STRENGTHS,
)


CODED = [field for field in VOCABULARY.history if field.coded]
STEPS = st.builds(
    Did,
    event=st.sampled_from([*EVENTS, EVENTS[1], UNSEEN_EVENT]),
    filters=st.lists(st.sampled_from(CODED).flatmap(atoms), max_size=1).map(tuple),
)
SEQUENCES = st.builds(
    Sequence,
    steps=st.lists(STEPS, min_size=2, max_size=4).map(tuple),
    seconds=st.none() | st.sampled_from([3_600, 86_400, 7 * 86_400]),
    window=st.just(EVER) | WINDOWS,
)


def nested(trees):
    terms = st.lists(trees, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        terms.map(And),
        terms.map(Or),
        trees.map(Not),
        st.builds(Friends, trees, TIED, OPERATORS, st.integers(0, 3)),
        st.builds(Within, trees, st.integers(1, MAX_HOPS), TIED),
    )


JOURNEYS = st.builds(
    Journey,
    category=st.sampled_from(CATEGORIES),
    stages=st.lists(st.sampled_from(STAGES), min_size=1, max_size=3, unique=True).map(tuple),
    days=st.integers(0, 3),
)
LEAVES = st.one_of(st.sampled_from(TAGS).flatmap(atoms), DIDS, SEQUENCES, JOURNEYS)
TREES = st.recursive(LEAVES, nested, max_leaves=6)

PEOPLE = st.lists(
    st.fixed_dictionaries({tag.name: st.none() | (literals(tag) if tag.values else VALUES[tag.type]) for tag in TAGS}),
    min_size=1,
    max_size=6,
).map(lambda rows: [{"person_id": number, **row} for number, row in enumerate(rows, 1)])

EVENT = st.fixed_dictionaries(
    {
        "person_id": st.integers(1, 4),
        "occurred_at": INSTANTS,
        "event": st.sampled_from([*EVENTS, EVENTS[1], EVENTS[1]]),
        "channel": st.none() | st.sampled_from(CHANNELS),
        "amount": st.none() | VALUES[Type.MONEY],
        "remark": st.none() | VALUES[Type.TEXT],
    }
)
PRODUCTS = st.lists(st.none() | st.sampled_from(CATEGORIES), min_size=1, max_size=3)


def rows(events):
    """One row a product of each event; an event without products is the same as one with an unknown product."""
    return [
        {**event, "happened_on": event["occurred_at"].date(), "event_key": key, "line": line, "category": category}
        for key, (event, products) in enumerate(events)
        for line, category in enumerate(products)
    ]


HISTORY = st.lists(st.tuples(EVENT, PRODUCTS), max_size=12).map(rows)

#: Who did something to whom; two people may be tied several times, and are as close as the first of these says.
PAIR = st.lists(st.integers(1, 6), min_size=2, max_size=2, unique=True)


def tied_pairs(rows):
    close = {}
    return [
        {
            "from": one,
            "to": other,
            "kind": kind,
            "strength": close.setdefault(frozenset((one, other)), float(strength)),
        }
        for (one, other), kind, strength in rows
    ]


TIES = st.lists(st.tuples(PAIR, st.sampled_from(TIE_KINDS), STRENGTHS), max_size=10).map(tied_pairs)
