"""What the code declares is written down, and what is written down is true of the code."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.declared import SOURCE, failpoints, failpoints_in
from docs.generate import FOLDER, PAGES, render
from qianmian.core.settings import Settings
from tests.architecture.source import PRODUCT, Function, Source

STATUSES = {"works", "partial", "not yet"}
#: How many systems each part of the mission has; none may drop out of the status table.
SYSTEMS = {"C": 8, "U": 3, "P": 12, "S": 6, "A": 12, "M": 12, "G": 4, "L": 3}


def undocumented(module: Source) -> Iterator[str]:
    """Public names without a docstring, or with one that only repeats the name."""
    for owner, node in public_nodes(module.tree, module.name):
        docstring = ast.get_docstring(node) or ""
        first = docstring.partition("\n")[0]
        if not first or words(first) <= words(owner.rpartition(".")[2]) | {"a", "an", "the"}:
            yield owner


def public_nodes(
    node: ast.Module | ast.ClassDef, name: str
) -> Iterator[tuple[str, ast.Module | ast.ClassDef | Function]]:
    """A module or class with its public members, however deep."""
    yield name, node
    for child in node.body:
        if isinstance(child, ast.ClassDef | Function) and not child.name.startswith("_"):
            if isinstance(child, ast.ClassDef):
                yield from public_nodes(child, f"{name}.{child.name}")
            else:
                yield f"{name}.{child.name}", child


def words(text: str) -> set[str]:
    """The words of a sentence or of a name in any spelling."""
    return set(re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()))


def status_rows(readme: str) -> list[list[str]]:
    """The cells of each row of the README's status table."""
    return [
        [cell.strip() for cell in line.strip()[1:-1].split("|")]
        for line in readme.splitlines()
        if re.match(r"\| [A-Z]\d+ \|", line)
    ]


def status_problems(rows: list[list[str]]) -> Iterator[str]:
    """Rows that promise what nobody can try, or say nothing clear."""
    yield from (f"{name}: twice" for name, times in Counter(row[0] for row in rows).items() if times > 1)
    for name, _, status, how in rows:
        if status not in STATUSES:
            yield f"{name}: status {status!r}"
        if status != "not yet" and "`" not in how:
            yield f"{name}: {status}, but no command to try"


def unlisted_decisions(folder: Path) -> set[str]:
    """Decisions that the index does not link."""
    index = (folder / "README.md").read_text("utf-8")
    return {file.name for file in folder.glob("[0-9]*.md") if f"({file.name})" not in index}


def dead_links(page: Path) -> Iterator[str]:
    """Relative links of a page that lead nowhere."""
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if not (page.parent / target).exists():
            yield f"{page.name}: {target}"


def test_every_public_name_says_what_it_means() -> None:
    assert [name for module in PRODUCT for name in undocumented(module)] == []


def test_a_missing_or_empty_docstring_is_found() -> None:
    text = '"""Times."""\nclass RowCount:\n    """The row count."""\ndef load(): ...\ndef _hidden(): ...'
    assert list(undocumented(Source("core.clock", text))) == ["core.clock.RowCount", "core.clock.load"]


@pytest.mark.parametrize("page", PAGES)
def test_a_generated_reference_is_current(page: str) -> None:
    assert (FOLDER / page).read_text("utf-8") == render(page), "run: make docs"


def test_every_setting_has_a_meaning() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
    assert all(f"`{name}`" in render("settings.md") for name in Settings.model_fields)


def test_a_failpoint_has_one_name_and_a_doc() -> None:
    points = failpoints()
    assert [name for name, times in Counter(point.name for point in points).items() if times > 1] == []
    assert [point.name for point in points if not point.doc] == []


def test_a_failpoint_is_found_only_as_a_literal() -> None:
    [point] = failpoints_in(
        'die = failpoint("commit.before", "files are synced, "\n"nothing is visible")', SOURCE / "a.py"
    )
    assert (point.name, point.doc) == ("commit.before", "files are synced, nothing is visible")
    with pytest.raises(ValueError, match="must be literals"):
        list(failpoints_in("die = failpoint(name, 'doc')", SOURCE / "a.py"))


def test_the_changelog_has_a_place_for_the_next_line(root: Path) -> None:
    assert "## [Unreleased]" in (root / "CHANGELOG.md").read_text("utf-8")


def test_every_decision_is_in_the_index(root: Path, tmp_path: Path) -> None:
    assert unlisted_decisions(root / "docs/decisions") == set()
    (tmp_path / "README.md").write_text("[one](0001-one.md)")
    (tmp_path / "0001-one.md").touch()
    (tmp_path / "0002-two.md").touch()
    assert unlisted_decisions(tmp_path) == {"0002-two.md"}


def test_the_status_table_promises_only_what_can_be_tried(root: Path) -> None:
    rows = status_rows((root / "README.md").read_text("utf-8"))
    assert [row[0] for row in rows] == [f"{part}{n}" for part, last in SYSTEMS.items() for n in range(1, last + 1)]
    assert list(status_problems(rows)) == []
    wrong = [["C1", "tracking", "works", "soon"], ["C1", "tracking", "nearly", "`make demo`"]]
    assert list(status_problems(wrong)) == ["C1: twice", "C1: works, but no command to try", "C1: status 'nearly'"]


def test_links_between_pages_lead_somewhere(root: Path, tmp_path: Path) -> None:
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    assert [link for page in pages for link in dead_links(page)] == []
    (tmp_path / "page.md").write_text("[gone](gone.md) [web](https://example.org) [here](page.md#top)")
    assert list(dead_links(tmp_path / "page.md")) == ["page.md: gone.md"]
