"""``qianmian profile erase`` and ``qianmian purpose …``: who leaves, and what data may be used for."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.privacy import ErasureTold, PurposeTold
from qianmian.app.shop import Shop
from qianmian.cli.door import Door, command
from qianmian.cli.exits import DECLINED
from qianmian.privacy.erasure import explain
from qianmian.privacy.purposes import Basis

_Purpose = Annotated[str, typer.Argument(help="Name of the purpose.", metavar="PURPOSE", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    profiles = next(group.typer_instance for group in app.registered_groups if group.name == "profile")
    assert profiles is not None
    command(profiles, "erase")(erase)
    group = typer.Typer(no_args_is_help=True, help="Purposes: what data may be used for, on which legal basis.")
    for name, function in (("list", list_purposes), ("add", add_purpose), ("remove", remove_purpose)):
        command(group, name)(function)
    app.add_typer(group, name="purpose")


def erase(
    door: Door,
    names: Annotated[list[str], typer.Argument(help="Names of the people.", metavar="NAME…", show_default=False)],
    only_plan: Annotated[bool, typer.Option("--plan", help="Print the plan, change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase people for good: prints the plan, asks, then carries it out."""
    with door.shop() as shop:
        plan = shop.plan_erase(names)
        if only_plan:
            door.tell(ErasureTold.of(plan), explain(plan))
            return
        door.note(explain(plan))
        if not door.confirm(f"Erase {len(names)} for good? This cannot be undone.", yes=yes):
            raise typer.Exit(DECLINED)
        with door.watch() as watch:
            result = shop.erase(plan, watch)
        job = int(shop.workspace.jobs.latest(1)[0]["job"])
    door.tell(ErasureTold.of(plan, job), f"erased: {result['vertices']} identifiers and intervals, job {job}")


def list_purposes(door: Door) -> None:
    """List the registered purposes."""
    with door.shop() as shop:
        _tell(door, shop)


def add_purpose(
    door: Door, purpose: _Purpose, basis: Annotated[Basis, typer.Option(help="Legal basis.", show_default=False)]
) -> None:
    """Allow a purpose on a legal basis."""
    with door.shop() as shop:
        shop.workspace.purposes.register(purpose, basis, shop.workspace.clock.now())
        _tell(door, shop)


def remove_purpose(door: Door, purpose: _Purpose) -> None:
    """Deny a purpose from now on."""
    with door.shop() as shop:
        shop.workspace.purposes.remove(purpose)
        _tell(door, shop)


def _tell(door: Door, shop: Shop) -> None:
    told = [PurposeTold.of(purpose) for purpose in shop.workspace.purposes.registered()]
    table = Table("purpose", "basis", "since", box=None)
    for one in told:
        table.add_row(one.name, one.basis, f"{one.registered_at:%Y-%m-%d}")
    door.tell(told, table)
