"""``qianmian metric …``: the dictionary of metrics, and what they say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.metrics import (
    AnsweredMetricsTold,
    MetricPageTold,
    MetricsTold,
    MetricValuesTold,
    PeriodTold,
)
from qianmian.app.metrics import Question
from qianmian.app.questions.metrics import defined, dictionary
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose
from qianmian.cli.words import word
from qianmian.core.language import Language
from qianmian.measure.metrics.declare import Grain, Unit

_DATE = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Metrics: one definition for each number, and what it says.")
    for name, function in (("list", list_metrics), ("show", show), ("values", show_values)):
        command(group, name)(function)
    app.add_typer(group, name="metric")


def list_metrics(door: Door, purpose: Purpose = ANALYSE) -> None:
    """List the dictionary of metrics with their formulas in words."""
    with door.shop() as shop:
        language = door.language(shop)
        told = MetricsTold.of(dictionary(shop, purpose=purpose), language)
    table = Table(*(word(one, language) for one in ("metric", "title", "formula", "")), box=None)
    for one in told.metrics:
        table.add_row(one.name, one.title, one.formula, _no_data(one.missing, language))
    door.tell(told, table)


def show(
    door: Door,
    name: Annotated[str, typer.Argument(help="Name of a metric.", show_default=False)],
    purpose: Purpose = ANALYSE,
) -> None:
    """Show the definition of a metric."""
    with door.shop() as shop:
        language = door.language(shop)
        told = MetricPageTold.of(*defined(shop, name, purpose=purpose), language)
    one = told.metric
    lines = [f"{one.title}  ({one.name}, v{one.version}, {one.owner})", one.meaning, f"= {one.formula}"]
    lines += [text for text in (one.trap, _no_data(one.missing, language)) if text]
    lines += [f"{word('rests on', language)} {', '.join(one.rests_on)}", f"--by {', '.join(one.by)}"]
    door.tell(told, *lines)


def show_values(  # noqa: PLR0913, PLR0917  # what can be asked
    door: Door,
    names: Annotated[list[str], typer.Argument(help="Names of metrics.", show_default=False)],
    from_on: Annotated[datetime | None, typer.Option("--from", formats=_DATE, help="First local date.")] = None,
    to_on: Annotated[datetime | None, typer.Option("--to", formats=_DATE, help="Last local date.")] = None,
    grain: Annotated[Grain, typer.Option(help="How long a period is.")] = Grain.DAY,
    by: Annotated[str | None, typer.Option(help="Break down by a dimension.")] = None,
    condition: Annotated[str | None, typer.Option("--where", help="Only people who meet this condition count.")] = None,
    purpose: Purpose = ANALYSE,
) -> None:
    """Tell what metrics say of a range: a row a period, or with --by a row a value and period."""
    first, last = (on.date() if on else None for on in (from_on, to_on))
    with door.shop() as shop:
        language = door.language(shop)
        question = Question(names, first, last, grain, by, condition)
        told = AnsweredMetricsTold.of(shop.metrics(question, purpose=purpose), language)
    tables = [_table(one, told.periods, language) for one in told.metrics]
    door.tell(told, *tables, word("computed", language, f"{told.computed.computed_at:%Y-%m-%d %H:%M}"))


def _table(one: MetricValuesTold, periods: list[PeriodTold], language: Language) -> Table | str:
    if one.missing:
        return f"{one.metric.title}: {_no_data(one.missing, language)}"
    table = Table(one.metric.title, "", "", box=None)
    for series in one.series:
        for period, point in zip(periods, series.points, strict=True):
            dates = f"{period.first}" if period.first == period.last else f"{period.first} – {period.last}"
            value = "–" if point.value is None else _shown(float(point.value), one.metric.unit)
            table.add_row(f"{dates}{' *' if period.is_partial else ''}", printable(series.by or ""), value)
    return table


def _shown(value: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return f"{value:.2%}"
    return f"{value:,.2f}" if unit is Unit.MONEY or value % 1 else f"{value:,.0f}"


def _no_data(missing: list[str], language: Language) -> str:
    return word("no data", language, ", ".join(missing)) if missing else ""
