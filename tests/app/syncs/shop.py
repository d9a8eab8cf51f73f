"""A shop with a saved audience that a receiver is kept told of."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qianmian.app.audiences import SavedAudiences
from qianmian.app.syncs.held import Held
from qianmian.app.syncs.make import make
from qianmian.app.syncs.run import Syncing
from qianmian.app.syncs.syncs import Sync, SyncDraft, Syncs
from qianmian.privacy.purposes import Basis
from tests.app.campaigns.shop import MAPPING, CampaignScene, said
from tests.app.traces import NOW
from tests.receiving import Receiving

BUYERS, VIEWERS = "orders_total >= 1", "did('Product Viewed')"


class SyncScene(CampaignScene):
    """The shop, and short ways to syncs in it."""

    @property
    def syncs(self) -> Syncs:
        """Those of the shop."""
        return Syncs(self.shop.workspace.catalogue, self.shop.workspace.clock)

    def save(self, condition: str) -> int:
        """Save an audience and let a build count it."""
        saved = SavedAudiences(self.shop.workspace.catalogue, self.shop.workspace.clock)
        made = saved.add(condition, self.shop.audience(condition, limit=0))
        self.shop.build()
        return made.audience

    def sync(self, by: str = "", **given: Any) -> Sync:
        """Make a sync of the first audience to the receiver."""
        return make(self.shop, SyncDraft(**{"name": "会员同步", "audience": 1, "sink": "crm"} | given), by=by)

    def run(self, sync: Sync, receiver: Receiving | None = None, **variables: str) -> Sync | None:
        """Run it, without waiting."""
        named = {"QIANMIAN_SINK_CRM": f"{receiver.address}/in", "QIANMIAN_SINK_CRM_SECRET": "s"} if receiver else {}
        return Syncing(self.shop, sync.sync, named | variables, lambda _: None).run()

    def held(self, sync: Sync) -> Held:
        """What its receiver may hold."""
        return Held(self.shop.workspace.catalogue, self.shop.workspace.clock, sync.sync)


def kept(receiver: Receiving) -> dict[str, Any]:
    """Whom a receiver holds by key, which applies each piece once, whatever was repeated."""
    people: dict[str, Any] = {}
    for post in {post.headers["webhook-id"]: post for post in receiver.taken}.values():
        for one in post.told["people"]:
            people.pop(one["person_key"], None)
            if one["change"] != "left":
                people[one["person_key"]] = one["user_id"]
    return people


def opened(folder: Path, people: int = 12, rows: Iterable[dict[str, Any]] = (), condition: str = VIEWERS) -> SyncScene:
    """A shop of some people, all of whom agreed, with one audience that a build has counted."""
    scene = SyncScene(folder)
    scene.shop.workspace.purposes.register("marketing", Basis.CONSENT, NOW)
    scene.take([*(said(f"u{number:04}", number) for number in range(people)), *rows], MAPPING)
    scene.shop.build()
    scene.save(condition)
    return scene
