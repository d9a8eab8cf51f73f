"""Data sources that send events, and the write keys by which they are known; a key is kept as a hash."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from qianmian.app.access.tokens import hashed, is_whole, made
from qianmian.app.tables import SOURCES
from qianmian.collect.consent import check_meanings
from qianmian.collect.imports.personal_data import PersonalData
from qianmian.collect.wire.doors import DIALECTS
from qianmian.collect.wire.opened import SOURCE as LINKS
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.names import is_name
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.keys import Entropy

#: Begins every write key. It stands in pages and apps for all to see, so it can add events and nothing else.
PREFIX = "qmw_"
ENVIRONMENTS = ("prod", "dev")
#: The source of a shop that has made none of its own.
DEFAULT = "default"
#: How long the key before the last one goes on working: apps of old versions still have it.
GRACE = timedelta(days=7)
#: What may be set for one source: see `qianmian.app.allowances.Allowance`.
LIMITS = ("events_per_second", "burst_events", "events_per_day")
#: How old what is known of keys may be; of a key that is not known, how soon it is looked for again.
_REFRESH, _LOOK_AGAIN = timedelta(seconds=5), timedelta(seconds=0.2)
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Source:
    """A data source without its key.

    Attributes:
        name: as its events name it.
        environment: dev or prod.
        dialects: protocols that it may speak.
        ending: last four signs of its key.
        created_at: when it was made.
        rolled_at: when it got another key; None = never.
        disabled_at: when it was disabled; None = it may send.
        seen_at: when it last sent, to some minutes; None = never.
        limits: limit → what was set for this source; None = what the workspace sets for all.
        consent: category of consent → purpose, as declared for this source.
        personal_data: what becomes of personal data that nobody declared.
    """

    name: str
    environment: str
    dialects: tuple[str, ...]
    ending: str
    created_at: datetime
    rolled_at: datetime | None
    disabled_at: datetime | None
    seen_at: datetime | None
    limits: Mapping[str, int | None] = field(default_factory=dict)
    consent: Mapping[str, str] = field(default_factory=dict)
    personal_data: PersonalData = PersonalData.MASK


class Sources:
    """The sources of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The sources in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(SOURCES)

    def add(self, name: str, entropy: Entropy, *, environment: str = "prod", dialects: Sequence[str] = DIALECTS) -> str:
        """Make a source; its write key is told here and never again.

        Raises:
            InputError: there is one with that name, it is reserved, or the name, environment or a dialect is odd.
        """
        if not is_name(name):
            raise InputError("source_name")
        if name == LINKS:
            raise InputError("source_reserved", source=name)
        if environment not in ENVIRONMENTS:
            raise InputError("source_environment", environments=ENVIRONMENTS, given=environment)
        if odd := [one for one in dialects if one not in DIALECTS] or ([] if dialects else [""]):
            raise InputError("source_dialect", dialects=DIALECTS, given=odd[0])
        key = made(entropy, PREFIX)
        row = {"environment": environment, "dialects": ",".join(dict.fromkeys(dialects)), **_of_key(key)}
        try:
            with self._catalogue.begin() as connection:
                created = microseconds(self._clock.now())
                connection.execute(sa.insert(self._table).values(source=name, created_at=created, **row))
        except sa.exc.IntegrityError:
            raise InputError("source_exists", source=name) from None
        return key

    def add_default(self, entropy: Entropy) -> str | None:
        """Make the one source of a shop that has none; returns its key, or None if there are sources already."""
        return None if self.all() else self.add(DEFAULT, entropy)

    def all(self) -> list[Source]:
        """All sources, by name."""
        return [_readable(row) for row in self._rows()]

    def get(self, name: str) -> Source:
        """The source of that name.

        Raises:
            UnknownNameError: there is none.
        """
        for source in self.all():
            if source.name == name:
                return source
        raise UnknownNameError("no_source", source=name)

    def roll(self, name: str, entropy: Entropy, *, grace: timedelta = GRACE) -> str:
        """Give a source another key, told here and never again; a disabled source may send by it again.

        Args:
            name: of the source.
            entropy: source of cryptographic randomness.
            grace: how long the key until now goes on working; nothing if the source was disabled.

        Raises:
            UnknownNameError: there is no such source.
        """
        key, now, table = made(entropy, PREFIX), self._clock.now(), self._table
        until = sa.case((table.c.disabled_at.is_(None), microseconds(now + grace)), else_=None)
        self._change(
            name,
            old_key_hash=table.c.key_hash,
            old_key_until_at=until,
            rolled_at=microseconds(now),
            disabled_at=None,
            **_of_key(key),
        )
        return key

    def disable(self, name: str) -> None:
        """Take nothing more from a source, by whatever key, until it gets another one.

        Raises:
            UnknownNameError: there is no such source.
        """
        self._change(name, disabled_at=microseconds(self._clock.now()), old_key_hash=None, old_key_until_at=None)

    def limit(self, name: str, limits: Mapping[str, int | None]) -> None:
        """Set what a source may send; known to a running server within seconds.

        Args:
            name: of the source.
            limits: each of `LIMITS` → a number, 0 for no limit, or None for that of the workspace.

        Raises:
            UnknownNameError: there is no such source.
            InputError: a number is below zero.
        """
        for given in limits.values():
            if given is not None and given < 0:
                raise InputError("source_limit", given=given)
        self._change(name, **{limit: limits.get(limit) for limit in LIMITS})

    def mean(self, name: str, consent: Mapping[str, str]) -> None:
        """Declare which categories of consent of a source mean which purposes, for all that is taken in from now on.

        Args:
            name: of the source.
            consent: category → purpose, before the usual meanings; nothing = these alone.

        Raises:
            UnknownNameError: there is no such source.
            InputError: a category or purpose is odd.
        """
        check_meanings(consent)
        self._change(name, consent_categories=json.dumps(dict(consent), ensure_ascii=False) if consent else None)

    def treat(self, name: str, personal_data: str) -> None:
        """Say what becomes of personal data that nobody declared in what a source sends from now on.

        Args:
            name: of the source.
            personal_data: see `PersonalData`.

        Raises:
            UnknownNameError: there is no such source.
            InputError: there is no such policy.
        """
        policies = [one.value for one in PersonalData]
        if personal_data not in policies:
            raise InputError("no_personal_data_policy", given=personal_data[:40], policies=policies)
        self._change(name, personal_data=personal_data)

    def by_key_hash(self) -> dict[str, tuple[Source, datetime | None]]:
        """Hash of each key that opens something → its source, and until when it does; None = for good."""
        found: dict[str, tuple[Source, datetime | None]] = {}
        for row in self._rows():
            if row["disabled_at"] is None:
                source = _readable(row)
                found[row["key_hash"]] = source, None
                if row["old_key_hash"] and row["old_key_until_at"] is not None:
                    found[row["old_key_hash"]] = source, instant_of(row["old_key_until_at"])
        return found

    def seen(self, name: str, at: datetime) -> None:
        """Note when a source last sent."""
        with self._catalogue.begin() as connection:
            wanted = self._table.c.source == name
            connection.execute(sa.update(self._table).where(wanted).values(seen_at=microseconds(at)))

    def _rows(self) -> Sequence[sa.RowMapping]:
        with self._catalogue.connect() as connection:
            return connection.execute(sa.select(self._table).order_by(self._table.c.source)).mappings().all()

    def _change(self, name: str, **values: object) -> None:
        with self._catalogue.begin() as connection:
            wanted = self._table.c.source == name
            if not connection.execute(sa.update(self._table).where(wanted).values(**values)).rowcount:
                raise UnknownNameError("no_source", source=name)


