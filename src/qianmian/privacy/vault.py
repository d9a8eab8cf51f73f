"""The vault: which value a pseudonym stands for, each encrypted under a key of its own that can be destroyed alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from numpy.typing import NDArray

from qianmian.core.errors import WorkspaceError
from qianmian.core.failpoints import failpoint
from qianmian.core.people import Identifier
from qianmian.privacy.bulk import read_integers, write_rows
from qianmian.privacy.database import declared, scrub
from qianmian.privacy.details import DetailStore
from qianmian.privacy.hashing import keyed_hash
from qianmian.privacy.keys import NONCE_BYTES, KeyRing
from qianmian.privacy.pseudonyms import normalise
from qianmian.privacy.salts import chunks
from qianmian.privacy.tables import IDENTIFIERS

NodeIds = NDArray[np.int64]
Checks = NDArray[np.uint64]

#: Each key encrypts one value, once: a fixed nonce repeats nothing.
_NONCE = bytes(NONCE_BYTES)
_WRITTEN_AT_ONCE = 250_000
_READ_AT_ONCE = 500
_STORED = declared(IDENTIFIERS)

_SEALED = sa.select(_STORED.c.node_id, _STORED.c.namespace, _STORED.c.ciphertext).where(
    _STORED.c.node_id.in_(sa.bindparam("nodes", expanding=True))
)

_after_salts = failpoint("vault.after_salts", "salts of new identifiers are durable, their rows are not yet")
_after_rows = failpoint("vault.after_rows", "salts and rows of a run of new identifiers are durable")
_salts_destroyed = failpoint("vault.salts_destroyed", "shredded values are unreadable, their rows are still there")


@dataclass(frozen=True)
class Remembered:
    """What `Vault.remember` did.

    Attributes:
        new: identifiers that the vault did not know before.
        collided: mask over the values handed in: another identifier came first with the same node_id. These must
            not enter any table; about one pair in 10^18 does this by chance.
    """

    new: int
    collided: NDArray[np.bool_]


@dataclass(frozen=True)
class _Held:
    """Known pseudonyms, ascending, each with the half of its hash that tells a collision."""

    node_ids: NodeIds
    checks: Checks


class Vault:
    """The identifiers of one workspace, and what owned records say of them.

    Whoever writes holds the known pseudonyms in memory, 16 bytes each, so that an identifier seen before costs no disk
    access; who only asks never loads them. One process writes at a time (the workspace's lease sees to that).

    Attributes:
        details: names, birthdays and the like, by identifier.
    """

    def __init__(self, engine: sa.Engine, keys: KeyRing) -> None:
        """The identifiers in a database that holds their table."""
        self._engine = engine
        self._keys = keys
        self._held: _Held | None = None
        self.details = DetailStore(engine, keys)

    def known(self, node_ids: NodeIds) -> NDArray[np.bool_]:
        """Which of the node_ids the vault holds."""
        return _found(self._all.node_ids, node_ids)

    def remember(
        self, namespace: str, values: Sequence[str | None], node_ids: NodeIds, checks: Checks, batch: int
    ) -> Remembered:
        """Keep the values that are new; on return they are durable.

        Salts are stored before rows, in runs; a crash in between leaves salts that the next attempt takes up.

        Args:
            namespace: kind of identifier that all values are.
            values: as they came; kept in their normalised spelling.
            node_ids: their pseudonyms, from `pseudonymise`; 0 is passed over.
            checks: the second half of the pseudonym, which tells a collision.
            batch: number of the batch that brings them.
        """
        distinct, first, inverse = np.unique(node_ids, return_index=True, return_inverse=True)
        known = self.known(distinct)
        held = checks[first]
        held[known] = self._all.checks[np.searchsorted(self._all.node_ids, distinct[known])]
        fresh = np.flatnonzero(~known & (distinct != 0))
        for start in range(0, len(fresh), _WRITTEN_AT_ONCE):
            run = fresh[start : start + _WRITTEN_AT_ONCE]
            texts = [values[at] or "" for at in first[run].tolist()]
            self._write(namespace, texts, distinct[run], held[run], batch)
        return Remembered(new=len(fresh), collided=(held[inverse] != checks) & (node_ids != 0))

    def reveal(self, node_ids: Sequence[int]) -> dict[int, Identifier]:
        """The identifiers behind pseudonyms; those shredded or never seen are absent.

        Raises:
            WorkspaceError: a stored value is damaged, or was sealed with other keys.
        """
        revealed: dict[int, Identifier] = {}
        salts = self._keys.salts.find(node_ids)
        derive = keyed_hash(self._keys.vault)
        with self._engine.connect() as connection:
            for chunk in chunks(list(salts), _READ_AT_ONCE):
                for node, namespace, ciphertext in connection.execute(_SEALED, {"nodes": chunk}):
                    revealed[node] = Identifier(namespace, _open(derive(salts[node]), ciphertext, namespace))
        return revealed

    def identifiers(self) -> Iterator[tuple[int, Identifier]]:
        """Every identifier with its pseudonym, in the order of these; those shredded are passed over."""
        for chunk in chunks(self._all.node_ids.tolist(), _WRITTEN_AT_ONCE):
            yield from self.reveal(chunk).items()

    def shredded(self) -> list[int]:
        """The node_ids whose values can never be read again, since their salts were destroyed, though rows are left."""
        salted = self._keys.salts.ids()
        return [node for node in self._all.node_ids.tolist() if node not in salted]

    def shred(self, node_ids: Sequence[int]) -> None:
        """Destroy the values for good: first their salts, then their rows. Repeating it is harmless."""
        self._keys.salts.destroy(node_ids)
        _salts_destroyed()
        with self._engine.begin() as connection:
            if node_ids:
                gone = sa.delete(_STORED).where(_STORED.c.node_id == sa.bindparam("node"))
                connection.execute(gone, [{"node": node} for node in node_ids])
        scrub(self._engine, IDENTIFIERS.name)
        self._held = None

    def of_batch(self, batch: int) -> list[int]:
        """The node_ids that a batch was the first to bring."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_STORED.c.node_id).where(_STORED.c.batch == batch)).scalars())

    def look_again(self) -> None:
        """Forget what is held in memory: another process may have written since."""
        self._held = None

    def close(self) -> None:
        """Close the vault's database."""
        self._engine.dispose()

    def __len__(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(_STORED)).scalar_one()

    def _write(self, namespace: str, texts: Sequence[str], node_ids: NodeIds, checks: Checks, batch: int) -> None:
        before, nodes = self._all, node_ids.tolist()
        salts = self._keys.salts.ensure(nodes)
        _after_salts()
        sealed = _seal(keyed_hash(self._keys.vault), salts, texts, namespace)
        rows = zip(nodes, checks.view(np.int64).tolist(), repeat(namespace), sealed, repeat(batch), strict=False)
        self._held = None  # a commit whose confirmation is lost may have been done
        with self._engine.begin() as connection:
            write_rows(connection, _STORED, list(rows))
        _after_rows()
        places = np.searchsorted(before.node_ids, node_ids)
        self._held = _Held(np.insert(before.node_ids, places, node_ids), np.insert(before.checks, places, checks))

    @property
    def _all(self) -> _Held:
        """Every known pseudonym, read at the first need."""
        if self._held is None:
            with self._engine.connect() as connection:
                known = read_integers(connection, (_STORED.c.node_id, _STORED.c.check_hash))
            order = np.argsort(known[:, 0], kind="stable")  # SQLite's are in order already, and that costs little
            self._held = _Held(known[order, 0], known[order, 1].view(np.uint64))
        return self._held


def _found(sorted_ids: NodeIds, wanted: NodeIds) -> NDArray[np.bool_]:
    if not len(sorted_ids):
        return np.zeros(len(wanted), dtype=np.bool_)
    places = np.minimum(np.searchsorted(sorted_ids, wanted), len(sorted_ids) - 1)
    return np.asarray(sorted_ids[places] == wanted)


def _seal(
    derive: Callable[[bytes], bytes], salts: Sequence[bytes], texts: Sequence[str], namespace: str
) -> list[bytes]:
    context = namespace.encode()
    return [
        AESGCM(derive(salt)).encrypt(
            _NONCE, (normalise(namespace, text) or text).encode("utf-8", "surrogatepass"), context
        )
        for salt, text in zip(salts, texts, strict=True)
    ]


def _open(key: bytes, ciphertext: bytes, namespace: str) -> str:
    try:
        plain = AESGCM(key).decrypt(_NONCE, ciphertext, namespace.encode())
    except InvalidTag:
        raise WorkspaceError("identifier_sealed", namespace=namespace) from None
    return plain.decode("utf-8", "surrogatepass")
