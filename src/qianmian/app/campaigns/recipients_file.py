"""The people a campaign may write to, as a CSV file for whoever writes to them; nobody of the holdout is in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from qianmian.app.campaigns.campaigns import Campaign
from qianmian.app.campaigns.disclosures import Disclosing, Disclosures
from qianmian.app.campaigns.recipients import TABLES, recipients
from qianmian.app.questions.people_file import harmless
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError

_PIECE = 2_000
_UTF8 = "\ufeff"
#: A telephone number as it is dialled: what a spreadsheet makes of its sign is the same number.
_DIALLED = re.compile(r"\+?\d+")


@dataclass(frozen=True)
class RecipientsFile:
    """A CSV file that is being written.

    Attributes:
        people: rows of it.
        pieces: its text.
    """

    people: int
    pieces: Iterator[str]


def recipients_file(shop: Shop, campaign: Campaign, *, by: str = "") -> RecipientsFile:
    """Everybody of a campaign who may be written to now, under the identifier that it names; notes the disclosure.

    Raises:
        PurposeError: the campaign's purpose is not registered any more.
        InputError: it is a draft.
    """
    if not campaign.assigned_at:
        raise InputError("campaign_draft", campaign=campaign.campaign)
    with shop.asking(campaign.purpose, *TABLES) as (found, _):
        nodes = [row["node_id"] for row in recipients(shop.workspace, found, campaign.campaign, campaign)]
    leaving = Disclosing(campaign.purpose, campaign.sink, len(nodes), by)
    Disclosures(shop.workspace.catalogue, shop.workspace.clock).note(leaving, campaign=campaign.campaign)
    return RecipientsFile(len(nodes), _written(shop, campaign, nodes))


def _written(shop: Shop, campaign: Campaign, nodes: list[int]) -> Iterator[str]:
    yield _UTF8 + _text([campaign.namespace])
    for start in range(0, len(nodes), _PIECE):
        some = nodes[start : start + _PIECE]
        known = shop.workspace.vault.reveal(some)
        yield "".join(_text([_cell(known[node].value)]) for node in some if node in known)


def _text(cells: list[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cell(identifier: str) -> str:
    return identifier if _DIALLED.fullmatch(identifier) else harmless(identifier)
