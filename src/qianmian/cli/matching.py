"""``qianmian identity match …``: records that share no identifier are compared; nobody is merged."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app import matching
from qianmian.app.contracts.matching import MatchedTold, MatchingTold, MatchPlanTold
from qianmian.app.contracts.versions import DifferenceTold, VersionTold
from qianmian.app.matching import Matchings
from qianmian.cli.declaration import read_declaration, show_declaration, tell_difference
from qianmian.cli.door import Door, command
from qianmian.core.errors import InputError, RulesError
from qianmian.core.people import id_number
from qianmian.unify.identity.match.declaration import read_matching

_File = Annotated[Path, typer.Argument(help="A declaration, YAML: see docs/guides/matching.md.", show_default=False)]
_Answers = Annotated[
    Path | None,
    typer.Option(
        "--answers", help="CSV with node_a, node_b and same (yes or no): what somebody found.", show_default=False
    ),
]
_Most = Annotated[int, typer.Option("--most", min=0, help="Proposals that are told, the likeliest first.")]
_SAID = {"yes": True, "no": False}


def register_matching(group: typer.Typer) -> None:
    """Add the commands about matching to those about identity."""
    match = typer.Typer(no_args_is_help=True, help="People who may be one though they share no identifier.")
    declared, ran = (
        (("show", show), ("check", check), ("apply", apply), ("off", switch_off)),
        (("plan", plan), ("run", run)),
    )
    for name, function in (*declared, *ran):
        command(match, name)(function)
    group.add_typer(match, name="match")


def show(
    door: Door,
    built_in: Annotated[bool, typer.Option("--built-in", help="The one that comes with the product.")] = False,
) -> None:
    """Print the declaration that holds, as YAML; with --built-in a start for one's own."""
    with door.shop() as shop:
        told = MatchingTold.of(shop.workspace)
    text = told.built_in if built_in else told.own.text if told.own else ""
    if text or door.as_json:
        show_declaration(door, told, text)
    else:
        door.note("nothing is compared; a start: qianmian identity match show --built-in")


def check(door: Door, file: _File) -> None:
    """Tell whether a declaration can be applied, and in what it differs from what holds, if anything does."""
    with door.shop() as shop:
        given = read_matching(read_declaration(file, RulesError), file.name)
        kept = Matchings(shop.workspace.catalogue, shop.workspace.clock)
        told = DifferenceTold.between(given, kept.matching() if kept.current() else None)
    tell_difference(door, told)


def apply(door: Door, file: _File) -> None:
    """Let a declaration hold: from now on details of people may be opened for its purpose."""
    text = read_declaration(file, RulesError)
    with door.shop() as shop:
        version = Matchings(shop.workspace.catalogue, shop.workspace.clock).apply(text, file.name)
    told = VersionTold.model_validate(version)
    door.tell(told, f"version {told.version} holds; see what it would compare: qianmian identity match plan")


def switch_off(door: Door) -> None:
    """Compare nothing from now on; what was proposed stays proposed."""
    with door.shop() as shop:
        version = Matchings(shop.workspace.catalogue, shop.workspace.clock).switch_off()
    door.tell(VersionTold.model_validate(version), "nothing is compared from now on")


def plan(door: Door) -> None:
    """Count what would be compared, and who is left out; nobody is compared."""
    with door.shop() as shop:
        told = MatchPlanTold.planned(matching.plan(shop))
    door.tell(told, _blocks(told), *_left_out(told))


def run(door: Door, answers: _Answers = None, most: _Most = 20) -> None:
    """Compare, and propose people who may be one; nobody is merged."""
    same, apart = _answers(answers) if answers else ([], [])
    with door.shop() as shop, door.watch() as watch:
        told = MatchedTold.of(matching.run(shop, same=same, apart=apart, watch=watch), most)
    bands = Table("probability from", "proposals", box=None)
    for one in told.bands:
        if one.proposals:
            bands.add_row(f"{one.probability_from:g}", f"{one.proposals:,}")
    proposals = Table("probability", "a", "b", "because", box=None)
    for proposal in told.proposals:
        because = ", ".join(f"{one.field} {one.level} {one.weight:+.1f}" for one in proposal.reasons)
        proposals.add_row(f"{proposal.probability:.4f}", proposal.node_a, proposal.node_b, because)
    notes = [f"{told.two_accounts:,} not proposed, since both have an account"] if told.two_accounts else []
    notes += [f"{told.refused:,} not proposed, since somebody said that they are two"] if told.refused else []
    notes += [f"{told.added:,} wait now that did not wait before: qianmian identity review list"] if told.added else []
    tables = [bands, proposals] if told.total else ["nobody is proposed"]
    door.tell(told, _blocks(told), *tables, *notes, *_left_out(told))


def _blocks(told: MatchPlanTold) -> Table:
    table = Table("agree on", "pairs", box=None)
    for one in told.blocks:
        table.add_row(", ".join(one.fields), f"{one.pairs:,}")
    return table


def _left_out(told: MatchPlanTold) -> list[str]:
    counts = {
        f"people who did not agree to {told.purpose} are left out": told.without_consent,
        "identifiers with details belong to nobody yet: qianmian build": told.without_person,
        "identifiers have nothing that is compared": told.without_fields,
    }
    head = f"{told.records:,} records of {told.people:,} people"
    return [head, *(f"{count:,} {words}" for words, count in counts.items() if count)]


def _answers(file: Path) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Pairs that somebody found to be one person's, and pairs that are two people's."""
    found: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for row in csv.DictReader(opened):
                found[_SAID[row["same"].strip().casefold()]].append(
                    (id_number(row["node_a"]), id_number(row["node_b"]))
                )
    except (OSError, UnicodeDecodeError, KeyError, AttributeError, csv.Error):
        raise InputError("matching_answers", file=file.name) from None
    return found[True], found[False]
