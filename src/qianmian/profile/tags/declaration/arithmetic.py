"""Arithmetic over tags: ``net_90d / orders_90d``, ``days_since(first_order_on)``, ``coalesce(refunds_90d, 0)``."""

from __future__ import annotations

import ast
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from qianmian.core.errors import ConditionError
from qianmian.core.messages import Message
from qianmian.core.tables import Type
from qianmian.profile.tags.declare import Tag
from qianmian.query.fields import NUMBERS
from qianmian.query.problems import nearest, quoted

LONGEST = 500
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_MOST_DEPTH = 30
_LARGEST = 1e15


@dataclass(frozen=True)
class Sum:
    """An expression, made ready to be worked out for one person.

    Attributes:
        sql: gives a DOUBLE; nothing where a tag has no value, or something is divided by 0.
        text: the expression in one spelling.
        uses: tags that it names.
    """

    sql: str
    text: str
    uses: tuple[str, ...]


def arithmetic(text: str, known: Mapping[str, Tag]) -> Sum:
    """Read an expression: numbers, tags, ``+ - * / ( )``, and the two functions.

    Args:
        text: what its author wrote.
        known: tags that it can name.

    Raises:
        ConditionError: it is no such expression, or names something unknown.
    """
    if len(text) > LONGEST:
        raise ConditionError("tag_expression_long", most=LONGEST)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ConditionError("tag_expression", text=quoted(text)) from None
    writer = _Writer(known)
    sql = writer.number(tree)
    if not writer.uses:
        raise ConditionError("tag_expression_constant", text=quoted(text))
    return Sum(sql, ast.unparse(tree), tuple(dict.fromkeys(writer.uses)))


@dataclass
class _Writer:
    known: Mapping[str, Tag]
    uses: list[str] = field(default_factory=list)
    depth: int = 0

    def number(self, node: ast.expr) -> str:
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            raise ConditionError("tag_expression_deep", most=_MOST_DEPTH)
        try:
            return self._number(node)
        finally:
            self.depth -= 1

    def _number(self, node: ast.expr) -> str:
        sql = ""
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and abs(value) < _LARGEST:
                sql = repr(float(value))
            case ast.Name(id="this_year"):
                sql = "year(getvariable('today')::DATE)::DOUBLE"
            case ast.Name(id=name):
                sql = f"{self.tag(name, NUMBERS)}::DOUBLE"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                sql = f"(-{self.number(operand)})"
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                sql = f"({self.number(left)} / nullif({self.number(right)}, 0))"
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
                sql = f"({self.number(left)} {_SIGNS[type(op)]} {self.number(right)})"
            case ast.Call(func=ast.Name(id="coalesce"), args=[first, second], keywords=[]):
                sql = f"coalesce({self.number(first)}, {self.number(second)})"
            case ast.Call(func=ast.Name(id="days_since"), args=[ast.Name(id=name)], keywords=[]):
                sql = f"date_diff('day', {self.tag(name, {Type.DATE})}, getvariable('today')::DATE)::DOUBLE"
        if not sql:
            raise ConditionError("tag_expression", text=quoted(ast.unparse(node)))
        return sql

    def tag(self, name: str, types: Container[Type]) -> str:
        """A tag of one of some types."""
        tag = self.known.get(name)
        if tag is None:
            raise ConditionError("unknown_tag", name=quoted(name), hint=nearest(name, self.known))
        if tag.type not in types:
            wanted = Message("type_date" if types == {Type.DATE} else "type_number")
            raise ConditionError("tag_of_type", name=quoted(name), type=wanted)
        self.uses.append(name)
        return name
