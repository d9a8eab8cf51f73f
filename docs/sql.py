"""The page of what a person's SQL may say, written from the lists that the check goes by."""

from __future__ import annotations

from qianmian.engines.sandbox.check import MOST_CHARACTERS, MOST_LEVELS
from qianmian.engines.sandbox.contracts import Limits
from qianmian.engines.sandbox.functions import ALLOWED, NEEDS_ORDER, TYPES, UNREPEATABLE

_INTRODUCTION = """# What SQL may say

SQL that a person wrote is one `SELECT` in DuckDB's dialect, over relations that it is given, and nothing else
([decision 0042](../decisions/0042-sql-sandbox.md)). Whatever is not on this page is refused, with its name.

- **Relations**: those that are given, by their bare names, and those that `WITH` makes; never a file, a schema, a
  catalogue or a table function. `WITH RECURSIVE` that reads itself is refused.
- **Forms**: `WHERE`, `GROUP BY` (also `ALL`, `ROLLUP`, `CUBE`), `HAVING`, `QUALIFY`, `ORDER BY`, `DISTINCT`, `UNION`,
  `EXCEPT`, `INTERSECT`, `VALUES`, subqueries, windows, `CASE`, `CAST` and `TRY_CAST`, `* EXCLUDE (…)`; joins that are
  inner, left, right, full, cross, semi or anti. Not `PIVOT`, `NATURAL`, `ASOF`, `POSITIONAL`, samples, `COLUMNS(…)`,
  lambdas, lists, structs, or `->`.
- **The same rows give the same result**: `LIMIT` and `DISTINCT ON` need an `ORDER BY` beside them, and some windows one
  of their own. There is no present instant and no chance.
- **The result** has single values only, in columns of different names. Instants are UTC; the local time of one is
  `timezone('Asia/Shanghai', at)`.
- **Limits**: """


def sql_page() -> str:
    """Functions, operators and types by what they are for, and the limits that hold where nothing else is said."""
    limits = Limits()
    text = _INTRODUCTION + (
        f"{MOST_CHARACTERS:,} characters, {MOST_LEVELS} levels of its tree; {limits.seconds} seconds, "
        f"{limits.memory_mib} MiB of memory, {limits.rows:,} rows and {limits.bytes >> 20} MiB of result unless the "
        "caller says otherwise.\n\n| for | functions and operators |\n|---|---|\n"
    )
    text += "".join(f"| {purpose} | {_listed(names)} |\n" for purpose, names in ALLOWED.items())
    text += f"\nThese need an `ORDER BY` in their window: {_listed(sorted(NEEDS_ORDER))}.\n"
    text += f"\nTypes to cast to: {_listed(sorted(TYPES))}.\n"
    return text + f"\nRefused, since they differ from run to run: {_listed(sorted(UNREPEATABLE))}.\n"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return " ".join("`" + name.replace("|", "\\|") + "`" for name in names)
