"""YAML that people wrote, read as plain values: no tags, no aliases (they can swell without bound), no key twice."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not allowed here")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise _TwiceError(key.value, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


class NotYamlError(ValueError):
    """A text is not YAML, or more than plain values.

    Attributes:
        line: where, from 1; None = nobody knows.
    """

    def __init__(self, why: str, line: int | None) -> None:
        super().__init__(why)
        self.line = line


class _TwiceError(yaml.YAMLError):
    def __init__(self, key: object, mark: yaml.Mark) -> None:
        super().__init__(f"key {key!r} stands twice, line {mark.line + 1}")
        self.problem_mark = mark


def load(text: str) -> Any:
    """The values of one document.

    Raises:
        NotYamlError: it is not YAML, or more than plain values; says why, in English.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506  # a SafeLoader, made stricter
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise NotYamlError(" ".join(str(error).split()), mark and mark.line + 1) from None


def line_of(text: str, key: str) -> int | None:
    r"""The line, from 1, of the member that a dotted key names, or of the deepest of its parts that is there.

    >>> line_of("events:\n  A.b:\n    title: 7", "events.A.b.title"), line_of("a: [1,\n 2]", "a.1")
    (3, 2)
    """
    try:
        node = yaml.compose(text, _Loader)
    except (yaml.YAMLError, RecursionError):
        return None
    line, rest = None, key
    while node is not None and rest:
        fitting = [one for one in _members(node) if rest == one[0] or rest.startswith(f"{one[0]}.")]
        name, at, node = max(fitting, key=lambda one: len(one[0]), default=("", None, None))
        line, rest = line if at is None else at.start_mark.line + 1, rest[len(name) + 1 :]
    return line


def _members(node: yaml.Node) -> list[tuple[str, yaml.Node, yaml.Node]]:
    """Name, place and value of each member of a mapping or a list."""
    if isinstance(node, yaml.MappingNode):
        return [(str(key.value), key, value) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return [(str(number), one, one) for number, one in enumerate(node.value)]
    return []
