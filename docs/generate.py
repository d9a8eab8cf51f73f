"""Write the references under docs/reference from what the code declares; `make docs` runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from docs.declared import declarations, failpoints
from docs.doors import api_page, cli_page
from docs.metrics import metrics_page
from docs.openapi import openapi_text
from docs.sql import sql_page
from docs.tags import tags_page
from qianmian.core.settings import FILE_NAME, Settings
from qianmian.core.tables import Erase, Table

SCHEMA = Path(__file__).parent.parent / "console" / "openapi.json"
FOLDER = Path(__file__).parent / "reference"
HEADER = "<!-- Written by `make docs` from the code: change the code, not this page. -->\n\n"


def settings_page() -> str:
    """Every setting, its default and its environment variable."""
    prefix = Settings.model_config["env_prefix"]
    rows = [
        (f"`{name}`", _default(field), f"`{prefix}{name.upper()}`", str(field.description))
        for name, field in Settings.model_fields.items()
    ]
    return (
        "# Settings\n\n"
        f"A workspace's settings stand in its `{FILE_NAME}`; an environment variable of the same name wins over it.\n\n"
        + _grid(("setting", "default", "environment", "meaning"), rows)
    )


def tables_page() -> str:
    """The data dictionary: every declared table with its columns."""
    page = (
        "# Data dictionary\n\n"
        "Everything a stage leaves behind is a declared table.\n"
        "How the tables hang together: [data model](../concepts/data-model.md).\n"
    )
    for module, tables in declarations().items():
        page += f"\n## {module.split('.')[1]}\n" + "".join(_table(table) for table in tables)
    return page


def failpoints_page() -> str:
    """Every failpoint, with what has and has not happened when it is reached."""
    rows = [(f"`{point.name}`", f"`{point.module}`", point.doc) for point in failpoints()]
    return (
        "# Failpoints\n\n"
        "A failpoint is a named place in the real code where a fault test makes the process die (SIGKILL), to prove\n"
        "that nothing acknowledged is lost there and nothing counted twice. Unarmed it does nothing.\n\n"
        + _grid(("failpoint", "module", "what has happened, what has not"), rows)
    )


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "tables.md": tables_page,
    "failpoints.md": failpoints_page,
    "cli.md": cli_page,
    "api.md": api_page,
    "tags.md": tags_page,
    "metrics.md": metrics_page,
    "sql.md": sql_page,
}


def render(page: str) -> str:
    """The whole text of a generated page."""
    return HEADER + PAGES[page]()


def _table(table: Table) -> str:
    facts = [
        f"{table.grain[:1].upper()}{table.grain[1:]}.",
        f"Key: {', '.join(f'`{name}`' for name in table.key)}.",
        f"Home: {table.home.value}.",
        f"Erasure: {_erasure(table.erase)}.",
    ]
    if table.partition_by:
        facts.append(f"Partitioned by {', '.join(f'`{name}`' for name in table.partition_by)}.")
    if table.sort_by:
        facts.append(f"Sorted by {', '.join(f'`{name}`' for name in table.sort_by)}.")
    if table.released_by:
        facts.append(f"Becomes visible with the commit of `{table.released_by}`.")
    if table.retention_days:
        facts.append(f"Kept for {table.retention_days} days.")
    rows = [
        (f"`{c.name}`", c.type.value[0], "" if c.nullable else "yes", c.personal.value, c.doc) for c in table.columns
    ]
    grid = _grid(("column", "type", "required", "personal data", "meaning"), rows)
    return f"\n### {table.name}\n\n" + "\n".join(facts) + f"\n\n{grid}"


def _erasure(erase: Erase) -> str:
    if erase.through:
        return f"{erase.leave.value}, decided by `{erase.through}`"
    nodes = " or ".join(f"`{name}`" for name in erase.nodes)
    return erase.leave.value + (f" by {nodes}" if nodes else "")


def _default(field: FieldInfo) -> str:
    return "required" if field.is_required() else f"`{field.default}`"


def _grid(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    for page in PAGES:
        (FOLDER / page).write_text(render(page), encoding="utf-8")
        print(f"docs/reference/{page}")
    SCHEMA.write_text(openapi_text(), encoding="utf-8")
    print("console/openapi.json")


if __name__ == "__main__":
    main()
