"""Reads what people declare in YAML: whatever is wrong is told with its line, its key and what was expected."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from qianmian.collect import strict_yaml
from qianmian.collect.imports.declaration import near
from qianmian.core.errors import InputError
from qianmian.core.messages import Message


class DeclarationReader:
    """What the readers of plans and rules have in common.

    Attributes:
        error: what is raised.
        most_bytes: of a text.
        too_large: what is expected of one that has more.
        start: a hint for a text that does not begin as it should.
        unknown_key: what is expected of a key.
        may_be_empty: whether a text without anything declares nothing; else it is wrong.
    """

    error: ClassVar[type[InputError]]
    most_bytes: ClassVar[int]
    too_large: ClassVar[Message]
    start: ClassVar[Message]
    unknown_key: ClassVar[Message]
    may_be_empty: ClassVar[bool] = True

    def __init__(self, name: str | Message) -> None:
        """A reader of one text, which messages call so."""
        self.name = name
        self.text = ""

    def wrong(
        self, key: str, expected: Message, got: object = None, hint: Message | None = None, *, line: int | None = None
    ) -> InputError:
        """The error about a dotted key, to be raised."""
        line = line or strict_yaml.line_of(self.text, key)
        file = Message("at_line", file=self.name, line=line) if line else self.name
        told = {"file": file, "key": key, "expected": expected, "hint": hint or ""}
        return self.error("mapping_key", **told) if got is None else self.error("mapping_key_got", **told, given=got)

    def load(self, text: str) -> dict[str, Any]:
        """The keys and values of a text."""
        if len(text.encode()) > self.most_bytes:
            raise self.wrong("file", self.too_large, len(text))
        try:
            top = strict_yaml.load(text)
        except strict_yaml.NotYamlError as error:
            raise self.wrong("file", Message("mapping_no_yaml", why=str(error)), line=error.line) from None
        self.text = text
        top = {} if top is None and self.may_be_empty else top
        if not isinstance(top, dict):
            raise self.wrong("file", Message("mapping_keys_and_values"), hint=self.start)
        return top

    def known(self, section: dict[str, Any], known: Iterable[str], path: str) -> None:
        """Refuse a key that nobody knows; ``path`` is the section's, with a dot at its end."""
        names = list(known)
        for key in section:
            if key not in names:
                raise self.wrong(f"{path}{key}", self.unknown_key, hint=near(str(key), names))

    def section(self, value: object, key: str, known: Collection[str] | None = None) -> dict[str, Any]:
        """A section at a key; with known keys only, if they are named."""
        if not isinstance(value, dict):
            raise self.wrong(key, Message("mapping_keys_and_values"), value)
        if known is not None:
            self.known(value, known, f"{key}.")
        return value

    def whole(self, value: object, key: str, most: int) -> int:
        """A whole number from 1 on."""
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise self.wrong(key, Message("rules_number", most=most), Message("none") if value is None else value)
        return value
