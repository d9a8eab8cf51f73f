"""Reads a plan that people wrote (YAML), and writes one; every complaint names the place and what was expected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from qianmian.collect.declaration_reader import DeclarationReader
from qianmian.collect.imports.declaration import near
from qianmian.collect.plan.plan import PersonalKind, Plan, PlannedEvent, Property, PropertyType, Title
from qianmian.core.errors import PlanError
from qianmian.core.messages import Message

MOST_BYTES = 1024 * 1024
MOST_EVENTS, MOST_PROPERTIES, LONGEST_NAME = 1000, 200, 200
_PLAN = ("title", "events", "properties")
_EVENT = ("title", "properties")
_PROPERTY = ("type", "required", "unit", "personal", "values", "title")
_LANGUAGES = ("en", "zh-CN")
_Choice = TypeVar("_Choice", bound=StrEnum)


def read_plan(text: str, name: str | Message) -> Plan:
    """Parse and check a plan.

    Args:
        text: the YAML.
        name: what messages call it, such as the file's name.

    Raises:
        PlanError: the first thing that is wrong, with its place, what was expected, and near names.
    """
    return _Reader(name).plan(text)


def read_property(name: str, told: dict[str, Any], place: str | Message) -> Property:
    """One property as a plan has it.

    Raises:
        PlanError: it is none.
    """
    return _Reader(place).property(name, told, name)


def write_plan(plan: Plan) -> str:
    """A plan as YAML that `read_plan` reads to the same; what says nothing is left out.

    >>> print(write_plan(Plan(events=(PlannedEvent("Cart Shared", properties=(Property("price"),)),))), end="")
    events:
      Cart Shared:
        properties:
          price: any
    """
    told = {
        **_title(plan.title),
        **({"properties": _written(plan.shared)} if plan.shared else {}),
        "events": {
            event.name: {
                **_title(event.title),
                **({"properties": _written(event.properties)} if event.properties else {}),
            }
            for event in plan.events
        },
    }
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=120)


def digest_of(plan: Plan) -> str:
    """16 hex digits over what a plan says, however it was written."""
    return hashlib.sha256(write_plan(plan).encode()).hexdigest()[:16]


def _written(properties: Iterable[Property]) -> dict[str, Any]:
    told = {one.name: written(one) for one in properties}
    return {name: one["type"] if one.keys() == {"type"} else one for name, one in told.items()}


def written(one: Property) -> dict[str, Any]:
    """A property as a plan has it, at length; what says nothing is left out."""
    more: dict[str, Any] = {
        "required": one.is_required,
        "unit": one.unit,
        "personal": one.personal and one.personal.value,
        "values": list(one.values),
        **_title(one.title),
    }
    return {"type": one.type.value, **{key: value for key, value in more.items() if value}}


def _title(title: Title) -> dict[str, Any]:
    told = {"en": title.en, "zh-CN": title.zh}
    return {"title": {language: text for language, text in told.items() if text}} if any(told.values()) else {}


class _Reader(DeclarationReader):
    error, most_bytes = PlanError, MOST_BYTES
    too_large, start = Message("plan_too_large", most=MOST_BYTES // 1024), Message("plan_start")
    unknown_key, may_be_empty = Message("plan_unknown_key"), False

    def plan(self, text: str) -> Plan:
        top = self.load(text)
        self.known(top, _PLAN, "")
        events = self._section(top, "events", "events", MOST_EVENTS)
        return Plan(
            self._titled(top, "title"),
            tuple(self._event(name, value, f"events.{name}") for name, value in events.items()),
            self._properties(top, "properties"),
        )

    def _event(self, name: str, value: object, key: str) -> PlannedEvent:
        section = {} if value is None else value
        if not isinstance(section, dict):
            raise self.wrong(key, Message("mapping_keys_and_values"), value)
        self.known(section, _EVENT, f"{key}.")
        return PlannedEvent(name, self._titled(section, f"{key}.title"), self._properties(section, f"{key}.properties"))

    def _properties(self, section: dict[str, Any], key: str) -> tuple[Property, ...]:
        found = self._section(section, "properties", key, MOST_PROPERTIES)
        return tuple(self.property(name, value, f"{key}.{name}") for name, value in found.items())

    def property(self, name: str, value: object, key: str) -> Property:
        told = {"type": value} if isinstance(value, str) else {} if value is None else value
        if not isinstance(told, dict):
            raise self.wrong(key, Message("plan_property"), value)
        self.known(told, _PROPERTY, f"{key}.")
        required, unit, personal = told.get("required", False), told.get("unit", ""), told.get("personal")
        if not isinstance(required, bool):
            raise self.wrong(f"{key}.required", Message("misfit_flag"), required)
        return Property(
            name,
            self._choice(PropertyType, told.get("type", "any"), f"{key}.type"),
            required,
            self._text(unit, f"{key}.unit"),
            None if personal is None else self._choice(PersonalKind, personal, f"{key}.personal"),
            self._values(told.get("values", []), f"{key}.values"),
            self._titled(told, f"{key}.title"),
        )

    def _values(self, value: object, key: str) -> tuple[str, ...]:
        if not isinstance(value, list) or any(not isinstance(one, str | int | float) for one in value):
            raise self.wrong(key, Message("plan_values"), value)
        texts = tuple(str(one).lower() if isinstance(one, bool) else str(one) for one in value)
        return tuple(self._text(one, key) for one in texts)

    def _titled(self, section: dict[str, Any], key: str) -> Title:
        told = section.get("title", "")
        if isinstance(told, dict):
            self.known(told, _LANGUAGES, f"{key}.")
            return Title(*(self._text(told.get(language, ""), f"{key}.{language}") for language in _LANGUAGES))
        return Title(self._text(told, key), self._text(told, key))

    def _text(self, value: object, key: str) -> str:
        if not isinstance(value, str) or not value.isprintable() or len(value) > LONGEST_NAME:
            raise self.wrong(key, Message("plan_text", most=LONGEST_NAME), value)
        return value

    def _section(self, top: dict[str, Any], name: str, key: str, most: int) -> dict[str, Any]:
        section = top.get(name)
        if section is None:
            return {}
        if not isinstance(section, dict):
            raise self.wrong(key, Message("mapping_keys_and_values"), section)
        if len(section) > most:
            raise self.wrong(key, Message("misfit_most", most=most), len(section))
        for one in section:
            if not isinstance(one, str) or not one.isprintable() or not 0 < len(one) <= LONGEST_NAME:
                raise self.wrong(key, Message("plan_name", most=LONGEST_NAME), str(one)[:LONGEST_NAME])
        return section

    def _choice(self, kind: type[_Choice], value: object, key: str) -> _Choice:
        known = [member.value for member in kind]
        if value not in known:
            hint = near(str(value), known)
            raise self.wrong(key, Message("mapping_choice", choices=known), str(value), hint)
        return kind(str(value))