@dataclass
class WriteKeys:
    """The keys in memory, for a look-up with each request; a change of them is known within seconds, a new one at once.

    Attributes:
        sources: where they are kept.
        clock: the only source of time.
    """

    sources: Sources
    clock: Clock
    _known: dict[str, tuple[Source, datetime | None]] = field(default_factory=dict)
    _hashes: dict[str, str] = field(default_factory=dict, repr=False)
    _read_at: datetime | None = None
    _seen: dict[str, datetime] = field(default_factory=dict)
    _noted: dict[str, datetime] = field(default_factory=dict)
    _refreshing: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key: str) -> Source | None:
        """The source that may send by a key; None if none may."""
        now = self.clock.now()
        key_hash = self._hashes.get(key) or (hashed(key) if is_whole(key, PREFIX) else "")
        if not key_hash:
            return None
        fresh = _REFRESH if key_hash in self._known else _LOOK_AGAIN
        if self._read_at is None or abs(now - self._read_at) >= fresh:
            self.refresh()
        source, until = self._known.get(key_hash, (None, None))
        if source is None or (until is not None and now >= until):
            return None
        self._hashes[key] = key_hash
        self._seen[source.name] = now
        return source

    def refresh(self) -> None:
        """Read the keys again, and write down who was seen."""
        with self._refreshing:
            self._read_at, self._known, self._hashes = self.clock.now(), self.sources.by_key_hash(), {}
            for name, at in list(self._seen.items()):
                if name not in self._noted or at - self._noted[name] >= _SEEN_EVERY:
                    self.sources.seen(name, at)
                    self._noted[name] = at


def _of_key(key: str) -> dict[str, str]:
    return {"key_hash": hashed(key), "ending": key[-4:]}


def _readable(row: sa.RowMapping) -> Source:
    instants = {
        name: None if row[name] is None else instant_of(row[name]) for name in ("rolled_at", "disabled_at", "seen_at")
    }
    return Source(
        name=row["source"],
        environment=row["environment"],
        dialects=tuple(row["dialects"].split(",")),
        ending=row["ending"],
        created_at=instant_of(row["created_at"]),
        limits={limit: row[limit] for limit in LIMITS},
        personal_data=PersonalData(row["personal_data"] or PersonalData.MASK),
        consent=json.loads(row["consent_categories"] or "{}"),
        **instants,
    )
