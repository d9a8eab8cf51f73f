"""Refused rows: sealed, listed with their reason, and ready for replay once the reason is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qianmian.core.errors import WorkspaceError
from qianmian.core.messages import Message, restored
from qianmian.core.people import Identifier
from qianmian.privacy.bulk import upsert
from qianmian.privacy.database import declared, instant_of, microseconds, scrub
from qianmian.privacy.hashing import keyed_hash
from qianmian.privacy.keys import NONCE_BYTES, Entropy, KeyRing
from qianmian.privacy.mentions import Mentions
from qianmian.privacy.tables import REFUSED

_STORED = declared(REFUSED)
_TOLD = tuple(column for column in _STORED.c if column.name != "body")
_PAGE = 10_000


@dataclass(frozen=True)
class RefusedRow:
    """An input row that could not be used.

    Attributes:
        stream: the batch or journal file.
        position: row in the stream, from 1.
        reason: machine name of the reason.
        field: the column or path that was wrong; empty if the whole row was.
        detail: what was expected, with the value masked.
        body: the row itself, as it came; None where it was not asked for.
        refused_at: when it was refused.
    """

    stream: str
    position: int
    reason: str
    field: str
    detail: Message
    body: str | None
    refused_at: datetime


class RefusedRows:
    """The refused rows of one workspace, in the vault's database."""

    def __init__(self, engine: sa.Engine, keys: KeyRing, entropy: Entropy) -> None:
        """The refused rows in a database that holds their table."""
        self._engine = engine
        self._keys = keys
        self._entropy = entropy

    def keep(self, rows: Iterable[RefusedRow]) -> None:
        """Seal and store rows, durably; the same stream and position again replaces the row."""
        distinct = list({(row.stream, row.position): row for row in rows}.values())
        if not distinct:
            return
        salts = self._keys.refused_salts.ensure([_row_id(row.stream, row.position) for row in distinct])
        sealed = [self._seal(row, salt) for row, salt in zip(distinct, salts, strict=True)]
        with self._engine.begin() as connection:
            upsert(connection, _STORED, sealed)

    def rows(self, stream: str) -> list[RefusedRow]:
        """The refused rows of a stream in its order, without their bodies."""
        query = sa.select(*_TOLD).where(_STORED.c.stream == stream).order_by(_STORED.c.position)
        with self._engine.connect() as connection:
            return [_row(found) for found in connection.execute(query)]

    def counts(self, stream: str | None = None) -> dict[str, int]:
        """How many rows were refused for each reason, in one stream or in all, the commonest first."""
        reason, number = _STORED.c.reason, sa.func.count()
        query = sa.select(reason, number).where(_of(stream)).group_by(reason).order_by(number.desc(), reason)
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def reasons(self, first: str, last: str) -> dict[str, dict[str, int]]:
        """How many rows were refused for each reason, by stream, of the streams between two names."""
        stream, reason, number = _STORED.c.stream, _STORED.c.reason, sa.func.count()
        query = sa.select(stream, reason, number).where(stream >= first, stream < last).group_by(stream, reason)
        found: dict[str, dict[str, int]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                found.setdefault(row[0], {})[row[1]] = row[2]
        return found

    def waiting(self, reasons: Sequence[str]) -> dict[tuple[str, str], int]:
        """How many rows of each stream wait for some reasons, by stream and reason."""
        stream, reason, number = _STORED.c.stream, _STORED.c.reason, sa.func.count()
        query = sa.select(stream, reason, number).where(reason.in_(reasons)).group_by(stream, reason)
        with self._engine.connect() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query)}

    def newest(self, reasons: Sequence[str], most: int, *, part: str = "") -> list[RefusedRow]:
        """The last rows that were refused for some reasons, without their bodies.

        Args:
            reasons: which.
            most: at most so many.
            part: of the names of their streams; empty = of any stream.
        """
        order = _STORED.c.refused_at.desc(), _STORED.c.stream.desc(), _STORED.c.position.desc()
        wanted = _STORED.c.reason.in_(reasons), _STORED.c.stream.contains(part, autoescape=True)
        query = sa.select(*_TOLD).where(*wanted).order_by(*order).limit(most)
        with self._engine.connect() as connection:
            return [_row(found) for found in connection.execute(query)]

    def find(self, stream: str, position: int) -> RefusedRow | None:
        """One row with its body; None if it is not there.

        Raises:
            WorkspaceError: the body is damaged, or was sealed with other keys.
        """
        query = sa.select(_STORED).where(_of(stream), _STORED.c.position == position)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        salt = self._keys.refused_salts.find([_row_id(stream, position)]).get(_row_id(stream, position))
        return _row(row, self._open(row, salt)) if row is not None and salt else None

    def bodies(self, stream: str | None = None, reasons: Sequence[str] = ()) -> Iterator[RefusedRow]:
        """The refused rows with their bodies, for replay: of one stream or of all, for some reasons or for any.

        Raises:
            WorkspaceError: a body is damaged, or was sealed with other keys.
        """
        query = sa.select(_STORED).where(_of(stream)).order_by(_STORED.c.stream, _STORED.c.position)
        if reasons:
            query = query.where(_STORED.c.reason.in_(reasons))
        with self._engine.connect().execution_options(yield_per=_PAGE) as connection:
            for page in connection.execute(query).partitions():
                salts = self._keys.refused_salts.find([_row_id(row.stream, row.position) for row in page])
                for row in page:
                    if salt := salts.get(_row_id(row.stream, row.position)):  # without: a forgetting was cut short
                        yield _row(row, self._open(row, salt))

    def mentioning(self, identifiers: Sequence[Identifier]) -> list[tuple[str, int]]:
        """Stream and position of the rows whose body names one of the identifiers, in whatever spelling.

        Better one row too many than one too few; see `Mentions`.
        """
        if not identifiers:
            return []
        mentions = Mentions(identifiers)
        return [(row.stream, row.position) for row in self.bodies() if mentions.are_in(row.body or "")]

    def forget(self, stream: str, positions: Sequence[int] | None = None) -> None:
        """Destroy the rows of a stream, or only those positions: their keys first, then the rows."""
        if positions is None:
            positions = [row.position for row in self.rows(stream)]
        self._keys.refused_salts.destroy([_row_id(stream, position) for position in positions])
        with self._engine.begin() as connection:
            if positions:
                gone = sa.delete(_STORED).where(_of(stream), _STORED.c.position == sa.bindparam("at"))
                connection.execute(gone, [{"at": position} for position in positions])
        scrub(self._engine, REFUSED.name)

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _seal(self, row: RefusedRow, salt: bytes) -> tuple[str, int, str, str, str, bytes, int]:
        nonce = self._entropy(NONCE_BYTES)  # a row may be sealed again under the same salt
        key = keyed_hash(self._keys.refused)(salt)
        told = row.stream, row.position, row.reason, row.field, row.detail.stored()
        at = microseconds(row.refused_at)
        plain = (row.body or "").encode("utf-8", "surrogatepass")
        return *told, nonce + AESGCM(key).encrypt(nonce, plain, _beside(*told, at)), at

    def _open(self, row: sa.Row[Any], salt: bytes) -> str:
        cipher = AESGCM(keyed_hash(self._keys.refused)(salt))
        beside = _beside(row.stream, row.position, row.reason, row.field, row.detail, row.refused_at)
        for bound in (beside, None):  # None: sealed before the seal was also over what is told beside the body
            with suppress(InvalidTag):
                plain = cipher.decrypt(row.body[:NONCE_BYTES], row.body[NONCE_BYTES:], bound)
                return plain.decode("utf-8", "surrogatepass")
        raise WorkspaceError("refused_row_sealed")


def _beside(*told: str | int) -> bytes:
    """What stands beside a body in plain words, so that the seal tells if any of it changes."""
    # Some databases keep no NUL; see `database`.
    return "\x1f".join(map(str, told)).replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "surrogatepass")


def _of(stream: str | None) -> sa.ColumnElement[bool]:
    """Whether a row is of a stream; of any if none is named."""
    return sa.true() if stream is None else _STORED.c.stream == stream


def _row_id(stream: str, position: int) -> int:
    digest = sha256(f"{stream}\x1f{position}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _row(found: sa.Row[Any], body: str | None = None) -> RefusedRow:
    return RefusedRow(
        found.stream,
        found.position,
        found.reason,
        found.field,
        restored(found.detail),
        body,
        instant_of(found.refused_at),
    )
