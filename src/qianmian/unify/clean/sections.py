"""What all sections of the cleaning rules are read with: whatever is wrong is told by its place."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from qianmian.collect.declaration_reader import DeclarationReader
from qianmian.collect.imports.declaration import near
from qianmian.core.errors import CleaningError
from qianmian.core.messages import Message
from qianmian.unify.clean.fields import NUMBERS, PROPERTIES

MOST_BYTES = 256 * 1024
MOST_EVENTS, LONGEST = 200, 200


class Sections(DeclarationReader):
    """A reader of cleaning rules, of what their sections have in common."""

    error, most_bytes = CleaningError, MOST_BYTES
    too_large, start = Message("cleaning_too_large", most=MOST_BYTES // 1024), Message("cleaning_start")
    unknown_key = Message("cleaning_unknown_key")

    def field(self, value: object, key: str) -> str:
        """A number of events or lines, or a property."""
        name = value.removeprefix(PROPERTIES) if isinstance(value, str) else ""
        is_property = isinstance(value, str) and value.startswith(PROPERTIES)
        if is_property and 0 < len(name) <= LONGEST and name.isprintable() and '"' not in name:
            return f"{PROPERTIES}{name}"
        if value not in NUMBERS:
            given = Message("none") if value is None else value
            raise self.wrong(key, Message("cleaning_field", fields=list(NUMBERS)), given, near(str(value), NUMBERS))
        return str(value)

    def names(self, value: object, key: str) -> tuple[str, ...]:
        """A list of names, such as events."""
        if not isinstance(value, list) or not 0 < len(value) <= MOST_EVENTS:
            raise self.wrong(key, Message("cleaning_list", most=MOST_EVENTS), value)
        for number, one in enumerate(value):
            if not isinstance(one, str) or not 0 < len(one) <= LONGEST:
                raise self.wrong(f"{key}.{number}", Message("rules_text", most=LONGEST), one)
        return tuple(value)

    def text_of(self, value: object, key: str) -> str:
        """A short text."""
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST or not value.isprintable():
            raise self.wrong(key, Message("rules_text", most=LONGEST), Message("none") if value is None else value)
        return value

    def one_of(self, value: object, key: str, known: Collection[str]) -> str:
        """One of some words."""
        if value not in known:
            given = Message("none") if value is None else value
            raise self.wrong(key, Message("cleaning_one_of", known=list(known)), given, near(str(value), list(known)))
        return str(value)

    def some(self, value: object, key: str, most: int) -> list[Any]:
        """A list of so many things at most."""
        if not isinstance(value, list) or len(value) > most:
            raise self.wrong(key, Message("cleaning_list", most=most), value)
        return value

    def share(self, value: object, key: str) -> float:
        """A share from 0 to 1."""
        number = self.number(value, key)
        if not 0 <= number <= 1:
            raise self.wrong(key, Message("cleaning_share"), value)
        return number

    def number(self, value: object, key: str) -> float:
        """A finite number."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.wrong(key, Message("misfit_number"), Message("none") if value is None else value)
        return float(value)
