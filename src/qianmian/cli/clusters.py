"""``qianmian cluster …``: people who do alike, explained by conditions."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.clusters.clusters import Named, last_run, run, save
from qianmian.app.contracts.audiences import SavedAudienceTold
from qianmian.app.contracts.clusters import ClusterRunTold, PeopleClusterTold
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose
from qianmian.cli.words import word
from qianmian.core.errors import UnknownNameError
from qianmian.core.language import Language
from qianmian.learning.clusters import LEAST, MOST
from qianmian.segment.clusters.measures import MEASURES


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Clusters: people who do alike, found and explained by conditions.")
    for name, function in (("run", run_clusters), ("show", show), ("save", save_cluster)):
        command(group, name)(function)
    app.add_typer(group, name="cluster")


def run_clusters(
    door: Door,
    measure: Annotated[
        list[str] | None, typer.Option(help="A tag whose values are numbers; again for each.", show_default=False)
    ] = None,
    least: Annotated[int, typer.Option(min=2, max=12, help="Try at least so many clusters.")] = LEAST,
    most: Annotated[int, typer.Option(min=2, max=12, help="Try at most so many clusters.")] = MOST,
    purpose: Purpose = ANALYSE,
) -> None:
    """Group the people of the last build by what they do, and keep what was found."""
    with door.shop() as shop, door.watch() as watch:
        found = run(shop, measure or MEASURES, numbers=(least, most), purpose=purpose, watch=watch)
        language = door.language(shop)
    _tell(door, ClusterRunTold.of(found), language)


def show(door: Door, purpose: Purpose = ANALYSE) -> None:
    """Show the clusters that the last run found."""
    with door.shop() as shop:
        found, language = last_run(shop, purpose=purpose), door.language(shop)
    if found is None:
        raise UnknownNameError("no_clusters")
    _tell(door, ClusterRunTold.of(found), language)


def save_cluster(
    door: Door,
    cluster: Annotated[int, typer.Argument(min=1, help="Number of the cluster.", show_default=False)],
    name: Annotated[str, typer.Argument(help="What to call the audience; the cluster's name if not given.")] = "",
    purpose: Purpose = ANALYSE,
) -> None:
    """Save the people who meet the condition of a cluster as a dynamic audience."""
    with door.shop() as shop:
        saved = save(shop, cluster, Named(name, door.language(shop)), purpose=purpose)
    size = f"{saved.people:,} / {saved.of_people:,}"
    door.tell(SavedAudienceTold.model_validate(saved), f"{saved.audience}  {printable(saved.name)}", size)


def _tell(door: Door, told: ClusterRunTold, language: Language) -> None:
    heads = (word(one, language) for one in ("cluster", "people", "of the rules", "purity", "coverage"))
    table = Table(*heads, box=None)
    for one in told.clusters:
        shares = [_share(one.purity), _share(one.coverage)]
        table.add_row(_name(one, language), f"{one.people:,}", f"{one.told:,}", *shares)
    judged = f"{told.silhouette:.2f}", f"{told.stability:.2f}", f"{told.agreement:.1%}", f"{told.price:.2f}"
    notes = [line for one in told.clusters for line in _lines(one, language)]
    notes += ["", word("clusters judged", language, *judged)]
    notes += [word("clusters weak", language)] if told.is_weak else []
    notes += [word("left out", language, ", ".join(told.left_out))] if told.left_out else []
    door.tell(told, table, *notes)


def _name(one: PeopleClusterTold, language: Language) -> str:
    return printable(one.zh if language is Language.ZH else one.en)


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _lines(one: PeopleClusterTold, language: Language) -> list[str]:
    """What is said of a cluster below the table: its condition, and what is typical."""
    values = [value.zh if language is Language.ZH else value.en for value in one.values]
    condition = one.condition or word("no condition", language)
    return ["", f"{one.cluster}  {condition}", *([f"   {word('typical', language, printable(' · '.join(values)))}"])]
