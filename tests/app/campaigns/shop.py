"""A shop whose people said what they agree to, and whose orders a test plants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from qianmian.app.campaigns.campaigns import Campaign, Campaigns, Draft
from qianmian.app.campaigns.send import Sending
from qianmian.core.clock import FixedClock
from qianmian.privacy.purposes import Basis
from tests.app.traces import EVENTS, NOW, Scene
from tests.receiving import Receiving

MAPPING = EVENTS.replace("total: total,", "total: total, consent: consent,")
AGREED, REFUSED = "operate,marketing", "operate"
_EARLY = "2026-05-20T12:00:00+08:00"
_NAMES = ("id", "event", "at", "order", "total", "user", "phone", "anon", "device", "consent")


def said(
    user: str, number: int, *, at: str = "2026-05-20T12:00:00+08:00", consent: str | None = AGREED
) -> dict[str, Any]:
    """Somebody looked at a product, and said what they agree to."""
    told = {"id": f"s{number}", "event": "Product Viewed", "at": at, "user": user, "consent": consent}
    return dict.fromkeys(_NAMES) | told


def paid(user: str, number: int, total: str, *, at: str) -> dict[str, Any]:
    """Somebody paid an order."""
    told = {
        "id": f"o{number}",
        "event": "Order Completed",
        "at": at,
        "order": f"n{number}",
        "total": total,
        "user": user,
    }
    return dict.fromkeys(_NAMES) | told


class CampaignScene(Scene):
    """The shop, and short ways to campaigns in it."""

    def settle(self, rows: Iterable[dict[str, Any]], **later: int) -> None:
        """Let time pass, take rows in and build."""
        self.now = self.now + timedelta(**later)
        clock = FixedClock(self.now)
        self.shop.close()
        self.__post_init__()
        assert self.shop.workspace.clock == clock
        if rows := list(rows):
            self.take(rows, MAPPING)
        self.shop.build()

    @property
    def campaigns(self) -> Campaigns:
        """Those of the shop."""
        return Campaigns(self.shop.workspace.catalogue, self.shop.workspace.clock)

    def draft(self, **given: Any) -> Campaign:
        """A draft for everybody who ever looked at something; its chance is always the same."""
        values = {"name": "春季唤醒", "condition": "did('Product Viewed')", "holdout_share": 0.3} | given
        return self.campaigns.add(Draft(**values), lambda many: bytes(range(7, 7 + many)))

    def send(self, campaign: Campaign, receiver: Receiving | None = None, waits: list[float] | None = None) -> Campaign:
        """Send it, without waiting."""
        environment = (
            {"QIANMIAN_SINK_CRM": f"{receiver.address}/in", "QIANMIAN_SINK_CRM_SECRET": "s"} if receiver else {}
        )
        wait = (lambda _: None) if waits is None else waits.append
        return Sending(self.shop, campaign.campaign, environment, wait).run()

    def arms(self, campaign: Campaign) -> dict[str, set[int]]:
        """Who was assigned to what."""
        rows = self.rows("assignments", f"WHERE campaign = {campaign.campaign}")
        return {arm: {row["person_id"] for row in rows if row["arm"] == arm} for arm in ("treatment", "holdout")}


def opened(folder: Path, people: int = 40, rows: Iterable[dict[str, Any]] = ()) -> CampaignScene:
    """A shop of some people, all of whom agreed, and of rows; built, the purpose registered on consent."""
    scene = CampaignScene(folder)
    scene.shop.workspace.purposes.register("marketing", Basis.CONSENT, NOW)
    scene.take([*(said(f"u{number:04}", number) for number in range(people)), *rows], MAPPING)
    scene.shop.build()
    return scene
