"""Running a person's SQL: one SELECT over given relations, in a child process with hard limits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pyarrow as pa

from qianmian.core.errors import SqlError, SqlLimitError, SqlProcessError
from qianmian.core.language import Language
from qianmian.core.messages import restored
from qianmian.engines.sandbox.contracts import LONGEST_HEAD, Limits, State
from qianmian.engines.sandbox.process import Asked, Relation, answered

#: What the check may say; a child that says anything else is not believed.
_REFUSALS = frozenset(
    "sql_too_long sql_too_deep sql_syntax sql_not_one sql_not_select sql_form sql_function sql_unrepeatable "
    "sql_relation sql_column sql_bare_column sql_type sql_unordered".split()
)
_OF_A_ROW = {
    State.CONVERSION: "sql_conversion",
    State.OUT_OF_RANGE: "sql_out_of_range",
    State.DIVISION: "sql_division",
}
_SINGLE = (
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_string,
    pa.types.is_date32,
    pa.types.is_time64,
    pa.types.is_timestamp,
    pa.types.is_interval,
    pa.types.is_null,
)


def run(sql: str, relations: Mapping[str, Relation], limits: Limits) -> pa.Table:
    """The rows of a person's SELECT.

    To try a text without any row, run it over empty tables: ``{name: schema.empty_table()}``.

    Args:
        sql: what somebody wrote; see `check.checked` for what it may say.
        relations: name → rows that it may read, and nothing else. A reader is read once.
        limits: what it may take.

    Returns:
        Single values only, no lists or structs; columns have different names. Instants are UTC.

    Raises:
        SqlError: it is refused, does not fit the relations, fails, or its result is none that can be used.
        SqlLimitError: it takes too long, too much memory, or gives too much.
        SqlProcessError: its process ended in a way that nobody foresaw.
    """
    head, body = answered(Asked(sql, relations, limits))
    return told(head, body, limits)


def told(head: bytes, body: bytes, limits: Limits) -> pa.Table:
    """The result in an answer, which is not believed before it is looked at; raises as `run` does."""
    match _state(head):
        case State.DONE, _:
            return _usable(body, limits)
        case State.REFUSED, words:
            raise _refusal(words)
        case State.UNBOUND, words:
            raise SqlError("sql_unbound", words=words[:300])
        case (State.CONVERSION | State.OUT_OF_RANGE | State.DIVISION) as state, _:
            name = _OF_A_ROW[state]
            raise SqlError(name)
        case State.MEMORY, _:
            raise SqlLimitError("sql_too_large", mib=limits.memory_mib)
        case State.ROWS, _:
            raise SqlLimitError("sql_too_many_rows", rows=limits.rows)
        case State.BYTES, _:
            raise SqlLimitError("sql_too_many_bytes", bytes=limits.bytes)
        case _, words:
            raise SqlError("sql_failed", kind=words if re.fullmatch(r"[A-Za-z ]{1,40}", words) else "?")


def _state(head: bytes) -> tuple[State, str]:
    if len(head) > LONGEST_HEAD:
        raise SqlProcessError("sql_broke", how="no head")
    try:
        fields = json.loads(head)
        return State(fields["state"]), str(fields["words"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SqlProcessError("sql_broke", how="no head") from None


def _refusal(words: str) -> SqlError:
    try:
        message = restored(words)
        message.what(Language.EN)
    except (KeyError, ValueError, AttributeError, RecursionError):
        raise SqlProcessError("sql_broke", how="no reason") from None
    name = message.name
    if name not in _REFUSALS:
        raise SqlProcessError("sql_broke", how="no reason")
    return SqlError(name, **message.values)


def _usable(body: bytes, limits: Limits) -> pa.Table:
    """The table in a stream, after a look at everything that the limits and the type promise."""
    if len(body) > limits.bytes:
        raise SqlLimitError("sql_too_many_bytes", bytes=limits.bytes)
    try:
        with pa.ipc.open_stream(pa.py_buffer(body)) as stream:
            _usable_schema(stream.schema)
            table = stream.read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError):
        raise SqlProcessError("sql_broke", how="no table") from None
    if len(table) > limits.rows:
        raise SqlLimitError("sql_too_many_rows", rows=limits.rows)
    return table


def _usable_schema(schema: pa.Schema) -> None:
    for field in schema:
        if not any(is_kind(field.type) for is_kind in _SINGLE):
            raise SqlError("sql_result_type", column=field.name, type=str(field.type))
        if schema.names.count(field.name) > 1:
            raise SqlError("sql_result_names", column=field.name)
