"""Sessions: browsers that are signed in. What a browser holds is random; only its hash is kept here."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from qianmian.app.tables import CONSOLE_SESSIONS
from qianmian.core.clock import Clock
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.keys import Entropy

#: How exactly it is known when a session was last used: not every request may cost a write.
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """A browser that is signed in.

    Attributes:
        session: hash of what the browser holds.
        account: who signed in.
        began_at: when.
        seen_at: when it was last used, to a minute.
        expires_at: when it ends, however much it is used.
    """

    session: str
    account: str
    began_at: datetime
    seen_at: datetime
    expires_at: datetime


class Sessions:
    """The sessions of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock, *, idle: timedelta, longest: timedelta) -> None:
        """The sessions in a catalogue whose tables exist.

        Args:
            catalogue: where they are kept.
            clock: the only source of time.
            idle: silence after which a session ends.
            longest: age at which it ends in any case.
        """
        self._catalogue = catalogue
        self._clock = clock
        self._idle, self._longest = idle, longest
        self._table = declared(CONSOLE_SESSIONS)

    def begin(self, account: str, entropy: Entropy) -> tuple[str, Session]:
        """Sign a browser in; returns what it is to hold. Sessions that have ended are cleared away."""
        secret, now = urlsafe_b64encode(entropy(32)).decode().rstrip("="), self._clock.now()
        session = Session(_hash(secret), account, now, now, now + self._longest)
        row = {"session": session.session, "account": account}
        instants = {"began_at": now, "seen_at": now, "expires_at": session.expires_at}
        with self._catalogue.begin() as connection:
            ended = (self._table.c.expires_at <= microseconds(now)) | (
                self._table.c.seen_at <= microseconds(now - self._idle)
            )
            connection.execute(sa.delete(self._table).where(ended))
            stored = {name: microseconds(instant) for name, instant in instants.items()}
            connection.execute(sa.insert(self._table).values(**row, **stored))
        return secret, session

    def find(self, secret: str) -> Session | None:
        """The session of a browser, and note that it was used; None if there is none or it has ended."""
        wanted = self._table.c.session == _hash(secret)
        with self._catalogue.connect() as connection:
            row = connection.execute(sa.select(self._table).where(wanted)).mappings().first()
        if row is None:
            return None
        instants = {name: instant_of(row[name]) for name in ("began_at", "seen_at", "expires_at")}
        session, now = Session(row["session"], row["account"], **instants), self._clock.now()
        if session.expires_at <= now or session.seen_at + self._idle <= now:
            return None
        if session.seen_at + _SEEN_EVERY <= now:
            with self._catalogue.begin() as connection:
                connection.execute(sa.update(self._table).where(wanted).values(seen_at=microseconds(now)))
        return session

    def end(self, session: Session) -> int:
        """Sign one browser out; returns how many were."""
        return self._end(self._table.c.session == session.session)

    def end_all(self, account: str) -> int:
        """Sign every browser of an account out; returns how many were."""
        return self._end(self._table.c.account == account)

    def _end(self, which: sa.ColumnElement[bool]) -> int:
        with self._catalogue.begin() as connection:
            return connection.execute(sa.delete(self._table).where(which)).rowcount


def _hash(secret: str) -> str:
    """A hash without salt or cost is enough: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
