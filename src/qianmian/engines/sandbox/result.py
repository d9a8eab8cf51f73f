"""What the result of a tag's SQL must be: one value for each of some people."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from qianmian.core.errors import SqlError
from qianmian.core.tables import Type
from qianmian.lake.schema import ARROW

PERSON, VALUE = "person_id", "value"


def values(table: pa.Table, of: Type, people: pa.Array | pa.ChunkedArray) -> pa.Table:
    """The values in the result of a tag's SQL.

    Args:
        table: what `run` gave: ``person_id`` and ``value``, in either order.
        of: the declared type of the values. Whatever keeps its meaning is cast: a whole number to a number with a
            fraction, text that says a number to that number.
        people: the ids that the SQL was given, int64.

    Returns:
        ``person_id`` (int64, each once, ascending) and ``value`` (the Arrow type of ``of``; empty where the SQL left it
        empty).

    Raises:
        SqlError: other columns, a person who is empty, unknown or there twice, or a value that does not fit. The
            message counts people, and names neither them nor a value.
    """
    if sorted(table.column_names) != [PERSON, VALUE]:
        raise SqlError("sql_tag_columns", found=table.column_names)
    found = _people(table[PERSON], people)
    cast = pa.table({PERSON: found, VALUE: _cast(table[VALUE], of)})
    return cast.sort_by(PERSON)


def _people(column: pa.ChunkedArray, people: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_signed_integer(column.type):
        raise SqlError("sql_tag_person_type", type=str(column.type))
    if column.null_count:
        raise SqlError("sql_tag_nobody", rows=column.null_count)
    column = column.cast(pa.int64())
    once = column.value_counts()
    if len(once) < len(column):
        twice = pc.sum(pc.greater(pc.struct_field(once, "counts"), 1)).as_py()
        raise SqlError("sql_tag_twice", people=twice)
    known = people.cast(pa.int64())
    if strangers := len(column) - (pc.sum(pc.is_in(column, value_set=known)).as_py() or 0):
        raise SqlError("sql_tag_strangers", people=strangers)
    return column


def _cast(column: pa.ChunkedArray, of: Type) -> pa.ChunkedArray:
    if not _keeps_meaning(column.type, of):
        raise SqlError("sql_tag_value", want=of.value[0], got=str(column.type))
    try:
        # a whole number fits into money by its value, not by its type: so in two steps
        cast = (column.cast(pa.decimal128(38, 4)) if of is Type.MONEY else column).cast(ARROW[of])
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise SqlError("sql_tag_value", want=of.value[0], got=str(column.type)) from None
    if pa.types.is_floating(cast.type):
        endless = pc.sum(pc.invert(pc.is_finite(cast))).as_py() or 0
        if endless:
            raise SqlError("sql_tag_endless", people=endless)
    return cast


def _keeps_meaning(given: pa.DataType, of: Type) -> bool:
    """Whether values of a kind can be meant: Arrow would also take 2 for yes, and a local hour for one in UTC."""
    if pa.types.is_null(given) or pa.types.is_string(given):
        return True
    match of:
        case Type.FLAG:
            return bool(pa.types.is_boolean(given))
        case Type.DATE:
            return bool(pa.types.is_date(given))
        case Type.INSTANT:
            return bool(pa.types.is_timestamp(given) and given.tz)
        case Type.TEXT | Type.JSON:
            return True
        case _:
            return bool(pa.types.is_integer(given) or pa.types.is_floating(given) or pa.types.is_decimal(given))
