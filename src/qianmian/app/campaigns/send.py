"""Sending a campaign: chance decides and is kept, then the pieces leave in order; what failed goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.act.assign import PIECE
from qianmian.act.deliver.patience import NotDeliveredError, Wait, patiently
from qianmian.act.deliver.webhook import Receiver, post
from qianmian.app.campaigns.campaigns import Campaign, Campaigns
from qianmian.app.campaigns.disclosures import Disclosing
from qianmian.app.campaigns.plan import carried_out
from qianmian.app.campaigns.recipients import TABLES, eligible, recipients
from qianmian.app.campaigns.sinks import FILE, receiver_of
from qianmian.app.flusher import take_in
from qianmian.app.jobs import Job, Watcher
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError, JobError
from qianmian.core.failpoints import failpoint
from qianmian.lake.connection import fetch
from qianmian.lake.durable import storage_errors
from qianmian.lake.files import Change
from qianmian.lake.schema import arrow_schema
from qianmian.privacy.database import microseconds

_after_release = failpoint("campaign.after_release", "the arms are in the lake, the campaign is still a draft")
_after_post = failpoint("campaign.after_post", "the receiver has a piece, it is not noted as delivered")
#: What a run that died between deciding and noting it has left; its decision stands.
_KEPT = "SELECT person_id, arm, piece FROM assignments WHERE campaign = $campaign ORDER BY person_id"


@dataclass(frozen=True)
class Sending:
    """One run of sending a campaign.

    Attributes:
        shop: the shop.
        campaign: its number.
        environment: names the receivers.
        wait: waits some seconds.
        by: account that sends it.
    """

    shop: Shop
    campaign: int
    environment: Mapping[str, str]
    wait: Wait
    by: str = ""

    def run(self, watch: Watcher | None = None) -> Campaign:
        """Assign, if it is a draft, and deliver what was not delivered; what was received until now is taken in first.

        Raises:
            UnknownNameError: there is no such campaign.
            InputError: it was delivered wholly, has nobody, or its receiver has no address.
            PurposeError: its purpose is not registered.
            JobError: the receiver did not take a piece; what was delivered stays so.
        """
        asked = self._campaigns.get(self.campaign)
        receiver = None if asked.sink == FILE else receiver_of(asked.sink, self.environment)
        if asked.delivered_at:
            raise InputError("campaign_sent", campaign=self.campaign)
        workspace = self.shop.workspace
        workspace.purposes.check(asked.purpose)
        take_in(workspace, workspace.clock.now())  # so that a withdrawal of just now is heard
        with self.shop.job("send", f"campaign {self.campaign}", watch) as job:
            job.at("assign")
            if not asked.assigned_at:
                asked = self._assign(asked)
            if receiver:
                self._deliver(job, asked, receiver)
            job.result |= {"campaign": self.campaign, "people": asked.planned["treatment"]}
        return self._campaigns.finish(self.campaign)

    @property
    def _campaigns(self) -> Campaigns:
        return Campaigns(self.shop.workspace.catalogue, self.shop.workspace.clock)

    def _assign(self, campaign: Campaign) -> Campaign:
        workspace = self.shop.workspace
        with self.shop.asking(campaign.purpose, *TABLES, "orders") as (found, computed):
            kept = fetch(found.connection, _KEPT, {"campaign": self.campaign})
            who = eligible(workspace, found, campaign)
            plan, assigned = carried_out(found, computed, campaign, who, kept if kept.num_rows else None)
        if not plan.treatment:
            raise InputError("campaign_nobody", people=plan.people)
        at = workspace.clock.now()
        if not kept.num_rows:
            self._keep(assigned)
            _after_release()
        return self._campaigns.assigned(self.campaign, at, plan.to_json())

    def _keep(self, assigned: pa.Table) -> None:
        lake = self.shop.workspace.lake
        rows = assigned.append_column("campaign", pa.repeat(self.campaign, assigned.num_rows))
        declared = arrow_schema(lake.tables["assignments"], stored=True)
        path = lake.new_file("assignments")
        with storage_errors("assignments"):
            pq.write_table(rows.select(declared.names).cast(declared), path, compression="zstd")
        lake.release("assignments", [Change("assignments", (lake.describe("assignments", path),))])

    def _deliver(self, job: Job, campaign: Campaign, receiver: Receiver) -> None:
        done = self._campaigns.pieces(self.campaign)
        pieces = -(-int(campaign.planned["treatment"]) // PIECE)
        for number, people in self._pieces(campaign, done):
            job.at("deliver", number - 1, pieces)
            leaving = Disclosing(campaign.purpose, campaign.sink, len(people), self.by)
            self._campaigns.disclosures.note(leaving, campaign=self.campaign)
            self._post(campaign, receiver, number, people)
            _after_post()
            self._campaigns.deliver(self.campaign, number, len(people))
        job.at("deliver", pieces, pieces)

    def _pieces(self, campaign: Campaign, done: Container[int]) -> Iterator[tuple[int, list[dict[str, str]]]]:
        """The pieces that are not done, with the identifiers of their people."""
        workspace = self.shop.workspace
        with self.shop.asking(campaign.purpose, *TABLES) as (found, _):
            rows = recipients(workspace, found, self.campaign, campaign)
        for number, some in groupby(rows, key=itemgetter("piece")):
            if number in done:
                continue
            nodes = [row["node_id"] for row in some]
            known = workspace.vault.reveal(nodes)
            yield number, [{campaign.namespace: known[node].value} for node in nodes if node in known]

    def _post(self, campaign: Campaign, receiver: Receiver, number: int, people: list[dict[str, str]]) -> None:
        told = {"campaign": campaign.campaign, "name": campaign.name, "purpose": campaign.purpose}
        body = json.dumps({**told, "piece": number, "people": people}, ensure_ascii=False).encode()
        message = f"campaign-{campaign.campaign}-{microseconds(campaign.created_at)}-{number}"
        clock = self.shop.workspace.clock
        try:
            patiently(
                lambda: post(receiver, body, message=message, at=int(clock.now().timestamp())),
                self.wait,
            )
        except NotDeliveredError as error:
            raise JobError("not_delivered", sink=campaign.sink, piece=number, why=error.why) from None
