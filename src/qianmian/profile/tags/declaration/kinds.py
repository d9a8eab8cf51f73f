"""Each kind of tag that can be declared: which keys it has, and what they make."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qianmian.core.messages import Message
from qianmian.core.tables import Type
from qianmian.profile.tags.basic import RFM_SEGMENTS
from qianmian.profile.tags.declaration.arithmetic import arithmetic
from qianmian.profile.tags.declaration.reader import Entry
from qianmian.profile.tags.declaration.terms import OF_PRODUCTS, Term, condition, counted, text_sql
from qianmian.profile.tags.declare import Kind, Tag
from qianmian.profile.tags.formulas import (
    VALUES,
    AgainstMeans,
    Formula,
    Kept,
    Money,
    OnDate,
    Queried,
    Quintile,
    Ranked,
    Stated,
    Written,
)
from qianmian.profile.tags.partial import DIMENSIONS, Condition, Fold, Partial

MOST_PARTS, LONGEST_TRAIT, LONGEST_SELECT = 100, 40, 5_000
_FOLDS = {
    "money": Fold.SUM,
    "largest": Fold.LARGEST,
    "smallest": Fold.SMALLEST,
    "days": Fold.DAYS,
    "sessions": Fold.SESSIONS,
}
_MONEY = {Fold.SUM, Fold.LARGEST, Fold.SMALLEST}
#: What is known of a whole event: an order's money is not that of its products, and a session begins with an event.
_WHOLE_EVENTS = {*_MONEY, Fold.SESSIONS}
_ROWS = ("events", "where", "last")


@dataclass(frozen=True)
class Made:
    """What a kind makes of its keys: see `Tag`."""

    type: Type
    needs: tuple[Partial, ...]
    formula: Formula
    uses: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    confidence: str = ""


@dataclass(frozen=True)
class Declared:
    """A kind of tag: the keys that it has beside those of every tag, and what makes it."""

    keys: tuple[str, ...]
    make: Callable[[Entry], Made]


def _statistic(entry: Entry) -> Made:
    of = entry.choice("of", ("count", "distinct", *_FOLDS), "count")
    if of == "count":
        return _whole(counted(entry.events("events"), entry.days("last"), entry.where("where")))
    if of == "distinct":
        by = entry.choice("by", tuple(DIMENSIONS))
        return _whole(Partial(_rows(entry, by), Fold.DISTINCT, by))
    fold = _FOLDS[of]
    if fold in _WHOLE_EVENTS and any(one.field in OF_PRODUCTS for one in entry.where("where")):
        raise entry.wrong("where", Message("tag_whole_where"))
    need = Partial(_rows(entry, as_money=fold is Fold.SUM), fold)
    return Made(Type.MONEY, (need,), Money(need)) if fold in _MONEY else _whole(need)


def _rows(entry: Entry, by: str = "", *, as_money: bool = False) -> Condition:
    """The rows that an entry takes: what tells of products takes each product of an event."""
    events, where, days = entry.events("events"), entry.where("where"), entry.days("last")
    lines = by in OF_PRODUCTS or any(one.field in OF_PRODUCTS for one in where)
    return condition(events, days, where, lines=lines, as_money=as_money and days is not None)


def _whole(need: Partial) -> Made:
    return Made(Type.INTEGER, (need,), Kept(need))


def _first_last(entry: Entry) -> Made:
    is_first = entry.choice("take", ("first", "last")) == "first"
    of = entry.choice("of", ("instant", "date", *DIMENSIONS), "date")
    if of in DIMENSIONS:
        need = Partial(_rows(entry, of), Fold.FIRST if is_first else Fold.LAST, of)
        return Made(Type.INTEGER if of == "hour" else Type.TEXT, (need,), Kept(need))
    need = Partial(_rows(entry), Fold.FIRST_AT if is_first else Fold.LAST_AT)
    if of == "date":
        return Made(Type.DATE, (need,), OnDate(need))
    return Made(Type.INSTANT, (need,), Kept(need))


def _preference(entry: Entry) -> Made:
    by, half_life = entry.choice("by", tuple(DIMENSIONS)), entry.days("half_life")
    need = Partial(_rows(entry, by), Fold.TOP, by, float(half_life) if half_life else None)
    kind = Type.INTEGER if by == "hour" else Type.TEXT
    return Made(kind, (need,), Kept(need), confidence=f"{need.name}_share")


def _layers(entry: Entry) -> Made:
    cases = [(str(value), entry.term(f"layers.{at}.when", when)) for at, (value, when) in enumerate(entry.layers())]
    otherwise = entry.text("otherwise", required=False)
    values = tuple(dict.fromkeys([*(value for value, _ in cases), *([otherwise] if otherwise else [])]))
    return _first_match(entry, cases, otherwise, values)


def _first_match(entry: Entry, cases: list[tuple[str, Term]], otherwise: str, values: tuple[str, ...]) -> Made:
    whens = " ".join(f"WHEN {term.sql} THEN {text_sql(value)}" for value, term in cases)
    sql = f"CASE {whens} ELSE {text_sql(otherwise) if otherwise else 'NULL'} END"
    told = [Message("tag_case", value=_title(value), tests=[term.text]) for value, term in cases]
    said = Message("tag_first_match", cases=told, otherwise=_title(otherwise) if otherwise else Message("none"))
    uses = tuple(dict.fromkeys(name for _, term in cases for name in term.uses))
    needs = tuple(need for _, term in cases for need in term.needs)
    return Made(Type.TEXT, entry.needs_with(needs, uses), Written(sql, said), uses, values)


def _rfm(entry: Entry) -> Made:
    """Eight segments by three conditions, in the order of `RFM_SEGMENTS`."""
    spending, recent, frequent = (entry.term(name, entry.text(name)) for name in ("spending", "recent", "frequent"))
    sql = (
        f"CASE WHEN {spending.sql} THEN 'important' ELSE 'general' END || "
        f"CASE WHEN ({recent.sql}) AND ({frequent.sql}) THEN '_value' WHEN {recent.sql} THEN '_develop' "
        f"WHEN {frequent.sql} THEN '_keep' ELSE '_retain' END"
    )
    said = Message("tag_rfm", spending=spending.text, recent=recent.text, frequent=frequent.text)
    terms = spending, recent, frequent
    uses = tuple(dict.fromkeys(name for term in terms for name in term.uses))
    needs = entry.needs_with(tuple(need for term in terms for need in term.needs), uses)
    return Made(Type.TEXT, needs, Written(sql, said), uses, RFM_SEGMENTS)


def _combination(entry: Entry) -> Made:
    text = entry.text("value")
    made = entry.asked("value", lambda: arithmetic(text, entry.known))
    kind = Type[entry.choice("type", ("number", "integer", "money"), "number").upper()]
    sql = f"round({made.sql})" if kind is Type.INTEGER else made.sql
    said = Message("tag_combination", text=made.text)
    return Made(kind, entry.needs_with((), made.uses), Written(sql, said), made.uses)


def _ranking(entry: Entry) -> Made:
    """People are ranked by what is known of each alone: a rank of ranks would need a build of its own."""
    of, among = entry.tag("of"), entry.text("among", required=False)
    if of.type not in (Type.INTEGER, Type.MONEY) or rests_on_others(of, entry.known):
        raise entry.wrong("of", Message("tag_ranked_by"), of.name)
    term = entry.term("among", among) if among else None
    uses = tuple(dict.fromkeys((of.name, *(term.uses if term else ()))))
    if any(rests_on_others(entry.known[name], entry.known) for name in uses):
        raise entry.wrong("among", Message("tag_ranked_by"), among)
    whole = f"floor({of.name})::BIGINT"
    measure = f"CASE WHEN {term.sql} THEN {whole} END" if term else whole
    parts = entry.number("parts", MOST_PARTS, 10)
    falling = entry.flag("falling")
    formula = Ranked(entry.name, of.name, parts, f"-({measure})" if falling else measure, falling)
    return Made(Type.INTEGER, entry.needs_with(term.needs if term else (), uses), formula, uses)


def _import(entry: Entry) -> Made:
    """What sources state of a person: a trait, by the fact rules."""
    trait = entry.text("trait", most=LONGEST_TRAIT)
    kind = Type[entry.choice("type", ("text", "integer", "number"), "text").upper()]
    return Made(kind, (), Stated(entry.name, trait), confidence=f"stated_{entry.name}_confidence")


def _sql(entry: Entry) -> Made:
    """A SELECT over ``profiles`` and ``history``; whether it may be said is for the sandbox to tell."""
    select = entry.text("select", most=LONGEST_SELECT)
    words = set(re.findall("[a-z][a-z0-9_]*", select.lower()))
    uses = tuple(name for name in entry.known if name in words)
    if others := [name for name in uses if isinstance(entry.known[name].formula, Queried)]:
        raise entry.wrong("select", Message("tag_sql_of_sql"), others[0])
    kind = Type[entry.choice("type", ("text", "integer", "number", "money", "date"), "text").upper()]
    formula = Queried(entry.name, select, "history" in words)
    return Made(kind, entry.needs_with((), uses), formula, uses)


def rests_on_others(tag: Tag, known: Mapping[str, Tag]) -> bool:
    """Whether a tag's value depends on more than what one person did."""
    if isinstance(tag.formula, Ranked | Quintile | AgainstMeans | Stated | Queried):
        return True
    return any(rests_on_others(known[name], known) for name in tag.uses)


def _title(value: str) -> Message | str:
    return VALUES.get(value, value)


KINDS: Mapping[Kind, Declared] = {
    Kind.STATISTIC: Declared(("of", "by", *_ROWS), _statistic),
    Kind.FIRST_LAST: Declared(("take", "of", *_ROWS), _first_last),
    Kind.PREFERENCE: Declared(("by", "half_life", *_ROWS), _preference),
    Kind.RULE: Declared(("layers", "otherwise"), _layers),
    Kind.LIFECYCLE: Declared(("layers", "otherwise"), _layers),
    Kind.COMBINATION: Declared(("value", "type"), _combination),
    Kind.RANKING: Declared(("of", "parts", "falling", "among"), _ranking),
    Kind.IMPORT: Declared(("trait", "type"), _import),
    Kind.SQL: Declared(("select", "type"), _sql),
    Kind.RFM: Declared(("recent", "frequent", "spending"), _rfm),
}


def make(kind: Kind, entry: Entry) -> Made:
    """What an entry of a kind makes.

    Raises:
        RulesError: a key is wrong.
    """
    declared = KINDS[kind]
    entry.check_keys(declared.keys)
    return declared.make(entry)
