"""Plans that come with the product, to begin from: one for each part of a social shop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from qianmian.collect.imports.declaration import near
from qianmian.collect.plan.declaration import read_plan
from qianmian.collect.plan.plan import Plan
from qianmian.core.errors import UnknownNameError

_FOLDER = files("qianmian.collect.plan") / "starters"
#: In the order of a story: buy, talk, buy together, watch, bring friends, be asked, be served, be delivered to.
NAMES = ("shop", "social", "group_buy", "live", "referral", "survey", "service", "logistics")


@dataclass(frozen=True)
class Starter:
    """A plan that comes with the product.

    Attributes:
        name: such as ``group_buy``.
        text: the YAML.
        plan: what it says.
    """

    name: str
    text: str
    plan: Plan


def all_starters() -> list[Starter]:
    """Every starter plan, in the order of `NAMES`."""
    return find_starters(NAMES)


def find_starters(names: Iterable[str]) -> list[Starter]:
    """Some starter plans.

    Raises:
        UnknownNameError: there is none of a name.
    """
    return [_read(name) for name in names]


def _read(name: str) -> Starter:
    if name not in NAMES:
        raise UnknownNameError("no_starter", starter=name, near=near(name, NAMES))
    text = (_FOLDER / f"{name}.yaml").read_text("utf-8")
    return Starter(name, text, read_plan(text, f"{name}.yaml"))
