"""Vocabularies, categories and rates as people write them, and what is wrong with them."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from qianmian.core.messages import Message
from qianmian.unify.clean.fields import PROPERTIES
from qianmian.unify.clean.sections import Sections
from qianmian.unify.normal.rates import Rate
from qianmian.unify.normal.regions import CHINA
from qianmian.unify.normal.rules import CASES, ITEM_WORDS, WORD_FIELDS, Text, Vocabulary
from qianmian.unify.normal.units import UNITS, Units
from qianmian.unify.normal.words import WORDS, compared

MOST_VOCABULARIES, MOST_WORDS, MOST_RATES, MOST_UNITS = 200, 100_000, 10_000, 200
_CURRENCY = re.compile("[A-Z]{3}")


def text_section(read: Sections, value: object) -> Text | None:
    """How words are written; None = as they came."""
    if value is None:
        return None
    told = read.section(value, "text", ("fields", "case"))
    fields = read.some(told.get("fields"), "text.fields", len(WORD_FIELDS))
    named = [read.one_of(field, f"text.fields.{number}", WORD_FIELDS) for number, field in enumerate(fields)]
    return Text(tuple(named), read.one_of(told.get("case", Text.case), "text.case", CASES))


def words_section(read: Sections, value: object) -> tuple[Vocabulary, ...]:
    """Vocabularies, in the order in which they are asked."""
    some = read.some(value, "words", MOST_VOCABULARIES)
    return tuple(_vocabulary(read, one, f"{WORDS}{number}") for number, one in enumerate(some))


def categories_section(read: Sections, value: object) -> tuple[str, ...]:
    """The paths of the tree, each part without spaces at its ends."""
    paths = []
    for number, one in enumerate(read.some(value, "categories", MOST_WORDS)):
        parts = [part.strip() for part in read.text_of(one, f"categories.{number}").split("/")]
        if not all(parts):
            raise read.wrong(f"categories.{number}", Message("cleaning_path"), one)
        paths.append("/".join(parts))
    return tuple(paths)


def rates_section(read: Sections, value: object) -> tuple[Rate, ...]:
    """Rates by currency and date, each date once."""
    some = read.some(value, "rates", MOST_RATES)
    rates = sorted(
        (_rate(read, one, f"rates.{number}") for number, one in enumerate(some)),
        key=lambda one: (one.currency, one.since),
    )
    for one, other in pairwise(rates):
        if (one.currency, one.since) == (other.currency, other.since):
            raise read.wrong("rates", Message("cleaning_rate_twice", currency=one.currency), one.since)
    return tuple(rates)


def units_section(read: Sections, value: object) -> tuple[Units, ...]:
    """The units of properties, each property once."""
    some = read.some(value, "units", MOST_UNITS)
    found = tuple(_units(read, one, f"{UNITS}{number}") for number, one in enumerate(some))
    for number, one in enumerate(found):
        if any(one.property == other.property for other in found[:number]):
            raise read.wrong(f"{UNITS}{number}.property", Message("cleaning_units_twice"), one.property)
    return found


def _units(read: Sections, value: object, key: str) -> Units:
    told = read.section(value, key, ("property", "to", "of"))
    name = read.field(f"{PROPERTIES}{told.get('property') or ''}", f"{key}.property").removeprefix(PROPERTIES)
    to, others = read.text_of(told.get("to"), f"{key}.to"), told.get("of")
    if not isinstance(others, dict) or not 0 < len(others) <= MOST_UNITS:
        raise read.wrong(f"{key}.of", Message("cleaning_units"), Message("none") if others is None else others)
    factors = {}
    for unit, factor in others.items():
        spelled = read.text_of(unit, f"{key}.of.{unit}").strip().lower()
        if read.number(factor, f"{key}.of.{unit}") <= 0:
            raise read.wrong(f"{key}.of.{unit}", Message("cleaning_above_nothing"), factor)
        factors[spelled] = float(factor)
    return Units(name, to, tuple(factors.items()))


def _vocabulary(read: Sections, value: object, key: str) -> Vocabulary:
    told = read.section(value, key, ("field", "source", "words"))
    field = read.one_of(told.get("field"), f"{key}.field", WORD_FIELDS)
    source = read.text_of(told["source"], f"{key}.source") if "source" in told else ""
    if source and field not in ITEM_WORDS:
        raise read.wrong(f"{key}.source", Message("cleaning_no_source", fields=list(ITEM_WORDS)), source)
    if told.get("words") == CHINA and field == "region":
        return Vocabulary(field, source, comes_with=CHINA)
    return Vocabulary(field, source, _words(read, field, told.get("words"), f"{key}.words"))


def _words(read: Sections, field: str, value: object, key: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict) or not 0 < len(value) <= MOST_WORDS:
        expected = Message("cleaning_words", most=MOST_WORDS)
        raise read.wrong(key, expected, Message("none") if value is None else value)
    leads: dict[str, str] = {}
    found = []
    for word, others in value.items():
        read.text_of(word, f"{key}.{word}")
        raws = [
            read.text_of(raw, f"{key}.{word}.{number}")
            for number, raw in enumerate(read.some(others, f"{key}.{word}", MOST_WORDS))
        ]
        for raw in (word, *raws):
            same = compared(field, raw)
            if not same or leads.setdefault(same, word) != word:
                expected = Message("cleaning_word_once", word=leads.get(same, word))
                raise read.wrong(f"{key}.{word}", expected, raw)
        found.append((word, tuple(raws)))
    return tuple(found)


def _rate(read: Sections, value: object, key: str) -> Rate:
    told = read.section(value, key, ("currency", "rate", "since"))
    currency = told.get("currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise read.wrong(f"{key}.currency", Message("want_currency"), Message("none") if currency is None else currency)
    rate = read.number(told.get("rate"), f"{key}.rate")
    if not 1e-8 <= rate <= 1e8:
        raise read.wrong(f"{key}.rate", Message("cleaning_rate"), told["rate"])
    return Rate(currency, rate, _on(read, told.get("since"), f"{key}.since"))


def _on(read: Sections, value: object, key: str) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise read.wrong(key, Message("misfit_date"), Message("none") if value is None else value) from None
