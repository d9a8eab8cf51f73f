"""Salts: 16 random bytes per secret. Whoever destroys the salt has destroyed the secret, in every backup too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import sqlalchemy as sa

from qianmian.core.tables import Table
from qianmian.privacy.database import scrub

SALT_BYTES = 16
_CHUNK = 500  # ids in one look-up; SQLite allows 32,766 bound values


class SaltStore:
    """The salts of one kind of secret, by id."""

    def __init__(self, engine: sa.Engine, table: Table, entropy: Callable[[int], bytes]) -> None:
        self._engine = engine
        self._name = table.name
        self._entropy = entropy

    def ensure(self, ids: Sequence[int]) -> list[bytes]:
        """One salt for each of the distinct ids, durable on return: new where there was none.

        A salt that exists is kept: the secret under it may already be stored.
        """
        pool = self._entropy(SALT_BYTES * len(ids))
        salts = [pool[at : at + SALT_BYTES] for at in range(0, len(pool), SALT_BYTES)]
        with self._engine.begin() as connection:
            insert = f"INSERT INTO {self._name} (id, salt) VALUES (?, ?) ON CONFLICT DO NOTHING"
            added = connection.exec_driver_sql(insert, list(zip(ids, salts, strict=True))).rowcount
        if added == len(ids):
            return salts
        stored = self.find(ids)
        return [stored[id_] for id_ in ids]

    def find(self, ids: Sequence[int]) -> dict[int, bytes]:
        """The salts of those ids that have one."""
        found: dict[int, bytes] = {}
        with self._engine.connect() as connection:
            for chunk in chunks(ids, _CHUNK):
                marks = ",".join("?" * len(chunk))
                query = f"SELECT id, salt FROM {self._name} WHERE id IN ({marks})"
                found.update((id_, salt) for id_, salt in connection.exec_driver_sql(query, tuple(chunk)))
        return found

    def ids(self) -> set[int]:
        """The ids that have a salt."""
        with self._engine.connect() as connection:
            return set(connection.exec_driver_sql(f"SELECT id FROM {self._name}").scalars())

    def count(self) -> int:
        """How many salts there are."""
        with self._engine.connect() as connection:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {self._name}").scalar_one())

    def destroy(self, ids: Sequence[int]) -> None:
        """Overwrite and delete the salts, out of the write-ahead log too; unknown ids are passed over."""
        with self._engine.begin() as connection:
            if ids:
                connection.exec_driver_sql(f"DELETE FROM {self._name} WHERE id = ?", [(id_,) for id_ in ids])
        scrub(self._engine, self._name)


def chunks(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """The items in runs of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
