"""API tokens: what a program shows instead of a password. Each has a name, can be withdrawn, and is kept as a hash."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from qianmian.app.tables import API_TOKENS
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.keys import Entropy

#: Begins every token, so that one in a wrong place is recognised by whoever scans for secrets.
PREFIX = "qm_"
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#: 43 signs hold 256 random bits, 6 a checksum of 32.
_SECRET, _CHECK = 43, 6
_NAME = re.compile(r"[\w .@+-]{1,60}")
#: How exactly it is known when a token was last used.
_USED_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class ApiToken:
    """A token without its secret.

    Attributes:
        name: what its owner calls it.
        account: who made it.
        ending: its last four signs.
        created_at: when it was made.
        used_at: when it was last used, to an hour; None = never.
    """

    name: str
    account: str
    ending: str
    created_at: datetime
    used_at: datetime | None


class ApiTokens:
    """The tokens of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The tokens in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(API_TOKENS)

    def add(self, name: str, account: str, entropy: Entropy) -> str:
        """Make a token; its text is told here and never again.

        Raises:
            InputError: there is one with that name, or the name has odd signs.
        """
        if not _NAME.fullmatch(name):
            raise InputError("token_name")
        text = made(entropy)
        row = {"name": name, "account": account, "token_hash": hashed(text), "ending": text[-4:]}
        try:
            with self._catalogue.begin() as connection:
                created = microseconds(self._clock.now())
                connection.execute(sa.insert(self._table).values(**row, created_at=created))
        except sa.exc.IntegrityError:
            raise InputError("token_exists", token=name) from None
        return text

    def all(self) -> list[ApiToken]:
        """All tokens, by name."""
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._table).order_by(self._table.c.name)).mappings().all()
        return [_readable(row) for row in rows]

    def find(self, text: str) -> ApiToken | None:
        """The token of that text, and note that it was used; None if there is none."""
        if not is_whole(text):  # a typing mistake costs no look-up
            return None
        wanted, now = self._table.c.token_hash == hashed(text), self._clock.now()
        with self._catalogue.connect() as connection:
            row = connection.execute(sa.select(self._table).where(wanted)).mappings().first()
        if row is None:
            return None
        token = _readable(row)
        if token.used_at is None or token.used_at + _USED_EVERY <= now:
            with self._catalogue.begin() as connection:
                connection.execute(sa.update(self._table).where(wanted).values(used_at=microseconds(now)))
        return token

    def remove(self, name: str) -> None:
        """Withdraw a token: it opens nothing from now on.

        Raises:
            UnknownNameError: there is no such token.
        """
        with self._catalogue.begin() as connection:
            if not connection.execute(sa.delete(self._table).where(self._table.c.name == name)).rowcount:
                raise UnknownNameError("no_token")


def made(entropy: Entropy, prefix: str = PREFIX) -> str:
    """The text of a new token, or of another secret of this form: prefix, 256 random bits, checksum.

    >>> made(lambda size: bytes(size))
    'qm_00000000000000000000000000000000000000000002CZclj'
    """
    secret = _written(int.from_bytes(entropy(32), "big"), _SECRET)
    return f"{prefix}{secret}{_checksum(secret)}"


def is_whole(text: str, prefix: str = PREFIX) -> bool:
    """Whether a text has a token's form and its checksum fits, so that it can be one.

    >>> is_whole(made(lambda size: bytes(size))), is_whole("qm_abc")
    (True, False)
    """
    if not text.isascii():
        return False
    secret, checksum = text[len(prefix) : -_CHECK], text[-_CHECK:]
    return text.startswith(prefix) and len(secret) == _SECRET and checksum == _checksum(secret)


def _checksum(secret: str) -> str:
    return _written(zlib.crc32(secret.encode()), _CHECK)


def _written(number: int, length: int) -> str:
    signs = []
    for _ in range(length):
        number, rest = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[rest])
    return "".join(reversed(signs))


def hashed(text: str) -> str:
    """What is kept of a token: with 256 random bits in it, nothing slower is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def _readable(row: sa.RowMapping) -> ApiToken:
    used = None if row["used_at"] is None else instant_of(row["used_at"])
    return ApiToken(row["name"], row["account"], row["ending"], instant_of(row["created_at"]), used)
