"""Bodies compressed and sealed: each file has a key of its own, which goes when its salt is destroyed."""

from __future__ import annotations

from hashlib import sha256

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qianmian.collect.journal.entries import Delivery, Entry
from qianmian.core.errors import DamagedJournalError
from qianmian.privacy.database import instant_of, microseconds
from qianmian.privacy.hashing import keyed_hash
from qianmian.privacy.keys import NONCE_BYTES, Entropy, KeyRing

#: Level 1: a third more compressed than level -5 or LZ4 for 0.15 µs an event.
_CODEC = pa.Codec("zstd", compression_level=1)
#: A smaller body stays as it is: a single event loses a third, and would cost as much again as all the rest.
_SMALLEST = 1024
#: A stored entry, in the order of the declared columns.
Row = tuple[int, str, str, str, str, int, int, int, bytes]


class Seal:
    """Turns entries of one file into rows and back; who changes a byte of a row is found."""

    def __init__(self, file: str, parent: bytes, salt: bytes, entropy: Entropy) -> None:
        """The seal of a file.

        Args:
            file: its name, which every entry is bound to.
            parent: the ring's key for the journal.
            salt: the file's own.
            entropy: source of cryptographic randomness.
        """
        self._file = file
        self._cipher = AESGCM(keyed_hash(parent)(salt))
        self._entropy = entropy

    def close(self, delivery: Delivery, position: int) -> Row:
        """The row of a delivery."""
        received = microseconds(delivery.received_at)
        told = (position, delivery.reason, delivery.dialect, delivery.source, delivery.environment, received)
        size = len(delivery.lines)
        nonce = self._entropy(NONCE_BYTES)
        packed = delivery.lines if size < _SMALLEST else _CODEC.compress(delivery.lines, asbytes=True)
        bound = self._bound(*told, delivery.count, size)
        return *told, delivery.count, size, nonce + self._cipher.encrypt(nonce, packed, bound)

    def open(self, row: Row) -> Entry:
        """The inverse of `close`.

        Raises:
            DamagedJournalError: something of the row is not as it was written; names file and position.
        """
        position, reason, dialect, source, environment, received, count, size, body = row
        try:
            packed = self._cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], self._bound(*row[:-1]))
        except (InvalidTag, ValueError, TypeError):  # a changed page may even change the type of a value
            raise DamagedJournalError("damaged_entry", file=self._file, position=position) from None
        return Entry(
            position=position,
            reason=reason,
            dialect=dialect,
            source=source,
            environment=environment,
            received_at=instant_of(received),
            count=count,
            lines=packed if size < _SMALLEST else _CODEC.decompress(packed, decompressed_size=size, asbytes=True),
        )

    def _bound(self, *told: str | int) -> bytes:
        return "\x1f".join(map(str, (self._file, *told))).encode("utf-8", "surrogatepass")


def salt_of(keys: KeyRing, file: str) -> bytes | None:
    """The salt of a file; None if it has none yet, or none any more."""
    return keys.journal_salts.find([_salt_id(file)]).get(_salt_id(file))


def new_salt(keys: KeyRing, file: str) -> bytes:
    """The salt of a new file, durable on return."""
    return keys.journal_salts.ensure([_salt_id(file)])[0]


def destroy_salt(keys: KeyRing, file: str) -> None:
    """From here on nobody can read the file, wherever a copy of it is."""
    keys.journal_salts.destroy([_salt_id(file)])


def _salt_id(file: str) -> int:
    return int.from_bytes(sha256(file.encode()).digest()[:8], "big") >> 1
