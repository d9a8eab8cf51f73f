"""What the result of a tag's SQL must be."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from qianmian.core.errors import SqlError
from qianmian.core.language import Language
from qianmian.core.tables import Type
from qianmian.engines.sandbox.contracts import Limits
from qianmian.engines.sandbox.result import values
from qianmian.engines.sandbox.run import run

PEOPLE = pa.chunked_array([[1, 2], [3]])


def told(person_id, value, of=Type.NUMBER, **more):
    return values(pa.table({"value": value, "person_id": person_id, **more}), of, PEOPLE)


@pytest.mark.parametrize(
    ("of", "given", "kept"),
    [
        (Type.NUMBER, [1, None], [1.0, None]),
        (Type.INTEGER, [1.0, 2.0], [1, 2]),
        (Type.INTEGER, [Decimal(7), None], [7, None]),
        (Type.SMALL, ["1", "2"], [1, 2]),
        (Type.MONEY, [1.25, 2.0], [Decimal("1.2500"), Decimal("2.0000")]),
        (Type.MONEY, [12, None], [Decimal("12.0000"), None]),
        (Type.MONEY, [Decimal("12.5"), Decimal(3)], [Decimal("12.5000"), Decimal("3.0000")]),
        (Type.TEXT, [1, 2], ["1", "2"]),
        (Type.FLAG, [True, None], [True, None]),
        (Type.DATE, [date(2026, 1, 31), None], [date(2026, 1, 31), None]),
        (Type.INSTANT, [datetime(2026, 1, 31, tzinfo=UTC), None], [datetime(2026, 1, 31, tzinfo=UTC), None]),
        (Type.NUMBER, pa.nulls(2), [None, None]),
    ],
)
def test_values_that_keep_their_meaning_are_cast_and_sorted_by_person(of, given, kept):
    assert told(pa.array([3, 1], pa.int32()), given, of).to_pydict() == {"person_id": [1, 3], "value": kept[::-1]}


@pytest.mark.parametrize(
    ("table", "of", "message"),
    [
        ({"person_id": [1], "worth": [1]}, Type.NUMBER, "gives two columns, person_id and value; got person_id, worth"),
        ({"person_id": [1], "value": [1], "x": [1]}, Type.NUMBER, "got person_id, value, x"),
        ({"person_id": ["1"], "value": [1]}, Type.NUMBER, "unchanged; got string"),
        ({"person_id": pa.array([None, 1], pa.int64()), "value": [1, 2]}, Type.NUMBER, "1 rows of the result have no"),
        ({"person_id": [1, 2, 1, 2, 3], "value": [1] * 5}, Type.NUMBER, "2 people have more than one row"),
        ({"person_id": [1, 4711], "value": [1, 2]}, Type.NUMBER, "1 ids of the result are nobody's"),
        ({"person_id": [1], "value": ["张三"]}, Type.NUMBER, "declared as number; the SQL gives string, which"),
        ({"person_id": [1], "value": [1.5]}, Type.INTEGER, "declared as integer; the SQL gives double, which"),
        ({"person_id": [1], "value": [1 << 40]}, Type.SMALL, "declared as small"),
        ({"person_id": [1], "value": [Decimal("0.12345")]}, Type.MONEY, "declared as money"),
        ({"person_id": [1], "value": [10**15]}, Type.MONEY, "declared as money; the SQL gives int64"),
        ({"person_id": [1], "value": [date(2026, 1, 1)]}, Type.FLAG, "declared as flag"),
        ({"person_id": [1], "value": [2]}, Type.FLAG, "declared as flag; the SQL gives int64"),
        ({"person_id": [1], "value": [True]}, Type.NUMBER, "declared as number; the SQL gives bool"),
        ({"person_id": [1], "value": pa.array([0], pa.timestamp("us"))}, Type.INSTANT, "declared as instant"),
        ({"person_id": [1], "value": [datetime(2026, 1, 31, tzinfo=UTC)]}, Type.DATE, "declared as date"),
        ({"person_id": [1, 2], "value": [float("nan"), float("inf")]}, Type.NUMBER, "2 people have a value that is no"),
    ],
)
def test_a_result_that_does_not_fit_is_refused_without_naming_anybody(table, of, message):
    with pytest.raises(SqlError) as caught:
        values(pa.table(table), of, PEOPLE)
    assert message in str(caught.value)
    assert "张三" not in str(caught.value)
    assert "4711" not in caught.value.message.what(Language.ZH)


def test_no_rows_are_no_values():
    assert told(pa.array([], pa.int64()), pa.array([], pa.float64())).num_rows == 0


def test_from_sql_to_values():
    orders = pa.table({"person_id": [2, 1, 1], "amount": [3, 4, 5]})
    table = run("SELECT person_id, sum(amount) AS value FROM orders GROUP BY 1", {"orders": orders}, Limits())
    assert values(table, Type.INTEGER, PEOPLE).to_pydict() == {"person_id": [1, 2], "value": [9, 3]}
