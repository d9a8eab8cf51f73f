"""What an owned record says of the one it is filed under: name, birthday, address; sealed, read for matching alone."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qianmian.core.errors import WorkspaceError
from qianmian.privacy.bulk import upsert
from qianmian.privacy.database import declared, instant_of, microseconds, scrub
from qianmian.privacy.hashing import keyed_hash
from qianmian.privacy.keys import NONCE_BYTES, KeyRing
from qianmian.privacy.tables import DETAILS

#: What may be kept of a person to find records of the same one.
DETAIL_FIELDS = (
    *("name", "given_name", "surname", "birth_date", "gender", "phone_tail", "id_number"),
    *("address", "street_number", "postcode", "city", "region"),
)
_STORED = declared(DETAILS)
_EVERY = sa.select(_STORED).order_by(_STORED.c.node_id, _STORED.c.batch)
#: An identifier in a time: from an instant on and before another; None = without that end.
Interval = tuple[int, datetime | None, datetime | None]
_PAGE = 10_000
_TAIL_DIGITS, _DATE_DIGITS = 4, 8
_NOT_DIGITS, _BLANKS = re.compile(r"[^0-9]+"), re.compile(r"\s+")


@dataclass(frozen=True)
class Details:
    """What one batch says of one identifier.

    Attributes:
        node_id: the strongest identifier of the record.
        batch: the batch that says it.
        stated_at: when, UTC; of several rows of a batch the latest stands.
        fields: field → value in its one spelling.
    """

    node_id: int
    batch: int
    stated_at: datetime
    fields: Mapping[str, str]


class DetailStore:
    """The details that owned records state, in the vault's database.

    Each row is sealed under a key made of its identifier's salt: whoever destroys the salt has destroyed them too.
    """

    def __init__(self, engine: sa.Engine, keys: KeyRing) -> None:
        """The details in a database that holds their table."""
        self._engine = engine
        self._keys = keys

    def keep(self, details: Sequence[Details]) -> None:
        """Seal and store, durably; the same identifier and batch again replaces the row.

        Args:
            details: of identifiers that the vault holds.
        """
        told = list({(one.node_id, one.batch): one for one in details}.values())
        if not told:
            return
        salts = self._keys.salts.ensure([one.node_id for one in told])
        rows = [
            (one.node_id, one.batch, _sealed(self._key(salt), one), microseconds(one.stated_at))
            for one, salt in zip(told, salts, strict=True)
        ]
        with self._engine.begin() as connection:
            upsert(connection, _STORED, rows)

    def all(self) -> Iterator[Details]:
        """All details, by identifier and batch; those whose key was destroyed are passed over.

        Raises:
            WorkspaceError: a row is damaged, or was sealed with other keys.
        """
        return self._read(_EVERY)

    def of(self, intervals: Iterable[Interval]) -> Iterator[Details]:
        """What was said of some identifiers in some time each; otherwise as `all`."""
        for one in intervals:
            yield from self._read(_EVERY.where(_within(one)))

    def forget_batch(self, batch: int) -> None:
        """Take out what a batch said."""
        self._delete(_STORED.c.batch == batch)

    def forget(self, intervals: Iterable[Interval]) -> None:
        """Take out what was said of some identifiers in some time each."""
        self._delete(*map(_within, intervals))

    def __len__(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(_STORED)).scalar_one()

    def _delete(self, *which: sa.ColumnElement[bool]) -> None:
        with self._engine.begin() as connection:
            gone = sum(connection.execute(sa.delete(_STORED).where(one)).rowcount for one in which)
        if gone:
            scrub(self._engine, DETAILS.name)

    def _read(self, query: sa.Select[Any]) -> Iterator[Details]:
        with self._engine.connect().execution_options(yield_per=_PAGE) as connection:
            for page in connection.execute(query).partitions():
                salts = self._keys.salts.find(sorted({row.node_id for row in page}))
                for row in page:
                    if salt := salts.get(row.node_id):
                        fields = _opened(self._key(salt), row.node_id, row.batch, row.ciphertext)
                        yield Details(row.node_id, row.batch, instant_of(row.stated_at), fields)

    def _key(self, salt: bytes) -> bytes:
        return keyed_hash(self._keys.vault, b"details\x1f")(salt)


def _within(interval: Interval) -> sa.ColumnElement[bool]:
    node_id, since, until = interval
    parts = [_STORED.c.node_id == node_id]
    parts += [_STORED.c.stated_at >= microseconds(since)] if since else []
    parts += [_STORED.c.stated_at < microseconds(until)] if until else []
    return sa.and_(*parts)


def spelled(field: str, value: str) -> str:
    """The one spelling in which values of a field are compared; empty = none.

    >>> spelled("name", " Li  MING"), spelled("birth_date", "1990/03/07"), spelled("phone_tail", "138****8000")
    ('li ming', '19900307', '8000')
    >>> spelled("birth_date", "spring"), spelled("phone_tail", "80")
    ('', '')
    """
    plain = unicodedata.normalize("NFKC", value).casefold()
    if field in ("birth_date", "phone_tail"):
        digits = _NOT_DIGITS.sub("", plain)
        digits = digits[-_TAIL_DIGITS:] if field == "phone_tail" else digits[:_DATE_DIGITS]
        return digits if len(digits) == (_TAIL_DIGITS if field == "phone_tail" else _DATE_DIGITS) else ""
    return _BLANKS.sub(" ", plain).strip()


def _sealed(key: bytes, one: Details) -> bytes:
    plain = json.dumps(dict(one.fields), ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    beside = _beside(one.node_id, one.batch)
    nonce = keyed_hash(key, beside)(plain)[:NONCE_BYTES]  # of what is sealed: another text never has the same
    return nonce + AESGCM(key).encrypt(nonce, plain, beside)


def _opened(key: bytes, node_id: int, batch: int, sealed: bytes) -> dict[str, str]:
    try:
        plain = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _beside(node_id, batch))
    except InvalidTag:
        raise WorkspaceError("details_sealed") from None
    fields: dict[str, str] = json.loads(plain.decode("utf-8", "surrogatepass"))
    return fields


def _beside(node_id: int, batch: int) -> bytes:
    return f"{node_id}\x1f{batch}".encode()
