"""What a person's SQL may say, and that everything else is refused by name."""

from __future__ import annotations

import duckdb
import pytest

from qianmian.core.errors import SqlError
from qianmian.core.language import Language
from qianmian.engines.sandbox.check import MOST_CHARACTERS, checked
from qianmian.engines.sandbox.functions import ALLOWED, FUNCTIONS, SESSION_WORDS, UNREPEATABLE
from tests.engines.sandbox.statements import BOMBS, COLUMNS, HOSTILE


def refusal(sql: str) -> SqlError:
    with pytest.raises(SqlError) as caught:
        checked(sql, COLUMNS)
    return caught.value


@pytest.mark.parametrize("sql", HOSTILE)
def test_what_is_not_allowed_is_refused_by_name(sql):
    error = refusal(sql.format(lake="lake", port=1))
    assert error.message.name == HOSTILE[sql]
    assert all(error.message.what(language) for language in Language)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT person_id, sum(amount) AS value FROM orders GROUP BY person_id;",
        "select O.PERSON_ID, count(*) filter (where amount > 1) from Orders as o group by all having count(*) > 0",
        'SELECT "amount" /* a comment; with a semicolon */ FROM "ORDERS" -- and another',
        "FROM orders",
        "SELECT age, people.age AS today, orders.user FROM people JOIN orders USING (person_id) ORDER BY today",
        "TABLE orders",
        "VALUES (1, 'a'), (2, 'b')",
        "SELECT orders.user, o.* EXCLUDE (name) FROM orders JOIN orders AS o USING (person_id)",
        "WITH a AS (SELECT person_id AS p FROM orders), b(q) AS (FROM a) SELECT q FROM b UNION SELECT p FROM a",
        "WITH orders AS (SELECT * FROM orders WHERE amount > 1) SELECT amount FROM orders",
        "SELECT CASE amount WHEN 1 THEN 'one' ELSE name END, coalesce(name, '-'), nullif(amount, 0) FROM orders",
        "SELECT amount BETWEEN 1 AND 2, amount IN (1, 2), name LIKE 'a%', name IS NULL, NOT amount > 1 FROM orders",
        "SELECT date '2026-01-31' + INTERVAL 1 MONTH, extract(year FROM date '2026-01-31'), try_cast('1' AS INT)",
        "SELECT row_number() OVER (PARTITION BY name ORDER BY amount DESC NULLS LAST) AS r FROM orders QUALIFY r = 1",
        "SELECT sum(amount) OVER w FROM orders WINDOW w AS (ORDER BY amount ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
        "SELECT person_id FROM orders WHERE EXISTS (SELECT 1 FROM people WHERE people.person_id = orders.person_id)",
        "SELECT amount FROM orders WHERE amount > (SELECT avg(amount) FROM orders) AND person_id IN (SELECT 1)",
        "SELECT p FROM (SELECT person_id AS p, amount FROM orders) AS x(p, a) SEMI JOIN people ON p = person_id",
        "SELECT DISTINCT ON (name) name, amount FROM orders ORDER BY name, amount LIMIT 5 OFFSET 1",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount), arg_max(name, amount) FROM orders",
        "SELECT regexp_extract(name, '(a+)+$', 1), name ->> '$.a', timezone('UTC', make_timestamp(0)) FROM orders",
        "SELECT 1e5, 1.5, -2, true, NULL, x'00', 1 IS DISTINCT FROM 2, amount::DECIMAL(18, 2) FROM orders",
        "SELECT person_id, no_word FROM (SELECT person_id, 1 AS no_word FROM orders) GROUP BY ROLLUP (1, 2)",
        "SELECT '; DROP TABLE orders; COPY orders TO ''x'''",
    ],
)
def test_what_is_allowed_passes_unchanged(sql):
    assert checked(sql, COLUMNS) == sql


@pytest.mark.parametrize("bomb", [name for name in BOMBS if name != "nested parentheses"])
def test_what_only_takes_too_much_is_left_to_the_limits(bomb):
    checked(BOMBS[bomb], {"many": ["n"]})


def test_a_refusal_names_the_piece_and_a_way_out_in_both_languages():
    error = refusal("SELECT '张三', repeat('x', 5) FROM orders")
    assert error.message.what(Language.EN) == "SQL may not use the function 'repeat'"
    assert error.message.hint(Language.ZH) == "允许的函数见 docs/reference/sql.md"
    error = refusal("SELECT '张三' FROM orders ASOF JOIN people USING (person_id)")
    assert error.message.what(Language.ZH).startswith("SQL 不允许这种写法：ASOF JOIN people")
    error = refusal("SELECT * FROM '张三.parquet'")
    assert str(error).startswith("SQL may not read '张三.parquet'\n\nhint: it may read: People, orders")
    assert "列 'nam'" in refusal("SELECT nam FROM orders").message.what(Language.ZH)


def test_a_name_of_another_relation_in_with_is_seen_only_where_it_was_made():
    inner = "SELECT (WITH x AS (SELECT 1 AS a) SELECT a FROM x) AS a"
    assert checked(f"{inner} FROM orders", COLUMNS)
    assert refusal(f"{inner} FROM x").message.name == "sql_relation"
    assert refusal("WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a").message.name == "sql_relation"


def test_length_and_depth_are_bounded():
    assert refusal("SELECT " + "1," * MOST_CHARACTERS + "1").message.name == "sql_too_long"
    assert refusal("SELECT " + "-(" * 400 + "amount" + ")" * 400 + " FROM orders").message.name == "sql_too_deep"
    assert refusal("SELECT * FROM " + "(SELECT * FROM " * 500 + "orders" + ")" * 500).message.name == "sql_too_deep"
    assert refusal("SELECT amount" + " + 1" * 2_000 + " FROM orders").message.name in {"sql_too_deep", "sql_syntax"}
    assert checked("SELECT amount" + " + 1" * 60 + " FROM orders WHERE true" + " AND true" * 500, COLUMNS)


def test_every_function_that_is_allowed_exists_and_always_says_the_same():
    rows = duckdb.sql("SELECT function_name, function_type, stability FROM duckdb_functions()").fetchall()
    kinds = {
        name: (kind, stability) for name, kind, stability in rows if kind in ("scalar", "aggregate", "macro", "window")
    }
    asleep = {"^", "nullif"}  # the parser's own
    assert {name for name in FUNCTIONS if name not in kinds} - asleep == set()
    assert {name: kinds[name] for name in FUNCTIONS & kinds.keys() if kinds[name][1] not in (None, "CONSISTENT")} == {}
    assert not FUNCTIONS & (UNREPEATABLE | SESSION_WORDS)
    assert sum(map(len, ALLOWED.values())) == len(FUNCTIONS)


def test_every_function_that_differs_by_run_is_refused():
    rows = duckdb.sql(
        "SELECT DISTINCT function_name FROM duckdb_functions() "
        "WHERE stability <> 'CONSISTENT' AND function_type = 'scalar'"
    ).fetchall()
    assert FUNCTIONS & {name for [name] in rows} == set()
