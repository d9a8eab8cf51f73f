"""An event as an operator may look at it: readable, and without a personal value that somebody could use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from qianmian.collect.imports.mapping import First, FromColumn, Joined, Rule, Spec
from qianmian.collect.wire.meanings import mapping_of
from qianmian.privacy.masking import mask_text, mask_value

#: Members that name somebody or open something, wherever they stand and whatever the mapping makes of them.
_PERSONAL = frozenset(
    "userid user_id anonymousid anonymous_id previousid distinct_id original_id login_id identities unionid openid "
    "wechat_unionid phone mobile tel email ip $ip idcard id_card token writekey password address avatar".split()
)
#: A shorter value is too common to be looked for in other texts.
_TELLING = 5
_MOST_TEXT, _MOST_ELEMENTS, _MOST_DEPTH = 2000, 50, 12
_LIBRARY = {
    "segment": (("context", "library", "name"), ("context", "library", "version")),
    "sensors": (("lib", "$lib"), ("lib", "$lib_version")),
}


def shown(dialect: str, line: bytes) -> dict[str, Any] | None:
    """An event with its personal values masked; None if it is no JSON object.

    Masked are the values that the protocol's mapping takes for identifiers or leaves out of an event, members that are
    named like one, these same values inside of other texts, and what looks like personal data. Long texts are cut.
    """
    event = parsed(line)
    if event is None:
        return None
    known = {value for value in _values(event, (), dialect) if len(value) >= _TELLING}
    masked: dict[str, Any] = _Masking(dialect, sorted(known, key=len, reverse=True)).of(event)
    return masked


def library(dialect: str, event: dict[str, Any]) -> str:
    """Name and version of the SDK that made an event; empty if it does not say.

    >>> library("sensors", {"lib": {"$lib": "python", "$lib_version": "1.11.0"}})
    'python 1.11.0'
    """
    told = (_at(event, path) for path in _LIBRARY[dialect])
    return mask_text(" ".join(one[:60] for one in told if isinstance(one, str) and one))


def parsed(line: bytes) -> dict[str, Any] | None:
    """The JSON object of a line; None if it is none."""
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return event if isinstance(event, dict) else None


def _values(value: Any, path: tuple[str, ...], dialect: str, personal: bool = False) -> Iterator[str]:
    """Every text that stands at a personal place."""
    match value:
        case dict():
            for name, inside in value.items():
                yield from _values(inside, (*path, name), dialect, personal or _is_personal((*path, name), dialect))
        case list():
            for inside in value:
                yield from _values(inside, path, dialect, personal)
        case str() if personal:
            yield value
        case int() if personal and not isinstance(value, bool):
            yield str(value)


@dataclass(frozen=True)
class _Masking:
    """Masks one event.

    Attributes:
        dialect: its protocol.
        known: values of its personal places, the longest first, wherever else they stand.
    """

    dialect: str
    known: list[str]

    def of(self, value: Any, path: tuple[str, ...] = (), personal: bool = False) -> Any:
        """A value of the event, masked."""
        match value:
            case dict() | list() if len(path) > _MOST_DEPTH:
                return "…"
            case dict():
                return {
                    self._text(name): self._member(inside, (*path, name), personal) for name, inside in value.items()
                }
            case list():
                cut = [self.of(one, path, personal) for one in value[:_MOST_ELEMENTS]]
                return cut if len(value) <= _MOST_ELEMENTS else [*cut, "…"]
            case None | bool():
                return value
            case _:
                return self._plain(value, personal)

    def _member(self, inside: Any, path: tuple[str, ...], personal: bool) -> Any:
        return self.of(inside, path, personal or _is_personal(path, self.dialect))

    def _plain(self, value: str | float, personal: bool) -> str | float:
        """A text or a number; a number that says nothing stays one."""
        text = str(value)
        masked = mask_value(text) if personal and text else self._text(text)
        return value if masked == text else masked

    def _text(self, text: str) -> str:
        cut = text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + "…"
        for value in self.known:
            if value in cut:
                cut = cut.replace(value, mask_value(value))
        return mask_text(cut)


def _is_personal(path: tuple[str, ...], dialect: str) -> bool:
    return path[-1].lower() in _PERSONAL or ".".join(path) in _paths(dialect)


@cache
def _paths(dialect: str) -> frozenset[str]:
    """Where the mapping of a dialect finds identifiers, and what it leaves out of an event's properties."""
    mapping = mapping_of(dialect)
    whole = mapping.properties.whole
    columns = [column for spec in mapping.identifiers.values() for column in _columns(spec)]
    left_out = [f"{one.column}.{name}" for one in _columns(whole) for name in one.without] if whole else []
    return frozenset([column.column for column in columns] + left_out)


def _columns(spec: Spec) -> Iterator[FromColumn]:
    """The columns whose value a field may get; not those that only decide."""
    match spec:
        case FromColumn():
            yield spec
        case Joined(columns=columns):
            yield from (FromColumn(column) for column in columns)
        case First(specs=specs):
            for one in specs:
                yield from _columns(one)
        case Rule(then=then, otherwise=otherwise):
            yield from _columns(then)
            yield from _columns(otherwise)


def _at(event: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        event = event.get(name) if isinstance(event, dict) else None
    return event
