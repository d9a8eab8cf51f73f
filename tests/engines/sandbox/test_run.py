"""A person's SELECT gives what DuckDB gives, and errors tell nobody's data."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianmian.core.errors import SqlError, SqlLimitError
from qianmian.engines.sandbox.contracts import Limits
from qianmian.engines.sandbox.run import run
from tests.engines.sandbox.statements import ORDERS, PEOPLE, RELATIONS

LIMITS = Limits(seconds=20, memory_mib=128)


def failure(sql: str, limits: Limits = LIMITS) -> SqlError:
    with pytest.raises(SqlError) as caught:
        run(sql, RELATIONS, limits)
    return caught.value


def plain(sql: str) -> pa.Table:
    """What DuckDB says without a sandbox."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("orders", ORDERS)
        connection.register("people", PEOPLE)
        return connection.sql(sql).to_arrow_table()


_numbers = st.one_of(
    st.sampled_from(["amount", "o.person_id", "p.age"]), st.integers(-9, 9).map(str), st.just("coalesce(amount, 0)")
)
_sums = st.builds("({} {} {})".format, _numbers, st.sampled_from("+ - * / // %".split()), _numbers)
_tests = st.builds("{} {} {}".format, _sums, st.sampled_from("< <= = <> >".split()), _numbers)
_aggregates = st.builds("{}({})".format, st.sampled_from("sum avg min max count median".split()), _sums)
_cases = st.builds(
    "CASE WHEN {} THEN {} ELSE {} END".format, _tests, _aggregates.map(lambda _: "'yes'"), st.just("name")
)
_queries = st.one_of(
    st.builds(
        "SELECT o.person_id, {} AS a, {} AS b FROM orders AS o JOIN people AS p USING (person_id) "
        "WHERE {} ORDER BY 1, 2, 3".format,
        _sums,
        _cases,
        _tests,
    ),
    st.builds(
        "SELECT o.person_id, {} AS a FROM orders AS o LEFT JOIN people AS p USING (person_id) "
        "GROUP BY 1 ORDER BY 1".format,
        _aggregates,
    ),
    st.builds(
        "SELECT name, rank() OVER (ORDER BY {}, name) AS r FROM orders AS o, people AS p WHERE {} ORDER BY 2, 1".format,
        _sums,
        _tests,
    ),
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(_queries)
def test_the_result_is_what_duckdb_says_without_a_sandbox(sql):
    try:
        expected = plain(sql)
    except duckdb.InvalidInputException:  # nothing else than a division can go wrong in these
        assert failure(sql).message.name == "sql_division"
        return
    found = run(sql, RELATIONS, LIMITS)
    assert (found.schema, str(found.to_pydict())) == (expected.schema, str(expected.to_pydict()))  # NaN too


def test_single_values_of_every_kind_come_back():
    sql = (
        "SELECT 1 AS i, 1.50 AS d, 1e0 AS f, 'é' AS t, true AS b, date '2026-01-31' AS day, "
        "timestamptz '2026-01-31 12:00:00+08' AS at, timestamp '2026-01-31' AS local, interval 1 day AS long, NULL AS n"
    )
    assert run(sql, {}, LIMITS).equals(plain(sql))
    assert str(run(sql, {}, LIMITS)["at"].type) == "timestamp[us, tz=UTC]"


def test_a_reader_of_batches_is_a_relation_too():
    reader = pa.RecordBatchReader.from_batches(ORDERS.schema, ORDERS.to_batches(max_chunksize=1))
    assert run("SELECT count(*) AS n FROM a, a AS b", {"a": reader}, LIMITS).to_pydict() == {"n": [16]}


def test_many_rows_come_back_in_their_order():
    numbers = pa.table({"n": [n * 7_919 % 104_729 for n in range(104_729)]})
    found = run("SELECT n FROM numbers ORDER BY n DESC", {"numbers": numbers}, LIMITS)
    assert found["n"].to_pylist() == list(range(104_728, -1, -1))


def test_a_text_is_tried_over_empty_tables():
    empty = {"orders": ORDERS.schema.empty_table()}
    assert run("SELECT person_id, sum(amount) AS value FROM orders GROUP BY 1", empty, LIMITS).schema.names == [
        "person_id",
        "value",
    ]
    with pytest.raises(SqlError, match="does not fit what is given: Binder Error"):
        run("SELECT amount + name FROM orders", empty, LIMITS)


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("SELECT name::INTEGER AS v FROM orders", "sql_conversion"),
        ("SELECT max(strptime(name, '%Y')) AS v FROM orders", "sql_failed"),
        ("SELECT (person_id + 9223372036854775806) AS v FROM orders", "sql_out_of_range"),
        ("SELECT (SELECT name FROM orders) AS v", "sql_failed"),
        ("SELECT person_id // (person_id - 1) AS v FROM orders", "sql_division"),
        ("SELECT CAST(name AS DATE) AS v FROM orders", "sql_conversion"),
    ],
)
def test_an_error_of_a_row_tells_its_kind_and_not_the_row(sql, name):
    error = failure(sql)
    assert error.message.name == name
    assert "秘密" not in str(error)
    assert "9223372036854775" not in str(error)


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("SELECT amount FROM orders WHERE name > amount AND lower(amount, 1) = 2", "sql_unbound"),
        ("SELECT sum(amount), name FROM orders", "sql_unbound"),
        ("SELECT max(amount, 2) AS a FROM orders", "sql_result_type"),
        ("SELECT x'00' AS a", "sql_result_type"),
        ("SELECT pi() AS a; SELECT 1", "sql_not_one"),
        ("SELECT repeat('x', 2000000000) AS a", "sql_function"),
    ],
)
def test_what_cannot_be_used_is_told_by_name(sql, name):
    assert failure(sql).message.name == name


def test_the_result_is_bounded_in_rows_and_bytes():
    assert len(run("SELECT 1 FROM orders", RELATIONS, Limits(rows=4))) == 4
    assert failure("SELECT 1 FROM orders", Limits(rows=3)).message.name == "sql_too_many_rows"
    assert failure("SELECT 'x' || name FROM orders", Limits(bytes=100)).message.name == "sql_too_many_bytes"
    assert issubclass(SqlLimitError, SqlError)
