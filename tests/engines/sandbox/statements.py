"""What somebody might try, and what must become of it."""

from __future__ import annotations

import pyarrow as pa

ORDERS = pa.table(
    {
        "person_id": pa.array([1, 1, 2, 3], pa.int64()),
        "amount": pa.array([1.5, 2.0, 3.0, None], pa.float64()),
        "name": ["a", "b", "张三的秘密", None],
        "user": ["u", "v", "w", "x"],
    }
)
PEOPLE = pa.table({"person_id": pa.array([1, 2, 3], pa.int64()), "age": pa.array([30, 40, 50], pa.int32())})
RELATIONS = {"orders": ORDERS, "People": PEOPLE}
COLUMNS = {name: table.column_names for name, table in RELATIONS.items()}

#: SQL → the message that refuses it. ``{lake}`` is a folder with a file in it, ``{port}`` where somebody hears.
HOSTILE: dict[str, str] = {
    # statements
    "COPY orders TO '{lake}/orders.csv'": "sql_not_select",
    "COPY (SELECT 1) TO '{lake}/part.parquet' (FORMAT parquet)": "sql_not_select",
    "ATTACH '{lake}/new.db'": "sql_not_select",
    "ATTACH '{lake}/new.db' AS x; CREATE TABLE x.t AS SELECT 1": "sql_not_one",
    "PRAGMA database_list": "sql_not_select",
    "PRAGMA enable_external_access": "sql_not_select",
    "SET enable_external_access = true": "sql_not_select",
    "SET allowed_directories = ['{lake}']": "sql_not_select",
    "RESET lock_configuration": "sql_not_select",
    "INSTALL httpfs": "sql_not_select",
    "LOAD '{lake}/x.duckdb_extension'": "sql_not_select",
    "EXPORT DATABASE '{lake}/all'": "sql_not_select",
    "CREATE TABLE t AS SELECT 1": "sql_not_select",
    "CREATE MACRO m() AS 1": "sql_not_select",
    "DROP VIEW orders": "sql_not_select",
    "EXPLAIN ANALYZE SELECT 1": "sql_not_select",
    "PREPARE p AS SELECT 1": "sql_not_select",
    "CALL pragma_version()": "sql_not_select",
    "PIVOT orders ON name USING sum(amount)": "sql_not_select",
    "INSERT INTO orders SELECT * FROM orders": "sql_not_select",
    "SELECT 1; COPY orders TO '{lake}/second.csv'": "sql_not_one",
    "SELECT 1;;SELECT 2": "sql_not_one",
    "SELECT 1 /* ; */; -- \n DELETE FROM orders": "sql_not_one",
    "": "sql_not_one",
    "-- nothing": "sql_not_one",
    "SELECT 1 INTO x": "sql_syntax",
    "SELECT * FROM (COPY orders TO '{lake}/inner.csv')": "sql_syntax",
    "WITH x AS (COPY orders TO '{lake}/cte.csv') SELECT 1": "sql_form",
    "WITH x AS (INSERT INTO orders VALUES (1)) SELECT 1": "sql_form",
    "SELECT * FROM orders WHERE person_id = ?": "sql_form",
    "SELECT $name": "sql_form",
    # other relations
    "SELECT * FROM '{lake}/people.csv'": "sql_relation",
    'SELECT * FROM "{lake}/people.csv"': "sql_relation",
    "FROM '{lake}/people.csv'": "sql_relation",
    "SELECT * FROM main.orders": "sql_relation",
    "SELECT * FROM memory.main.orders": "sql_relation",
    "SELECT * FROM information_schema.tables": "sql_relation",
    "SELECT * FROM duckdb_settings": "sql_relation",
    "SELECT * FROM sqlite_master": "sql_relation",
    "SELECT * FROM оrders": "sql_relation",  # the first letter is Cyrillic
    "SELECT * FROM ｏrders": "sql_relation",  # and here it is wide
    'SELECT * FROM "orders "': "sql_relation",
    "WITH duckdb_settings AS (FROM duckdb_settings) FROM duckdb_settings": "sql_relation",
    "SELECT (WITH sqlite_master AS (SELECT 1 AS a) SELECT a FROM sqlite_master) FROM sqlite_master": "sql_relation",
    "SELECT * FROM read_csv('{lake}/people.csv')": "sql_form",
    "SELECT * FROM/**/ReAd_TeXt('{lake}/people.csv')": "sql_form",
    "SELECT * FROM \"read_blob\"('{lake}/people.csv')": "sql_form",
    "SELECT * FROM read_csv('http://127.0.0.1:{port}/x')": "sql_form",
    "SELECT * FROM glob('{lake}/*')": "sql_form",
    "SELECT * FROM query('SELECT 1')": "sql_form",
    "SELECT * FROM query_table('orders')": "sql_form",
    "SELECT * FROM duckdb_secrets()": "sql_form",
    "SELECT * FROM range(2000000000)": "sql_form",
    "SELECT * FROM unnest([1, 2])": "sql_form",
    "SELECT * FROM arrow_scan(0, 0, 0)": "sql_form",
    "SUMMARIZE orders": "sql_form",
    "DESCRIBE orders": "sql_form",
    "SHOW TABLES": "sql_form",
    "SELECT * FROM (SUMMARIZE orders)": "sql_form",
    "SELECT * FROM orders PIVOT (sum(amount) FOR name IN ('a', 'b'))": "sql_form",
    "UNPIVOT orders ON amount": "sql_form",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r": "sql_form",
    "WITH r USING KEY (n) AS (SELECT 1 AS n) SELECT n FROM r": "sql_form",
    "SELECT * FROM orders AT (VERSION => 1)": "sql_form",
    "SELECT * FROM orders POSITIONAL JOIN People": "sql_form",
    "SELECT * FROM orders ASOF JOIN People USING (person_id)": "sql_form",
    "SELECT * FROM orders NATURAL JOIN People": "sql_form",
    "SELECT * FROM orders TABLESAMPLE 10%": "sql_form",
    "SELECT * FROM orders USING SAMPLE 3": "sql_form",
    # columns
    "SELECT COLUMNS(*) FROM orders": "sql_form",
    "SELECT COLUMNS('a.*') FROM orders": "sql_form",
    "SELECT * REPLACE (1 AS amount) FROM orders": "sql_form",
    "SELECT * RENAME (amount AS a) FROM orders": "sql_form",
    "SELECT * FROM orders ORDER BY ALL": "sql_form",
    "SELECT #1 FROM orders": "sql_form",
    "SELECT rowid FROM orders": "sql_bare_column",
    "SELECT user FROM orders": "sql_bare_column",
    "SELECT current_schema": "sql_bare_column",
    "SELECT orders.rowid FROM orders": "sql_column",
    "SELECT orders FROM orders": "sql_column",
    "SELECT name.first FROM orders": "sql_column",
    # functions
    "SELECT repeat('x', 2000000000)": "sql_function",
    "SELECT \"RePeAt\"('x', 2000000000)": "sql_function",
    "SELECT 'x'.repeat(2000000000)": "sql_function",
    "SELECT lpad('x', 2000000000, 'y')": "sql_function",
    "SELECT printf('%2000000000d', 1)": "sql_function",
    "SELECT string_agg(name, ',') FROM orders": "sql_function",
    "SELECT list(name) FROM orders": "sql_function",
    "SELECT main.sum(amount) FROM orders": "sql_function",
    "SELECT unnest([1, 2, 3])": "sql_function",
    "SELECT generate_series(1, 2000000000)": "sql_function",
    "SELECT list_transform([1], lambda x: x + 1)": "sql_function",
    "SELECT [x FOR x IN [1, 2]]": "sql_function",
    "SELECT {{'a': 1}}": "sql_function",
    "SELECT array(SELECT 1)": "sql_function",
    "SELECT getenv('HOME')": "sql_function",
    "SELECT getvariable('x')": "sql_function",
    "SELECT current_setting('threads')": "sql_function",
    "SELECT sleep_ms(60000)": "sql_function",
    "SELECT error('x')": "sql_function",
    "SELECT write_log('x')": "sql_function",
    "SELECT json_serialize_sql('SELECT 1')": "sql_function",
    "SELECT factorial(1000000)": "sql_function",
    "SELECT levenshtein(name, name) FROM orders": "sql_function",
    "SELECT random()": "sql_unrepeatable",
    "SELECT uuid()": "sql_unrepeatable",
    "SELECT now()": "sql_unrepeatable",
    "SELECT current_date": "sql_unrepeatable",
    "SELECT current_timestamp FROM orders": "sql_unrepeatable",
    "SELECT amount FROM orders ORDER BY random()": "sql_unrepeatable",
    "SELECT nextval('s')": "sql_unrepeatable",
    # forms of expressions
    "SELECT name -> 'a' FROM orders": "sql_form",
    "SELECT name['a'] FROM orders": "sql_form",
    "SELECT name COLLATE nocase FROM orders": "sql_form",
    "SELECT DEFAULT": "sql_form",
    "SELECT fill(amount) OVER (ORDER BY amount) FROM orders": "sql_form",
    "SELECT 1 UNION ALL BY NAME SELECT 2": "sql_form",
    "SELECT sum(x := amount) FROM orders": "sql_form",
    "SELECT amount FROM orders ORDER BY 1 LIMIT (SELECT 1)": "sql_form",
    "SELECT amount FROM orders ORDER BY 1 LIMIT 10%": "sql_form",
    "SELECT amount::STRUCT(a INTEGER) FROM orders": "sql_type",
    "SELECT amount::INTEGER[] FROM orders": "sql_type",
    "SELECT name::ENUM('a') FROM orders": "sql_type",
    "SELECT name::main.x FROM orders": "sql_type",
    # what lies first
    "SELECT amount FROM orders LIMIT 1": "sql_unordered",
    "SELECT DISTINCT ON (name) amount FROM orders": "sql_unordered",
    "SELECT row_number() OVER () FROM orders": "sql_unordered",
    "SELECT amount FROM (SELECT * FROM orders LIMIT 1) AS o ORDER BY amount": "sql_unordered",
}

#: Allowed as a text; what becomes of them is for the limits.
BOMBS: dict[str, str] = {
    "a cross join": "SELECT count(*) FROM "
    + ", ".join(f"many AS m{n}" for n in range(4))
    + " WHERE m0.n + m1.n + m2.n = m3.n",
    "doubled text": "WITH a0 AS (SELECT 'abcdefgh' AS x)"
    + "".join(f", a{n + 1} AS (SELECT x || x AS x FROM a{n})" for n in range(40))
    + " SELECT length(x) FROM a40",
    "grown text": "SELECT length(" + "replace(" * 12 + "'x'" + ", 'x', 'xxxxxxxx')" * 12 + ")",
    "a sort of a cross join": "SELECT a.n FROM many AS a, many AS b ORDER BY hash_free LIMIT 1".replace(
        "hash_free", "(a.n * 7919 + b.n) % 104729"
    ),
    "nested parentheses": "SELECT * FROM " + "(" * 4_900 + "many" + ")" * 4_900,
}
