"""Reads a mapping file (YAML) into a `Mapping`; every complaint names the file, the key and what was expected."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable
from typing import Any, TypeVar
from zoneinfo import available_timezones

from qianmian.collect import strict_yaml
from qianmian.collect.imports.mapping import (
    CONTEXT_FIELDS,
    EVENT_FIELDS,
    ITEM_FIELDS,
    LINE_FIELDS,
    REQUIRED,
    Cells,
    Constant,
    Epoch,
    First,
    Format,
    FromColumn,
    Grain,
    Joined,
    Mapping,
    Otherwise,
    Products,
    Properties,
    Rule,
    Spec,
    Test,
)
from qianmian.core.errors import MappingError
from qianmian.core.messages import Message
from qianmian.core.people import NAMESPACES
from qianmian.privacy.details import DETAIL_FIELDS

MOST_BYTES = 256 * 1024
_TOP = (
    *("source", "grain", "format", "time_zone", "encoding", "delimiter", "header"),
    *("skip", "records", "cells", "marks"),
    *("event", "identifiers", "match", "products", "properties", "item", "attributes", "partial", "context"),
)
_OF_EVENTS = frozenset({"event", "identifiers", "products", "properties"})
#: The sections that say what one kind of row becomes.
_SECTIONS = {
    Grain.EVENT: _OF_EVENTS | {"match"},
    Grain.LINE: _OF_EVENTS,
    Grain.ITEM: frozenset({"item", "attributes", "partial"}),
    Grain.CONTEXT: frozenset({"context", "attributes"}),
}
#: Where the fields of rows that are no events stand, and which there are.
_FIELDS = {Grain.ITEM: ("item", ITEM_FIELDS), Grain.CONTEXT: ("context", CONTEXT_FIELDS)}
_SPEC_KEYS = {
    "column",
    "value",
    "columns",
    "join",
    "first",
    "map",
    "otherwise",
    "format",
    "epoch",
    "when",
    "then",
    "without",
    "parameter",
}
_MOST_SKIPPED = 1000
_Choice = TypeVar("_Choice", Grain, Format, Cells, Otherwise, Epoch, Test)


def read_mapping(text: str, name: str | Message) -> Mapping:
    """Parse and check a mapping.

    Args:
        text: the YAML.
        name: what messages call it, such as the file's name.

    Raises:
        MappingError: the first thing that is wrong, with file, key, expectation and near names.
    """
    return _Reader(name).mapping(text)


def near(word: str, known: Iterable[str]) -> Message:
    """A hint with the nearest known names, or all of them if none is near."""
    names = list(known)
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    return Message("did_you_mean", names=close) if close else Message("known", names=names[:40])


class _Reader:
    def __init__(self, name: str | Message) -> None:
        self.name = name

    def wrong(self, key: str, expected: Message, got: object = None, hint: Message | None = None) -> MappingError:
        told = {"file": self.name, "key": key, "expected": expected, "hint": hint or ""}
        return (
            MappingError("mapping_key", **told) if got is None else MappingError("mapping_key_got", **told, given=got)
        )

    def mapping(self, text: str) -> Mapping:
        top = self._load(text)
        self._known(top, _TOP, "")
        source = self._text(top, "source", "")
        if not re.fullmatch(r"[a-z0-9_-]{1,64}", source):
            raise self.wrong("source", Message("mapping_source"), source)
        grain = self._choice(Grain, top.get("grain", "event"), "grain")
        identifiers = self._specs(top, "identifiers", NAMESPACES)
        match = self._specs(top, "match", DETAIL_FIELDS)
        self._fit(top, grain)
        return Mapping(
            source=source,
            grain=grain,
            format=self._choice(Format, top.get("format"), "format"),
            time_zone=self._zone(top),
            encoding=self._text(top, "encoding", "utf-8"),
            delimiter=self._delimiter(top),
            header=self._names(top["header"], "header") if "header" in top else (),
            skip=self._skip(top),
            records=self._text(top, "records", ""),
            cells=self._choice(Cells, top.get("cells", "plain"), "cells"),
            marks=self._text(top, "marks", ""),
            is_partial=self._yes(top, "partial"),
            fields=self._fields(top, grain),
            identifiers=identifiers,
            match=match,
            products=self._products(top, grain),
            properties=self._properties(top, "attributes" if "attributes" in _SECTIONS[grain] else "properties"),
            digest=hashlib.sha256(repr(top).encode()).hexdigest()[:16],
        )

    def _load(self, text: str) -> dict[str, Any]:
        if len(text.encode()) > MOST_BYTES:
            raise self.wrong("file", Message("mapping_too_large", most=MOST_BYTES // 1024), len(text))
        try:
            top = strict_yaml.load(text)
        except ValueError as error:
            raise self.wrong("file", Message("mapping_no_yaml", why=str(error))) from None
        if not isinstance(top, dict):
            hint = Message("mapping_start", keys=[f"{key}:" for key in _TOP[:3]])
            raise self.wrong("file", Message("mapping_keys_and_values"), hint=hint)
        return top

    def _known(self, section: dict[str, Any], known: Iterable[str], path: str) -> None:
        names = list(known)
        for key in section:
            if key not in names:
                raise self.wrong(f"{path}{key}", Message("mapping_unknown_key"), hint=near(str(key), names))

    def _fit(self, top: dict[str, Any], grain: Grain) -> None:
        """Each kind of row has sections of its own; what would be passed over without a word is refused."""
        own = _SECTIONS[grain]
        strange = sorted(key for sections in _SECTIONS.values() for key in sections - own if key in top)
        if strange:
            raise self.wrong(strange[0], Message("mapping_other_grain", grain=grain.value, sections=sorted(own)))

    def _text(self, section: dict[str, Any], key: str, default: str) -> str:
        value = section.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, Message("misfit_text"), value)
        return value

    def _yes(self, section: dict[str, Any], key: str) -> bool:
        value = section.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, Message("misfit_flag"), value)
        return value

    def _choice(self, kind: type[_Choice], value: object, key: str) -> _Choice:
        known = [member.value for member in kind]
        if value not in known:
            raise self.wrong(key, Message("mapping_choice", choices=known), Message("none") if value is None else value)
        return kind(value)

    def _zone(self, top: dict[str, Any]) -> str:
        zone = self._text(top, "time_zone", "")
        if zone and zone not in available_timezones():
            raise self.wrong("time_zone", Message("mapping_zone"), zone, near(zone, sorted(available_timezones())))
        return zone

    def _delimiter(self, top: dict[str, Any]) -> str:
        delimiter = self._text(top, "delimiter", ",")
        if len(delimiter.encode()) != 1:
            raise self.wrong("delimiter", Message("mapping_delimiter"), delimiter)
        return delimiter

    def _skip(self, top: dict[str, Any]) -> int:
        skip = top.get("skip", 0)
        if not isinstance(skip, int) or isinstance(skip, bool) or not 0 <= skip <= _MOST_SKIPPED:
            raise self.wrong("skip", Message("mapping_skip", most=_MOST_SKIPPED), skip)
        return skip

    def _fields(self, top: dict[str, Any], grain: Grain) -> dict[str, Spec]:
        section, known = _FIELDS.get(grain, ("event", EVENT_FIELDS))
        fields = self._specs(top, section, known)
        for name in REQUIRED[grain]:
            if name not in fields:
                raise self.wrong(f"{section}.{name}", Message("mapping_required", grain=grain.value))
        return fields

    def _section(self, top: dict[str, Any], name: str) -> dict[str, Any]:
        section = top.get(name, {})
        if not isinstance(section, dict):
            raise self.wrong(name, Message("mapping_keys_and_values"), section)
        return section

    def _specs(self, top: dict[str, Any], section: str, known: Iterable[str]) -> dict[str, Spec]:
        values = self._section(top, section)
        self._known(values, known, f"{section}.")
        return {name: self._spec(value, f"{section}.{name}") for name, value in values.items()}

    def _spec(self, value: object, key: str) -> Spec:
        if isinstance(value, str) and value:
            return FromColumn(value)
        if not isinstance(value, dict):
            raise self.wrong(key, Message("mapping_spec"), value)
        self._known(value, sorted(_SPEC_KEYS), f"{key}.")
        if "when" in value:
            return self._rule(value, key)
        if "value" in value:
            return Constant(self._scalar(value["value"], f"{key}.value"))
        if "first" in value:
            return self._first(value["first"], f"{key}.first")
        if "columns" in value:
            return Joined(self._names(value["columns"], f"{key}.columns"), self._text(value, "join", ""))
        return self._from_column(value, key)

    def _first(self, value: object, key: str) -> First:
        if not isinstance(value, list) or not value:
            raise self.wrong(key, Message("mapping_columns"), value)
        return First(tuple(self._spec(one, f"{key}.{number}") for number, one in enumerate(value)))

    def _from_column(self, value: dict[str, Any], key: str) -> FromColumn:
        column = self._name(value.get("column"), f"{key}.column")
        listed = self._section(value, "map")
        pairs = tuple((str(old), self._scalar(new, f"{key}.map.{old}")) for old, new in listed.items())
        epoch = self._choice(Epoch, value["epoch"], f"{key}.epoch") if "epoch" in value else None
        otherwise = self._choice(Otherwise, value.get("otherwise", "refuse"), f"{key}.otherwise")
        without = self._names(value["without"], f"{key}.without") if "without" in value else ()
        parameter = self._text(value, "parameter", "")
        return FromColumn(column, self._text(value, "format", ""), epoch, pairs, otherwise, without, parameter)

    def _rule(self, value: dict[str, Any], key: str) -> Rule:
        when = value["when"]
        tests = [test.value for test in Test]
        asked = [name for name in tests if isinstance(when, dict) and name in when]
        if not isinstance(when, dict) or len(asked) != 1:
            raise self.wrong(f"{key}.when", Message("mapping_when", tests=tests), when)
        self._known(when, ("column", *tests), f"{key}.when.")
        if "then" not in value or "otherwise" not in value:
            raise self.wrong(key, Message("mapping_rule"), sorted(value))
        against = self._scalar(when[asked[0]], f"{key}.when.{asked[0]}")
        if asked[0] in ("below", "above") and not re.fullmatch(r"-?\d+(\.\d+)?", against):
            raise self.wrong(f"{key}.when.{asked[0]}", Message("misfit_number"), against)
        return Rule(
            self._name(when.get("column"), f"{key}.when.column"),
            Test(asked[0]),
            against,
            self._branch(value["then"], f"{key}.then"),
            self._branch(value["otherwise"], f"{key}.otherwise"),
        )

    def _branch(self, value: object, key: str) -> Spec:
        # Inside a rule bare text is the value itself: rules name events, they seldom copy columns. null is no value.
        if value is None:
            return First()
        return Constant(value) if isinstance(value, str) else self._spec(value, key)

    def _scalar(self, value: object, key: str) -> str:
        if not isinstance(value, str | int | float) or value == "":
            raise self.wrong(key, Message("mapping_text_or_number"), value)
        return str(value)

    def _name(self, value: object, key: str) -> str:
        if not isinstance(value, str) or not value or "\0" in value:
            raise self.wrong(key, Message("mapping_column"), value)
        return value

    def _names(self, value: object, key: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise self.wrong(key, Message("mapping_columns"), value)
        return tuple(self._name(one, key) for one in value)

    def _products(self, top: dict[str, Any], grain: Grain) -> Products | None:
        section = self._section(top, "products")
        if not section:
            return None
        known = LINE_FIELDS if grain is Grain.LINE else ("from", "lists", *LINE_FIELDS)
        self._known(section, known, "products.")
        lists = section.get("lists") is True
        if grain is Grain.EVENT and ("from" in section) == lists:
            raise self.wrong("products.from", Message("mapping_products"))
        names = {key: self._name(value, f"products.{key}") for key, value in section.items() if key != "lists"}
        column = names.pop("from", "")
        return Products(column, names, lists)

    def _properties(self, top: dict[str, Any], key: str) -> Properties:
        value = top.get(key)
        if value is None:
            return Properties()
        if value == "rest":
            return Properties(rest=True)
        if isinstance(value, dict):
            known = ("column", "with", "fields", *(("mentions",) if key == "properties" else ()))
            self._known(value, known, f"{key}.")
            beside = self._names(value["with"], f"{key}.with") if "with" in value else ()
            told = self._section(value, "fields")
            fields = tuple((str(name), self._spec(spec, f"{key}.fields.{name}")) for name, spec in told.items())
            alone = "column" in value or not (beside or fields)
            whole = self._spec(value.get("column"), f"{key}.column") if alone else None
            return Properties(beside, fields, whole, mentions=self._mentions(value))
        if isinstance(value, list):
            return Properties(columns=self._names(value, key))
        raise self.wrong(key, Message("mapping_properties"), value)

    def _mentions(self, properties: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        mentions = self._section(properties, "mentions")
        for name, namespace in mentions.items():
            if namespace not in NAMESPACES:
                key = f"properties.mentions.{name}"
                raise self.wrong(key, Message("mapping_identifier"), namespace, near(str(namespace), NAMESPACES))
        return tuple((str(name), namespace) for name, namespace in mentions.items())
