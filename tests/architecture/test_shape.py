"""Files and functions stay small, and names tell the story."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.source import EVERYTHING, PRODUCT, ROOT, Function, Source

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
#: Words that say nothing about what is inside.
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "handler", "data2"}
EMPTY_VERBS = ("process_", "do_")
#: A place on one machine, which no other machine has.
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:work|root|tmp)/")
#: Packages that may bind names of others: the two surfaces that a user imports or starts.
SURFACES = {"qianmian", "qianmian.cli"}


def long_functions(module: Source) -> list[str]:
    """Functions longer than the limit, not counting the docstring."""
    return [
        f"{module.name}.{f.name}: {length}" for f in module.functions() if (length := body_length(f)) > LONGEST_FUNCTION
    ]


def body_length(function: Function) -> int:
    """Lines of a function without its docstring."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        length -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return length


def empty_names(module: Source) -> list[str]:
    """Names of the module, its classes and functions that tell no story; a name is judged by its last word."""
    defined = [node.name for node in ast.walk(module.tree) if isinstance(node, Function | ast.ClassDef)]
    found = [name for name in defined if last_word(name) in EMPTY_WORDS or name.lstrip("_").startswith(EMPTY_VERBS)]
    return found + [part for part in module.name.split(".") if last_word(part) in EMPTY_WORDS]


def last_word(name: str) -> str:
    """The last word of a name in any spelling: ``manager`` of ``TagManager``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().rpartition("_")[2]


def rebinding_packages(modules: Iterable[Source]) -> list[str]:
    """Packages whose ``__init__`` binds names of other modules."""
    packages = [module for module in modules if module.is_package and module.name not in SURFACES]
    return [package.name for package in packages if any(name[0] != "_" for name in imported_modules(package))]


def imported_modules(module: Source) -> list[str]:
    """The modules that a module imports, by their written names; ``__future__`` is one."""
    return [getattr(node, "module", None) or node.names[0].name for node in module.imports()]


def machine_paths(text: str) -> list[str]:
    """Lines that name a place on one machine."""
    return [line.strip() for line in text.splitlines() if MACHINE_PATH.search(line)]


def repository_texts() -> dict[str, str]:
    """Every text file that is, or could be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    texts = {}
    for name in filter(None, listed):
        content = Path(ROOT, name).read_bytes() if Path(ROOT, name).is_file() else b""
        if b"\0" not in content[:8192]:
            texts[name] = content.decode("utf-8", errors="replace")
    return texts


def test_files_are_short() -> None:
    lengths = {module.name: len(module.text.splitlines()) for module in EVERYTHING}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    assert [found for module in EVERYTHING for found in long_functions(module)] == []


def test_a_long_function_is_found_and_its_docstring_is_free() -> None:
    lines = "\n".join("    x = 1" for _ in range(LONGEST_FUNCTION - 1))
    assert long_functions(Source("a", f"def f():\n{lines}")) == []
    assert long_functions(Source("a", f'def f():\n    """Why.\n\n    How.\n    """\n{lines}')) == []
    assert long_functions(Source("a", f"def f():\n{lines}\n    x = 2")) == ["a.f: 61"]


def test_names_tell_the_story() -> None:
    assert {module.name: found for module in EVERYTHING if (found := empty_names(module))} == {}


def test_an_empty_name_is_found() -> None:
    text = "class TagManager: ...\ndef process_rows(): ...\ndef _do_it(): ...\ndef document(): ..."
    assert empty_names(Source("shop.utils", text)) == ["TagManager", "process_rows", "_do_it", "utils"]
    assert empty_names(Source("shop.graph", "def common_neighbours(): ...\nclass ServiceContacted: ...")) == []


def test_packages_bind_no_names_of_others() -> None:
    assert rebinding_packages(PRODUCT) == []


def test_a_rebinding_package_is_found() -> None:
    quiet = Source("a.b", '"""Why."""\nfrom __future__ import annotations', is_package=True)
    loud = Source("a", '"""Why."""\nfrom a.b import c', is_package=True)
    assert rebinding_packages([quiet, loud]) == ["a"]


def test_no_file_names_a_place_on_one_machine() -> None:
    assert {name: lines for name, text in repository_texts().items() if (lines := machine_paths(text))} == {}


def test_a_machine_path_is_found() -> None:
    assert machine_paths("see |tmp|x".replace("|", "/")) != []
    assert machine_paths("https://example.org/root/x and src/work/x") == []
