"""Whether a text is one SELECT of allowed forms and functions over given relations, by DuckDB's own syntax tree."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import duckdb

from qianmian.core.errors import SqlError
from qianmian.engines.sandbox.forms import FORMS, PARTS, PLACE, Form
from qianmian.engines.sandbox.functions import CLOCK_WORDS, FUNCTIONS, NEEDS_ORDER, SESSION_WORDS, TYPES, UNREPEATABLE

MOST_CHARACTERS = 10_000
MOST_LEVELS = 200  # of the tree; an operator in another is two
_MOST_SHOWN = 60  # characters of a piece of the text
_MOST_KNOWN = 40  # names in a message
_TREE = "SELECT json_serialize_sql(?, skip_null := true, skip_empty := true, skip_default := true)"
_Node = dict[str, Any]


def checked(sql: str, relations: Mapping[str, Sequence[str]], parser: duckdb.DuckDBPyConnection | None = None) -> str:
    """The text, if it may run.

    Reading a text may take long (half a minute for 5,000 nested parentheses), so that whoever has others to serve asks
    `run`, whose child process does this under its limits.

    Args:
        sql: what somebody wrote.
        relations: name → columns of each relation that it may read; capitals do not matter, as in SQL.
        parser: reads the text; by default a DuckDB that is opened for it.

    Raises:
        SqlError: it is something else than one SELECT, or says something that is not allowed; the message tells which.
    """
    if len(sql) > MOST_CHARACTERS:
        raise SqlError("sql_too_long", length=len(sql), most=MOST_CHARACTERS)
    with nullcontext(parser) if parser else duckdb.connect(config={"threads": 1}) as reader:
        tree = _parsed(sql, reader)
    _Walk(sql, relations, tree).go()
    return sql


def _parsed(sql: str, parser: duckdb.DuckDBPyConnection) -> _Node:
    """The tree of the one statement."""
    try:
        statements = parser.extract_statements(sql)
    except duckdb.OutOfMemoryException:  # what a text can make the parser need is for the limits
        raise
    except duckdb.Error as error:
        raise SqlError("sql_syntax", words=said(error)) from None
    if len(statements) != 1:
        raise SqlError("sql_not_one", count=len(statements))
    if statements[0].type is not duckdb.StatementType.SELECT:
        raise SqlError("sql_not_select", statement=statements[0].type.name)
    [[text]] = parser.execute(_TREE, [sql]).fetchall()
    try:
        tree: _Node = json.loads(text)
    except RecursionError:
        raise SqlError("sql_too_deep", most=MOST_LEVELS) from None
    if tree.get("error") or len(tree.get("statements", ())) != 1:
        raise SqlError("sql_syntax", words=str(tree.get("error_message", ""))[:300])
    node: _Node = tree["statements"][0]["node"]
    return node


def said(error: Exception) -> str:
    """What DuckDB says of a text that it cannot read or bind: about names and words of the text, never about rows."""
    words = str(error).splitlines()[0] if str(error) else type(error).__name__
    return words[:300]


@dataclass(frozen=True)
class _Visit:
    """A node on its way: the field it stands in, the relations that it sees, and how deep it lies."""

    value: Any
    field: str
    seen: frozenset[str]
    level: int


class _Walk:
    """Visits every node of a tree, without recursion, and refuses the first that is not allowed."""

    def __init__(self, sql: str, relations: Mapping[str, Sequence[str]], tree: _Node) -> None:
        self._sql = sql.encode()
        self._tree = tree
        self._relations = sorted(relations)
        self._given = frozenset(name.lower() for name in relations)
        nodes = list(_nodes(tree))
        own = [(node.get("class", ""), name.lower()) for node in nodes if isinstance(name := node.get("alias"), str)]
        self._columns = {column.lower() for columns in relations.values() for column in columns}
        self._columns |= {name for kind, name in own if kind} | {
            str(name).lower()
            for node in nodes
            for key in ("column_name_alias", "aliases")
            for name in node.get(key, ())
        }
        self._tables = set(self._given) | {name for kind, name in own if not kind} | set(_cte_names(nodes))
        self._extras: Mapping[str, Callable[[_Visit], None]] = {
            "BASE_TABLE": self._relation,
            "COLUMN_REF": self._column,
            "FUNCTION": self._function,
            "WINDOW": self._window,
            "TYPE": self._type,
            "SELECT_NODE": self._ordered,
            "SET_OPERATION_NODE": self._ordered,
            "LIMIT_MODIFIER": self._limit,
        }

    def go(self) -> None:
        """Visit all of them."""
        waiting = [_Visit(self._tree, "", self._given, 0)]
        while waiting:
            visit = waiting.pop()
            if visit.level > MOST_LEVELS:
                raise SqlError("sql_too_deep", most=MOST_LEVELS)
            waiting += self._inner(visit)

    def _inner(self, visit: _Visit) -> Iterator[_Visit]:
        """What lies in a node that is allowed itself."""
        if isinstance(visit.value, list):
            yield from (_Visit(one, visit.field, visit.seen, visit.level) for one in visit.value)
            return
        if not isinstance(visit.value, dict):
            raise self._refused(visit.field, {})
        node, seen = visit.value, visit.seen
        form = self._form(visit)
        if extra := self._extras.get(node.get("class") or node.get("type", "")):
            extra(visit)
        for name, body in self._named(node):
            yield _Visit(body, "query_node", seen, visit.level + 1)
            seen |= {name}
        yield from (_Visit(node[field], field, seen, visit.level + 1) for field in node if field in form.inner)

    def _form(self, visit: _Visit) -> Form:
        """The form of a node; refuses one that has none, a field that is not its, or a word that is not the field's."""
        node: _Node = visit.value
        kind = (node.get("class", ""), node.get("type", ""))
        form = FORMS.get(kind) if any(kind) else PARTS.get(visit.field)
        if form is None:
            raise self._refused(kind[1] or visit.field, node)
        for field in node.keys() - form.inner - form.plain - PLACE:
            if field not in form.words:
                raise self._refused(f"{kind[1]} {field}", node)
            if node[field] not in form.words[field]:
                raise self._refused(f"{kind[1]} {node[field]}", node)
        return form

    def _named(self, node: _Node) -> Iterator[tuple[str, Any]]:
        """The queries under WITH, by name; each sees those before it, and none itself."""
        for entry in node.get("cte_map", {}).get("map", ()):
            query: _Node = entry["value"]
            if extra := query.keys() - {"aliases", "materialized", "query_node"}:
                raise self._refused(f"WITH {min(extra)}", node)
            yield entry["key"].lower(), query["query_node"]

    def _relation(self, visit: _Visit) -> None:
        path = visit.value["qualified_name"]["path"]
        if len(path) != 1 or path[0].lower() not in visit.seen:
            raise SqlError("sql_relation", relation=".".join(path)[:_MOST_SHOWN], known=self._relations[:_MOST_KNOWN])

    def _column(self, visit: _Visit) -> None:
        *table, column = (name.lower() for name in visit.value["column_names"])
        if not table and column in CLOCK_WORDS:
            raise SqlError("sql_unrepeatable", function=column)
        if not table and column in SESSION_WORDS:
            raise SqlError("sql_bare_column", column=column)
        if len(table) > 1 or not set(table) <= self._tables or column not in self._columns:
            given = ".".join(visit.value["column_names"])[:_MOST_SHOWN]
            raise SqlError("sql_column", column=given, known=sorted(self._columns)[:_MOST_KNOWN])

    def _function(self, visit: _Visit) -> None:
        path = visit.value["qualified_name"]["path"]
        name = ".".join(path).lower()
        if name in UNREPEATABLE:
            raise SqlError("sql_unrepeatable", function=name)
        if name not in FUNCTIONS or name != str(visit.value["function_name"]).lower():
            raise SqlError("sql_function", function=name[:_MOST_SHOWN])

    def _window(self, visit: _Visit) -> None:
        self._function(visit)
        if visit.value["function_name"] in NEEDS_ORDER and not visit.value.get("orders"):
            raise SqlError("sql_unordered", piece=self._piece(visit.value))

    def _type(self, visit: _Visit) -> None:
        path = visit.value["qualified_name"]["path"]
        if len(path) != 1 or path[0].lower() not in TYPES:
            raise SqlError("sql_type", type=".".join(path)[:_MOST_SHOWN])

    def _ordered(self, visit: _Visit) -> None:
        """LIMIT and DISTINCT ON without an order take whatever lies first."""
        modifiers = {modifier["type"]: modifier for modifier in visit.value.get("modifiers", ())}
        takes_first = "LIMIT_MODIFIER" in modifiers or modifiers.get("DISTINCT_MODIFIER", {}).get("distinct_on_targets")
        if takes_first and "ORDER_MODIFIER" not in modifiers:
            raise SqlError("sql_unordered", piece="LIMIT" if "LIMIT_MODIFIER" in modifiers else "DISTINCT ON")

    def _limit(self, visit: _Visit) -> None:
        for bound in (visit.value.get(field, {}) for field in ("limit", "offset")):
            if bound and bound.get("type") != "VALUE_CONSTANT":
                raise self._refused("LIMIT", bound)

    def _refused(self, form: str, node: _Node) -> SqlError:
        """The error of a form that is not allowed."""
        return SqlError("sql_form", form=form.replace("_", " ").strip(), piece=self._piece(node))

    def _piece(self, node: _Node) -> str:
        """The text of a node, or of the first in it that has a place."""
        for one in _nodes(node):
            if length := one.get("query_location_length"):
                start = one.get("query_location", 0)
                return self._sql[start : start + length].decode(errors="replace")[:_MOST_SHOWN]
        return "…"


def _nodes(tree: Any) -> Iterator[_Node]:
    """Every dictionary of a tree, from the top, without recursion."""
    waiting = [tree]
    while waiting:
        match waiting.pop():
            case dict() as node:
                yield node
                waiting += reversed(node.values())
            case list() as several:
                waiting += reversed(several)


def _cte_names(nodes: Sequence[_Node]) -> Iterator[str]:
    return (
        str(entry["key"]).lower()
        for node in nodes
        for entry in node.get("cte_map", {}).get("map", ())
        if "key" in entry
    )
