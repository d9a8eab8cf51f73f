"""Runs the demonstration: the world's files go through the same commands as anybody's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.panel import Panel

from qianmian.app import shop as shops
from qianmian.app.access import passwords
from qianmian.app.access.accounts import OWNER, Accounts
from qianmian.app.access.token_file import FILE_NAME as TOKEN_FILE
from qianmian.app.contracts.profile import ProfileTold
from qianmian.app.contracts.segment import AudienceTold
from qianmian.app.shop import Shop
from qianmian.cli.access import new_account
from qianmian.cli.door import Door, command
from qianmian.cli.portrait import Portrait
from qianmian.cli.segment import share
from qianmian.cli.system import open_console
from qianmian.cli.words import word
from qianmian.cli.world import claims_table, judge
from qianmian.core.clock import Clock, FixedClock, SystemClock
from qianmian.core.errors import InputError
from qianmian.core.language import Language
from qianmian.core.settings import FILE_NAME, Settings
from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan

NAME = "拾野集"
NOTICE = "演示数据, 人物与品牌均为虚构 · demo data, people and brands are invented"
#: Who is shown: a loyal customer, one about to leave, one who only looks.
SHOWN = (
    "lifecycle = 'loyal' and views_30d >= 3",
    "lifecycle in ('at_risk', 'active') and orders_total >= 1",
    "lifecycle = 'potential' and views_30d >= 3",
)
AUDIENCE = "net_90d >= 300 and did('Product Viewed', last='30d') >= 3"
_MAPPINGS = Path(__file__).parent
_CANDIDATES = 8
_PORTS_TRIED = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "demo", workspace=False)(demo)


def demo(  # noqa: PLR0913, PLR0917  # a command has as many parameters as options
    door: Door,
    people: Annotated[int, typer.Option(help="True persons.")] = 2_000,
    days: Annotated[int, typer.Option(help="Local dates of behaviour.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Start of all randomness.")] = 1,
    folder: Annotated[Path | None, typer.Option(help="Where; a name made of the options if not given.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; the first free one from 8321 on if not given.")
    ] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End instead of serving the console.")] = False,
) -> None:
    """Show it all: generate a shop, import, build, judge, show three people, open the console. May be run again."""
    plan = WorldPlan(seed=seed, people=people, days=days)
    folder = folder or Path("workspaces") / f"demo-{people}x{days}-{seed}"
    door.note(NOTICE)
    world = make_world(plan, folder, door)
    shop = open_shop(folder / "shop", plan)
    try:
        bring_in(shop, world, plan, door)
        present(shop, world, door)
    finally:
        shop.close()
    if not no_serve:
        open_console(Door(folder / "shop", door.as_json, door.lang), _ports(port))


def _ports(port: int | None) -> list[int] | None:
    """The port that was asked for here or in the environment, and no other; else the usual one and those after it."""
    if port is not None or "QIANMIAN_PORT" in os.environ:
        return None if port is None else [port]
    usual = Settings.model_fields["port"].default
    return list(range(usual, usual + _PORTS_TRIED))


def make_world(plan: WorldPlan, folder: Path, door: Door) -> Path:
    """Generate the world beside the workspace, unless it stands there already.

    Raises:
        InputError: another world stands there.
    """
    world, note = folder / "world", folder / "plan.json"
    told = json.dumps(asdict(plan), default=str, indent=2)
    if note.exists() and note.read_text(encoding="utf-8") == told:
        return world
    if (folder / "shop").exists():
        raise InputError("other_demo")
    with door.watch() as watch:
        rows = generate(plan, world, (lambda done, all_: watch("generate", done, all_)) if watch else (lambda *_: None))
    note.write_text(told, encoding="utf-8")
    door.note(f"generated {rows:,} rows of events in {world}")
    return world


def open_shop(folder: Path, plan: WorldPlan) -> Shop:
    """The demo's workspace; its clock stands still only where this machine's is behind the world's last day."""
    end = last_moment(plan) + timedelta(days=1)
    clock: Clock = SystemClock() if SystemClock().now() > end else FixedClock(end)
    return (
        shops.open(folder, clock=clock) if (folder / FILE_NAME).exists() else shops.init(folder, name=NAME, clock=clock)
    )


