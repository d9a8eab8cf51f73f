"""Imports go down, never round, and stand at the top of the file where a reader looks for them."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.architecture.source import EVERYTHING, PRODUCT, ROOT, Source

#: Files that run code when they are opened.
CODE_AS_DATA = {"pickle", "joblib", "dill", "cloudpickle", "marshal", "shelve"}
#: Libraries that take as long to load as all the rest, which no command shall wait for that does not ask them.
SLOW = ("sklearn.", "scipy.stats.", "scipy.optimize.")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package ``qianmian`` in a folder, with that folder's contracts."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def edges(modules: Iterable[Source]) -> dict[str, set[str]]:
    """Who imports whom, counting every import of the text, also those inside functions."""
    modules = list(modules)
    names = {module.name for module in modules}
    graph: dict[str, set[str]] = {module.name: set() for module in modules}
    for module in modules:
        for node in module.imports():
            for wanted in targets(node):
                known = wanted if wanted in names else wanted.rpartition(".")[0]
                if known in names:
                    graph[module.name].add(known)
    return graph


def targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The dotted names that an import may mean; ``from a import b`` is ``a.b``, which may be module ``a``'s ``b``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names]


def loop(graph: dict[str, set[str]]) -> list[str]:
    """One import loop, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def buried_imports(module: Source) -> list[int]:
    """Lines of imports that do not stand at the top level of the module, but for those of `SLOW` libraries."""
    top = {id(node) for node in module.tree.body}
    buried = [node for node in module.imports() if id(node) not in top]
    return [node.lineno for node in buried if not all(name.startswith(SLOW) for name in targets(node))]


def imports_code_as_data(module: Source) -> set[str]:
    """Which of `CODE_AS_DATA` a module imports."""
    return {name.split(".")[0] for node in module.imports() for name in targets(node)} & CODE_AS_DATA


def test_the_layers_hold() -> None:
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("core/events.py", "import qianmian.app.pipeline", "Imports go down only"),
        ("privacy/vault.py", "import qianmian.learning.churn", "Imports go down only"),
        ("world/shop.py", "import qianmian.collect.decode", "The ground truth knows the vocabulary"),
        ("app/pipeline.py", "import qianmian.world.shop", "Nothing but the command line"),
        ("engines/local.py", "import pyspark", "Spark is one engine's business"),
        ("collect/decode.py", "import deltalake", "The table format"),
        ("unify/orders.py", "import duckdb", "Stages hand over SQL"),
        ("unify/orders.py", "import sklearn", "The library that learns"),
        ("app/pipeline.py", "import splink", "The library that compares records"),
        ("app/pipeline.py", "import starlette.routing", "The web framework"),
        ("app/pipeline.py", "import sklearn.ensemble", "The library that learns"),
        ("http/collect.py", "import rich.table", "The command-line library"),
    ],
)
def test_each_contract_can_break(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    package = tmp_path / "qianmian"
    for name in ("app/pipeline", "collect/decode", "learning/churn", "world/shop", "core/events", module[:-3]):
        file = package / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        (file.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / module).write_text(f"{line}\n")
    report = lint_imports(tmp_path).stdout
    broken = [row for row in report.splitlines() if row.endswith("BROKEN")]
    assert any(row.startswith(contract) for row in broken), report


def test_no_module_imports_itself_through_others() -> None:
    assert loop(edges(PRODUCT)) == []


def test_a_loop_is_found_even_through_a_function() -> None:
    a = Source("shop.a", "from shop.b import thing")
    b = Source("shop.b", "def late():\n    from shop import a")
    assert set(loop(edges([a, b]))) == {"shop.a", "shop.b"}
    assert loop(edges([a, Source("shop.b", "import shop")])) == []


def test_imports_stand_at_the_top_of_the_file() -> None:
    assert {module.name: lines for module in EVERYTHING if (lines := buried_imports(module))} == {}


def test_slow_libraries_are_imported_where_they_are_used() -> None:
    top = {module.name: node.lineno for module in PRODUCT for node in module.tree.body if _is_slow(node)}
    assert top == {}


def _is_slow(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom) and any(name.startswith(SLOW) for name in targets(node))


def test_a_buried_import_is_found() -> None:
    assert buried_imports(Source("a", "def f():\n    from scipy.stats import rankdata")) == []
    assert buried_imports(Source("a", "import os\ndef f():\n    import json")) == [3]
    assert buried_imports(Source("a", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os")) == [3]


def test_nothing_is_stored_as_code() -> None:
    assert {module.name for module in EVERYTHING if imports_code_as_data(module)} == set()


def test_stored_code_is_found() -> None:
    assert imports_code_as_data(Source("a", "from joblib import dump\nimport json")) == {"joblib"}
