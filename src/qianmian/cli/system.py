"""The workspace as a whole: make it, build it, look after it, serve it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from qianmian.app import shop as shops
from qianmian.app.access.accounts import OWNER
from qianmian.app.access.token_file import FILE_NAME as TOKEN_FILE
from qianmian.app.checkup import Checkup, count_rows, mend, read_through
from qianmian.app.contracts.system import BuildPlanTold, JobTold
from qianmian.app.questions.large import large_people
from qianmian.app.questions.quality import quality
from qianmian.app.shop import Shop
from qianmian.app.supervised import Supervised
from qianmian.cli.access import new_account
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.core.errors import InputError, NotBuiltError
from qianmian.core.messages import Message

#: The other door, started by its name: neither door knows the other.
_HTTP = "qianmian.http.server"


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    command(app, "init", workspace=False)(init)
    for name, function in (("build", build), ("jobs", jobs), ("doctor", doctor), ("serve", serve)):
        command(app, name)(function)


def init(
    door: Door,
    folder: Annotated[Path, typer.Argument(help="Where; made if it is not there.", show_default=False)],
    name: Annotated[str, typer.Option(help="Name of the shop.", show_default=False)],
    time_zone: Annotated[str, typer.Option(help="IANA zone that decides what a local date is.")] = "Asia/Shanghai",
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "CNY",
) -> None:
    """Make a workspace: a folder with settings, definitions, data and keys."""
    settings: dict[str, Any] = {"time_zone": time_zone, "currency": currency} | (
        {"language": door.lang.value} if door.lang else {}
    )
    shop = shops.init(folder, name=name, **settings)
    shop.token()
    password = new_account(shop, OWNER)
    shop.close()
    told = {"folder": str(folder), "name": name, "token_file": str(folder / "data" / "keys" / TOKEN_FILE)}
    door.tell(
        told | {"account": OWNER, "password": password},
        f"workspace {printable(name)} in {folder}",
        f"sign in to the console as {OWNER}, password {password} (shown only now)",
        f"next: qianmian import FILE --mapping M -w {folder}",
    )


def build(
    door: Door,
    full: Annotated[bool, typer.Option("--full", help="Compute everything again.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Print the plan, change nothing.")] = False,
    as_of: Annotated[str | None, typer.Option(help="A date or instant instead of now.", metavar="WHEN")] = None,
    engine: Annotated[
        Literal["local", "spark"] | None, typer.Option(help="Who computes; the workspace's if not given.")
    ] = None,
    master: Annotated[
        str | None, typer.Option(help="Spark cluster, such as spark://host:7077; the workspace's if not given.")
    ] = None,
) -> None:
    """Bring all profiles up to now: who is who, orders, history, tags."""
    with door.shop() as shop:
        instant = read_instant(as_of, shop.workspace.settings.zone) if as_of else None
        if explain:
            plan = BuildPlanTold.of(shop.plan_build(full=full, instant=instant, engine=engine, master=master))
            door.tell(plan, plan.words)
            return
        with door.watch() as watch:
            result = shop.build(full=full, instant=instant, engine=engine, master=master, watch=watch)
    seconds = sum(result["seconds"].values())
    people = f"{result['people']:,} people, {result['orders']:,} orders, {result['rows_read']:,} rows read"
    door.tell(result, f"build {result['build']}: {people}, {seconds:.1f} s")


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """An instant; of a date alone, the last moment of that local date.

    Raises:
        InputError: it is neither.

    >>> read_instant("2026-11-11", ZoneInfo("Asia/Shanghai")).isoformat()
    '2026-11-11T23:59:59.999999+08:00'
    """
    try:
        if len(text) == len("2026-11-11"):
            return datetime.combine(date.fromisoformat(text), time.max, zone)
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InputError("as_of") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def jobs(door: Door, limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20) -> None:
    """List the newest jobs: what they did, what they cost, why they failed."""
    with door.shop() as shop:
        told = [JobTold.of(row, door.language(shop)) for row in shop.workspace.jobs.latest(limit)]
    table = Table("job", "kind", "status", "stage", "rows read", "cpu s", "began", "reason", box=None)
    for job in told:
        table.add_row(
            *(str(job.job), job.kind, job.status, job.stage, f"{job.rows_read:,}", str(job.cpu_seconds or "")),
            *(f"{job.started_at:%Y-%m-%d %H:%M}", printable(job.reason or "")),
        )
    door.tell(told, table)


def doctor(
    door: Door,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Read every data file through: is it as it was written?")
    ] = False,
) -> None:
    """Check every table's files, clear away what a crash left, and finish an erasure that it cut short."""
    if not (door.folder / "data").is_dir():
        with door.shop():  # says what is missing
            return
    mended = mend(door.folder)
    with door.shop() as shop, door.watch() as watch:
        resumed = shop.resume(watch)
        if thorough:
            read_through(shop.workspace)
        told = Checkup(mended, resumed, count_rows(shop.workspace), _large(shop), quality(shop).waiting)
    table = Table("table", "rows", box=None)
    for name, rows in told.rows.items():
        table.add_row(name, f"{rows:,}")
    found = [*told.mended, *(["an erasure that was cut short is finished"] if resumed else [])]
    large = [f"{told.large:,} people have very many identifiers: qianmian identity large"] if told.large else []
    waiting = f"alerts on the quality of the data that nobody looks after: {told.alerts:,} (qianmian quality show)"
    alerts = [waiting] if told.alerts else []
    door.tell(told, *(found or ["nothing had to be mended"]), *large, *alerts, table)


def _large(shop: Shop) -> int:
    try:
        return large_people(shop, most=1).total
    except NotBuiltError:
        return 0


def serve(
    door: Door,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; the workspace's if not given.")] = None,
) -> None:
    """Serve the console and the HTTP API on this machine's loopback address until interrupted."""
    open_console(door, None if port is None else [port])


def open_console(door: Door, ports: Sequence[int] | None) -> None:
    """Serve until interrupted, at the first of the ports that is free; at the workspace's if none are given."""
    with door.shop() as shop:

        def announce(address: str) -> None:
            if ports and ports[0] and not address.endswith(f":{ports[0]}"):
                door.note(Message("next_port", port=ports[0]).what(door.language(shop)))
            door.tell({"address": address}, f"console {address}")

        flusher = Supervised("flusher", ["flush", "--follow", "--workspace", str(door.folder.absolute())])
        try:
            import_module(_HTTP).serve(shop, ports, announce)
        finally:
            flusher.close()