def bring_in(shop: Shop, world: Path, plan: WorldPlan, door: Door) -> None:
    """Import the goods and the events, and build as of the world's last day."""
    files = [(world / "goods.csv", "goods.yaml"), (world / "stock.csv", "stock.yaml")]
    files += [(world / "calendar.csv", "calendar.yaml")]
    files += [(file, "events.yaml") for file in sorted((world / "events").glob("*.parquet"))]
    for file, mapping in files:
        with door.watch() as watch:
            report = shop.import_file(file, _MAPPINGS / mapping, watch=watch)
        fate = "stands already" if report.already else f"{report.accepted:,} of {report.read:,} rows"
        door.note(f"import {file.name}: {fate}")
    with door.watch() as watch:
        result = shop.build(instant=last_moment(plan), watch=watch)
    door.note(f"build {result['build']}: {result['people']:,} people, {sum(result['seconds'].values()):.1f} s")


def last_moment(plan: WorldPlan) -> datetime:
    """The end of the world's last local date."""
    return datetime.combine(plan.last_on, time.max, UTC) - timedelta(hours=8)


def present(shop: Shop, world: Path, door: Door) -> None:
    """Show people, an audience, the claims, and where to go on."""
    language, zone = door.language(shop), shop.workspace.settings.zone
    profiles = list(people_to_show(shop))
    audience = AudienceTold.of(shop.audience(AUDIENCE, limit=0))
    claims = judge(shop, world)
    folder = shop.workspace.folder
    token = folder / "data" / "keys" / TOKEN_FILE
    shop.token()
    password = renewed_password(shop)
    api = f"http://127.0.0.1:{shop.workspace.settings.port}/api"
    told = {
        "folder": str(folder),
        "api": api,
        "token_file": str(token),
        "account": OWNER,
        "password": password,
        "profiles": profiles,
        "audience": audience,
        "claims": [claim.to_json() for claim in claims],
    }
    draw = Portrait(language, zone)
    door.tell(
        told,
        *(draw.panel(profile, brief=True) for profile in profiles),
        _audience_panel(audience, language),
        claims_table(claims, language),
        f"\nAPI {api}   token {token}\nqianmian profile show NAME -w {folder}",
        f"\nsign in to the console as {OWNER}, password {password}",
    )


def renewed_password(shop: Shop) -> str:
    """A new password of the demo's owner: the last one is stored nowhere, and a fixed one would be known to all."""
    accounts = Accounts(shop.workspace.catalogue, shop.workspace.clock)
    if not any(account.account == OWNER for account in accounts.all()):
        return new_account(shop, OWNER)
    password = passwords.generated(shop.workspace.entropy)
    accounts.set_password(OWNER, password)
    return password


def people_to_show(shop: Shop) -> Iterator[ProfileTold]:
    """One person for each of `SHOWN`: of a few, the one whom the shop knows by most names."""
    for condition in SHOWN:
        members = shop.audience(condition, limit=_CANDIDATES).members()
        some = [ProfileTold.of(shop.profile(f"person:{member}")) for member in members]
        if some:
            yield max(some, key=lambda profile: len(profile.identifiers))


def _audience_panel(audience: AudienceTold, language: Language) -> Panel:
    size = f"{word('people', language)} {audience.size:,} / {audience.of_people:,}   {share(audience)}"
    title = word("audience", language)
    text = f"{word('condition', language)}  {audience.condition}\n{size}"
    return Panel(text, title=title, title_align="left", border_style="green", box=box.ROUNDED, padding=(1, 2))
