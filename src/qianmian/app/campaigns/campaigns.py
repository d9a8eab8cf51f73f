"""The campaigns of a workspace, kept in its catalogue; a draft may be deleted, one that was assigned stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from qianmian.app.audiences import spelled
from qianmian.app.campaigns.disclosures import Disclosures
from qianmian.app.campaigns.sinks import FILE
from qianmian.app.campaigns.tables import CAMPAIGN_PIECES, CAMPAIGNS
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.names import is_name
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.keys import Entropy
from qianmian.privacy.masking import mask_text

MOST_HELD_OUT, MOST_DAYS = 0.5, 365
_INSTANTS = ("created_at", "assigned_at", "delivered_at")
_MOST_SPEND = Decimal(10) ** 13
#: Money is kept in so many parts of a unit: the catalogue has whole numbers only.
_PARTS = 10_000


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A campaign that is to be made.

    Attributes:
        name: what to call it; one line.
        condition: canonical text of what its people meet.
        purpose: what people are written to for.
        namespace: kind of identifier under which they are written to.
        sink: ``file``, or the name of a receiver.
        holdout_share: of people who are held out by chance.
        window_days: days after the assignment in which an order counts.
        spend: what it costs in all; None = not told.
    """

    name: str
    condition: str
    purpose: str = "marketing"
    namespace: str = "user_id"
    sink: str = FILE
    holdout_share: float = 0.1
    window_days: int = 14
    spend: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Campaign(Draft):
    """A draft that was kept, and what became of it.

    Attributes:
        campaign: its number.
        chance: randomness of its own.
        created_by: account; empty = the command line or the workspace's own token.
        created_at: when it was made.
        assigned_at: when chance decided who is held out; None = it is a draft.
        planned: the plan as it was carried out, in numbers; empty of a draft.
        delivered_at: when its last piece was delivered; None = not all were.
    """

    campaign: int
    chance: int
    created_by: str
    created_at: datetime
    assigned_at: datetime | None
    planned: Mapping[str, Any]
    delivered_at: datetime | None

    @property
    def ends_at(self) -> datetime | None:
        """Until when an order counts, exclusive; None = it is a draft."""
        return self.assigned_at and self.assigned_at + timedelta(days=self.window_days)

    @property
    def state(self) -> str:
        """One of draft, sending, sent."""
        if self.assigned_at is None:
            return "draft"
        return "sending" if self.delivered_at is None else "sent"


class Campaigns:
    """The campaigns of a workspace."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The campaigns in a catalogue whose tables exist."""
        self._catalogue, self._clock = catalogue, clock
        self._table, self._pieces = (declared(table) for table in (CAMPAIGNS, CAMPAIGN_PIECES))
        self.disclosures = Disclosures(catalogue, clock)

    def add(self, draft: Draft, entropy: Entropy, *, by: str = "") -> Campaign:
        """Make a draft.

        Args:
            draft: what it is to be.
            entropy: source of its chance.
            by: account that makes it.

        Raises:
            InputError: a part is odd, or the condition holds personal data.
        """
        _check(draft)
        row: dict[str, Any] = {**vars(draft), "name": spelled(draft.name), "spend": _stored(draft.spend)}
        row |= {"chance": int.from_bytes(entropy(8)) >> 1, "created_by": by, "created_at": self._now()}
        with self._catalogue.begin() as connection:
            last = connection.execute(sa.select(sa.func.max(self._table.c.campaign))).scalar() or 0
            connection.execute(sa.insert(self._table).values(campaign=last + 1, **row))
        return self.get(last + 1)

    def all(self) -> list[Campaign]:
        """All of them, the newest first."""
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._table).order_by(self._table.c.campaign.desc())).mappings().all()
        return [_readable(row) for row in rows]

    def get(self, campaign: int) -> Campaign:
        """One of them.

        Raises:
            UnknownNameError: there is none with that number.
        """
        asked = sa.select(self._table).where(self._table.c.campaign == campaign)
        with self._catalogue.connect() as connection:
            row = connection.execute(asked).mappings().first()
        if row is None:
            raise UnknownNameError("no_campaign", campaign=campaign)
        return _readable(row)

    def delete(self, campaign: int) -> None:
        """Delete a draft.

        Raises:
            UnknownNameError: there is none with that number.
            InputError: it was assigned: its effect is to be told.
        """
        if self.get(campaign).assigned_at:
            raise InputError("campaign_assigned", campaign=campaign)
        with self._catalogue.begin() as connection:
            connection.execute(sa.delete(self._table).where(self._table.c.campaign == campaign))

    def note_spend(self, campaign: int, spend: Decimal | None) -> Campaign:
        """Note what it cost in all.

        Raises:
            UnknownNameError: there is none with that number.
            InputError: it is no amount.
        """
        _check_spend(spend)
        return self._set(campaign, spend=_stored(spend))

    def assigned(self, campaign: int, at: datetime, planned: Mapping[str, Any]) -> Campaign:
        """Note that chance has decided."""
        return self._set(campaign, assigned_at=microseconds(at), planned=json.dumps(planned, default=str))

    def finish(self, campaign: int) -> Campaign:
        """Note that all pieces were delivered."""
        return self._set(campaign, delivered_at=self._now())

    def pieces(self, campaign: int) -> dict[int, int]:
        """The pieces that were delivered: number → people."""
        asked = sa.select(self._pieces.c.piece, self._pieces.c.people).where(self._pieces.c.campaign == campaign)
        with self._catalogue.connect() as connection:
            return {row.piece: row.people for row in connection.execute(asked)}

    def deliver(self, campaign: int, piece: int, people: int) -> None:
        """Note that a piece was delivered."""
        row = {"campaign": campaign, "piece": piece, "people": people, "delivered_at": self._now()}
        with self._catalogue.begin() as connection:
            connection.execute(sa.insert(self._pieces).values(**row))

    def _set(self, campaign: int, **values: object) -> Campaign:
        with self._catalogue.begin() as connection:
            connection.execute(sa.update(self._table).where(self._table.c.campaign == campaign).values(**values))
        return self.get(campaign)

    def _now(self) -> int:
        return microseconds(self._clock.now())


def _check(draft: Draft) -> None:
    if mask_text(draft.condition) != draft.condition:
        raise InputError("audience_personal")
    if not 0 <= draft.holdout_share <= MOST_HELD_OUT:
        raise InputError("campaign_holdout", most=MOST_HELD_OUT, given=draft.holdout_share)
    if not 1 <= draft.window_days <= MOST_DAYS:
        raise InputError("campaign_window", most=MOST_DAYS, given=draft.window_days)
    if not is_name(draft.sink) or not is_name(draft.namespace):
        raise InputError("campaign_name_of_part")
    _check_spend(draft.spend)


def _check_spend(spend: Decimal | None) -> None:
    if spend is not None and not 0 <= spend < _MOST_SPEND:
        raise InputError("campaign_spend")


def _stored(spend: Decimal | None) -> int | None:
    return None if spend is None else round(spend * _PARTS)


def _readable(row: sa.RowMapping) -> Campaign:
    instants = {name: None if row[name] is None else instant_of(row[name]) for name in _INSTANTS}
    spend = None if row["spend"] is None else Decimal(row["spend"]) / _PARTS
    return Campaign(**{**row, **instants, "spend": spend, "planned": json.loads(row["planned"] or "{}")})
