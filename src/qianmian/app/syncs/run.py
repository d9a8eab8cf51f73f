"""Running a sync: the difference since what its receiver knows is laid ready, then handed over piece by piece."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qianmian.act.deliver.database import PersonRow, Rows, write_rows
from qianmian.act.deliver.patience import NotDeliveredError, Wait, patiently
from qianmian.act.deliver.webhook import post
from qianmian.app.campaigns.disclosures import Disclosing, Disclosures
from qianmian.app.campaigns.sinks import receiver_of
from qianmian.app.flusher import take_in
from qianmian.app.jobs import Job, Watcher, reason_of
from qianmian.app.shop import Shop
from qianmian.app.syncs.held import CHANGED, ENTERED, LEFT, Delivery, Held, HeldPerson, Queued, key_of
from qianmian.app.syncs.places import database_of
from qianmian.app.syncs.syncs import Sync, Syncs, Way
from qianmian.app.syncs.wanted import VALUE, Wanted, wanted
from qianmian.core.errors import InputError, JobError, LeaseHeldError, PurposeError, UnknownNameError
from qianmian.core.failpoints import failpoint
from qianmian.core.people import id_text
from qianmian.privacy.database import microseconds

_after_laying = failpoint("sync.after_laying", "the difference is laid ready in pieces, none has left")
_after_piece = failpoint("sync.after_piece", "the receiver has a piece, it is not noted as done")
_after_last = failpoint("sync.after_last", "the receiver has all pieces, the build is not noted as told")


@dataclass(frozen=True)
class Syncing:
    """One run of a sync.

    Attributes:
        shop: the shop.
        sync: its number.
        environment: names receivers and databases.
        wait: waits some seconds.
        by: account that runs it; empty = it runs by itself.
    """

    shop: Shop
    sync: int
    environment: Mapping[str, str]
    wait: Wait
    by: str = ""

    def run(self, watch: Watcher | None = None) -> Sync | None:
        """Hand over what the last run left, then what the last build changed; what was received is taken in first.

        Returns:
            The sync; None = it was ended, its receiver holds nobody any more, and it is forgotten.

        Raises:
            UnknownNameError: there is no such sync, audience or tag.
            InputError: it is not approved, or its receiver has no address.
            PurposeError: its purpose is not registered.
            NotBuiltError: nothing was built yet.
            JobError: the receiver did not take a piece; what was delivered stays so.
        """
        asked = self._syncs.get(self.sync)
        workspace = self.shop.workspace
        if asked.awaits_approval(workspace.settings.approval):
            raise InputError("sync_not_approved", sync=self.sync)
        try:
            self._hand_over_nothing(asked)
            workspace.purposes.check(asked.purpose)
            take_in(workspace, workspace.clock.now())  # so that a withdrawal of just now is heard
            with self.shop.job("sync", f"sync {self.sync}", watch) as job:
                self._syncs.begun(self.sync)
                job.result["sync"] = self.sync
                told = self._tell(job, asked)
        except LeaseHeldError:
            raise
        except Exception as error:
            self._syncs.failed(self.sync, reason_of(error), stopped=isinstance(error, _LASTING))
            raise
        if told.ended_at:
            return self._syncs.delete(self.sync, held=0)
        return told

    @property
    def _syncs(self) -> Syncs:
        return Syncs(self.shop.workspace.catalogue, self.shop.workspace.clock)

    @property
    def _held(self) -> Held:
        return Held(self.shop.workspace.catalogue, self.shop.workspace.clock, self.sync)

    def _hand_over_nothing(self, sync: Sync) -> None:
        """Refuse a receiver that the environment does not name, before anything begins."""
        if sync.way is Way.WEBHOOK:
            receiver_of(sync.sink, self.environment)
        else:
            database_of(sync.sink, self.environment)

    def _tell(self, job: Job, sync: Sync) -> Sync:
        job.at("difference")
        held = self._held.all()
        now = wanted(self.shop, sync, [one.node for one in held.values() if one.node is not None])
        unfinished = self._held.unfinished()
        if unfinished:
            self._deliver(job, sync, unfinished, now)
            held = self._held.all()
        rows = difference(sync, held, now)
        if rows:
            laid = self._held.lay_ready(rows, now.computed)
            _after_laying()
            self._deliver(job, sync, laid, now)
        _after_last()
        return self._syncs.told(self.sync, now.computed.build)

    def _deliver(self, job: Job, sync: Sync, delivery: Delivery, now: Wanted) -> None:
        for number in range(delivery.done + 1, delivery.pieces + 1):
            job.at("deliver", number - 1, delivery.pieces)
            rows = self._held.piece(number)
            self._hand_over(sync, delivery, number, rows, now)
            job.rows_read += len(rows)
        job.at("deliver", delivery.pieces, delivery.pieces)

    def _hand_over(self, sync: Sync, delivery: Delivery, number: int, rows: list[Queued], now: Wanted) -> None:
        """Hand a piece over; whoever withdrew since it was laid ready is not in it, whoever leaves always is."""
        known = self.shop.workspace.vault.reveal([row.node_id for row in rows])
        named = {row.person_key: known[row.node_id].value for row in rows if row.node_id in known}
        told = [row for row in rows if row.change == LEFT or (row.person_key in named and row.node_id in now.people)]
        if named:
            leaving = Disclosing(sync.purpose, sync.sink, sum(row.person_key in named for row in told), self.by)
            Disclosures(self.shop.workspace.catalogue, self.shop.workspace.clock).note(leaving, sync=self.sync)
        piece = _Piece(sync, delivery, number, told, named)
        try:
            patiently(lambda: self._once(piece), self.wait)
        except NotDeliveredError as error:
            kind = JobError if error.may_pass else _RefusedError
            raise kind("sync_not_delivered", sink=sync.sink, piece=number, why=error.why) from None
        _after_piece()
        self._held.done(delivery, number, rows, {row.person_key for row in told})

    def _once(self, piece: _Piece) -> None:
        if piece.sync.way is Way.DATABASE:
            write_rows(database_of(piece.sync.sink, self.environment), piece.sync.relation, piece.rows())
            return
        receiver = receiver_of(piece.sync.sink, self.environment)
        at = int(self.shop.workspace.clock.now().timestamp())
        post(receiver, piece.body(), message=piece.message, at=at)


class _RefusedError(JobError):
    """The receiver refused a piece; it would refuse it again."""


#: What fails again until somebody changes something.
_LASTING = (_RefusedError, InputError, PurposeError, UnknownNameError)


@dataclass(frozen=True)
class _Piece:
    """A piece as it leaves; ``named`` holds the raw identifiers that are known, by key."""

    sync: Sync
    delivery: Delivery
    number: int
    people: Sequence[Queued]
    named: Mapping[int, str]

    @property
    def message(self) -> str:
        """Id of the piece: the same whenever it leaves, and another after a backup of before it was restored."""
        return f"sync-{self.sync.sync}-{microseconds(self.delivery.started_at)}-{self.delivery.delivery}-{self.number}"

    def body(self) -> bytes:
        """The piece as JSON."""
        sync, delivery = self.sync, self.delivery
        told = {"sync": sync.sync, "name": sync.name, "purpose": sync.purpose, "subject": sync.subject}
        told |= {"build": delivery.build, "computed_at": delivery.computed_at.isoformat()}
        told |= {"delivery": delivery.delivery, "piece": self.number, "pieces": delivery.pieces}
        people = [self._person(row) for row in self.people]
        return json.dumps({**told, "people": people}, ensure_ascii=False).encode()

    def _person(self, row: Queued) -> dict[str, Any]:
        told: dict[str, Any] = {"person_key": id_text(row.person_key), "change": row.change, "cause": row.cause}
        if row.person_key in self.named:
            told[self.sync.namespace] = self.named[row.person_key]
        if row.change != LEFT and self.sync.tags:
            told["tags"] = json.loads(row.tag_values or "{}")
        if row.change == CHANGED:
            told["before"] = json.loads(row.tag_values_before or "{}")
        return told

    def rows(self) -> Rows:
        """The piece as rows of a table."""
        return Rows(
            message=self.message,
            subject=self.sync.subject,
            written=[
                PersonRow(id_text(row.person_key), self.named[row.person_key], row.tag_values or "{}")
                for row in self.people
                if row.change != LEFT
            ],
            removed=[id_text(row.person_key) for row in self.people if row.change == LEFT],
            build=self.delivery.build,
            computed_at=self.delivery.computed_at,
        )


def difference(sync: Sync, held: Mapping[int, HeldPerson], now: Wanted) -> list[Queued]:
    """What a receiver is to be told: who leaves first, then who enters and whose values changed; by key.

    Whoever leaves is always told, whatever the cause: no copy stays where nobody keeps it up.
    """
    rows, staying = [], set()
    for node, person in now.people.items():
        key = key_of(sync.chance, node)
        one = held.get(key)
        if one is not None:
            staying.add(key)
        if one is None or one.tag_values is None:
            if one is not None or _counts(sync, person.cause, person.entered_in):
                rows.append(Queued(key, node, ENTERED, person.cause, person.tag_values))
        elif one.tag_values != person.tag_values:
            rows.append(Queued(key, node, CHANGED, VALUE, person.tag_values, one.tag_values))
    gone = [
        Queued(key, one.node or 0, LEFT, now.why_gone(one.node), None, one.tag_values)
        for key, one in held.items()
        if key not in staying
    ]
    return [*sorted(gone, key=_key), *sorted(rows, key=_key)]


def _counts(sync: Sync, cause: str, entered_in: int) -> bool:
    return not sync.causes or (cause in sync.causes and entered_in > sync.since_build)


def _key(row: Queued) -> int:
    return row.person_key
