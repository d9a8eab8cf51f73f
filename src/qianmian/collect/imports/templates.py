"""The mappings that come with the product: one for each file that a platform lets merchants download."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qianmian.collect import templates
from qianmian.collect.imports.declaration import near
from qianmian.core.errors import UnknownNameError

_FOLDER = Path(templates.__file__).parent


@dataclass(frozen=True)
class Template:
    """A mapping that comes with the product.

    Attributes:
        name: ``platform/file``, such as ``taobao/order_lines``.
        about: which download it reads.
        text: the YAML.
    """

    name: str
    about: str
    text: str


def all_templates() -> list[Template]:
    """Every template, by name."""
    return [_read(file) for file in sorted(_FOLDER.glob("*/*.yaml"))]


def find_template(name: str) -> Template:
    """One template.

    Raises:
        UnknownNameError: there is none of that name.
    """
    known = {template.name: template for template in all_templates()}
    if name not in known:
        raise UnknownNameError("no_template", template=name, near=near(name, known))
    return known[name]


def _read(file: Path) -> Template:
    text = file.read_text("utf-8")
    about, _, _ = text.partition("\n")
    return Template(f"{file.parent.name}/{file.stem}", about.removeprefix("# "), text)
