"""``qianmian quality …``: how good the data of each source are, and what is told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.quality import AlertTold, CountedTold, ExamplesTold, FieldPageTold, QualityTold
from qianmian.app.quality import check as check_data
from qianmian.app.questions.quality import acknowledge as acknowledge_alert
from qianmian.app.questions.quality import field_page, quality
from qianmian.app.questions.quality_examples import examples as find_examples
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import ALERT, printable
from qianmian.cli.profile import Purpose
from qianmian.core.errors import InputError

_Source = Annotated[str, typer.Argument(help="Data source.", show_default=False)]
_Field = Annotated[str, typer.Argument(help="Field, as `show` lists it.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Quality of the data: measured by source, field and day.")
    for name, function in (("check", check), ("show", show), ("examples", examples), ("acknowledge", acknowledge)):
        command(group, name)(function)
    app.add_typer(group, name="quality")


def check(door: Door) -> None:
    """Measure all events, and tell the alerts; ends with 6 where one goes on that nobody looks after."""
    with door.shop() as shop:
        with door.watch() as watch:
            check_data(shop, watch)
        told = QualityTold.of(quality(shop))
    going_on = [one for one in told.alerts if one.is_open]
    door.tell(told, f"{told.events:,} events, {len(told.fields)} fields", _alerts(going_on))
    if any(not one.acknowledged_by for one in going_on):
        raise typer.Exit(ALERT)


def show(
    door: Door,
    source: Annotated[str, typer.Argument(help="Data source; all if not given.", show_default=False)] = "",
    field: Annotated[str, typer.Argument(help="One field of it, by day and event.", show_default=False)] = "",
    purpose: Purpose = ANALYSE,
) -> None:
    """Show what the last check measured: of all sources, of one, or one field by day and event."""
    with door.shop() as shop:
        if field:
            page = FieldPageTold.of(field_page(shop, source, field, purpose=purpose))
            door.tell(page, _days(page), _events(page), _alerts(page.alerts))
            return
        told = QualityTold.of(quality(shop, purpose=purpose))
    fields = [one for one in told.fields if source in ("", one.source)]
    told = told.model_copy(update={"fields": fields, "alerts": [a for a in told.alerts if source in ("", a.source)]})
    table = Table("source", "field", "last", "events", *_COUNTS, "drift", "alerts", box=None)
    for one in fields:
        drift = "" if one.drift is None else f"{one.drift:.3f}"
        row = (one.source, printable(one.field), str(one.last_on), f"{one.events:,}", *_counts(one), drift)
        table.add_row(*row, str(one.alerts or ""))
    when = f"as of {told.checked_at:%Y-%m-%d %H:%M} UTC" if told.checked_at else ""
    current = "" if told.is_current else "; events or rules changed since: qianmian quality check"
    door.tell_rows(told, table, "not measured", f"{when}{current}", _alerts([a for a in told.alerts if a.is_open]))


def examples(
    door: Door,
    source: _Source,
    field: _Field,
    kind: Annotated[str, typer.Argument(help="missing, invalid, repeated or late.", show_default=False)],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of one local date.")] = None,
    purpose: Purpose = ANALYSE,
) -> None:
    """Show the newest events that are bad in one way, and whose they are; of the last 7 dates if none is given."""
    with door.shop() as shop:
        found = find_examples(shop, source, field, kind, on=on.date() if on else None, purpose=purpose)
    told = ExamplesTold.model_validate(found)
    table = Table("event", "id", "occurred", "received", "value", "person", box=None)
    for one in told.examples:
        times = (f"{at:%Y-%m-%d %H:%M:%S}" for at in (one.occurred_at, one.received_at))
        table.add_row(
            printable(one.event), printable(one.event_id), *times, printable(one.value or ""), one.person or ""
        )
    door.tell(told, f"{told.events:,} events of {told.people:,} people", table)


def acknowledge(
    door: Door,
    source: _Source,
    field: _Field,
    kind: Annotated[str, typer.Argument(help="missing, invalid, repeated, late or drift.", show_default=False)],
    by: Annotated[str, typer.Option(help="Name of who looks after it.", show_default=False)],
    note: Annotated[str, typer.Option(help="What is known of it.")] = "",
) -> None:
    """Note that somebody looks after an alert that goes on."""
    if len(by) > 200 or len(note) > 2000:  # as the HTTP door has it
        raise InputError("acknowledged_by_nobody")
    with door.shop() as shop:
        told = AlertTold.of(acknowledge_alert(shop, source, field, kind, by=by, note=note))
    door.tell(told, _alerts([told]))


_COUNTS = ("missing", "invalid", "repeated", "late")


def _counts(one: CountedTold) -> list[str]:
    """The shares of what is bad, those of nothing left empty."""
    bad = (one.events - one.filled, one.invalid, one.repeated, one.late)
    return [f"{number / one.events:.2%}" if number else "" for number in bad]


def _days(page: FieldPageTold) -> Table:
    table = Table("date", "events", *_COUNTS, "drift", box=None)
    for day in page.days:
        drift = "" if day.psi is None else f"{day.psi:.3f}"
        table.add_row(str(day.happened_on), f"{day.events:,}", *_counts(day), drift)
    return table


def _events(page: FieldPageTold) -> Table:
    table = Table("event", "events", *_COUNTS, box=None)
    for one in page.events:
        table.add_row(printable(one.event), f"{one.events:,}", *_counts(one))
    return table


def _alerts(some: list[AlertTold]) -> Table:
    table = Table("alert", "field", "source", "since", "last", "value", "limit", "", box=None)
    for one in some:
        state = f"looked after by {one.acknowledged_by}" if one.acknowledged_by else "" if one.is_open else "ended"
        dates = (str(one.since_on), str(one.last_on))
        numbers = (f"{one.value:.3f}", f"{one.limit:.3f}")
        table.add_row(one.kind, printable(one.field), one.source, *dates, *numbers, printable(state))
    return table
