"""Named SQL steps: a computation that can be read, run and looked into step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import duckdb

from qianmian.lake.connection import quoted
from qianmian.lake.durable import storage_errors


@dataclass(frozen=True)
class Step:
    """One SELECT whose rows later steps know under its name.

    Attributes:
        name: name of the temporary table or view.
        sql: one SELECT; ``$name`` stands for a bound value.
        values: the bound values.
        materialise: keep the rows (a table) or compute them at each use (a view, which cannot bind values).
    """

    name: str
    sql: str
    values: Mapping[str, object] = field(default_factory=dict)
    materialise: bool = True

    def __post_init__(self) -> None:
        if self.values and not self.materialise:
            raise ValueError(f"step {self.name!r}: a view cannot bind values; materialise it")


def run_steps(connection: duckdb.DuckDBPyConnection, steps: Iterable[Step]) -> None:
    """Run steps in order; each leaves a temporary table or view of its name, which replaces an earlier one.

    Raises:
        StorageFullError: no room to spill.
    """
    for step in steps:
        what = "TABLE" if step.materialise else "VIEW"
        try:
            with storage_errors(step.name):
                connection.execute(f"CREATE OR REPLACE TEMP {what} {quoted(step.name)} AS {step.sql}", step.values)
        except Exception as error:
            error.add_note(f"in step {step.name!r}")
            raise


def explain(steps: Iterable[Step]) -> str:
    """The steps as text: names, SQL, and the names of the bound values, which themselves stay out of sight."""
    return "\n\n".join(_text(step) for step in steps)


def _text(step: Step) -> str:
    bound = f"  -- binds {', '.join(f'${name}' for name in step.values)}" if step.values else ""
    return f"-- {step.name}: {'table' if step.materialise else 'view'}{bound}\n{step.sql.strip()}"
