"""Our side of wide conditions and of ties: the audience engine over a made-up reading."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.measuring.asking import spread
from benchmarks.peers.wide import THREADS, conditions, names
from qianmian.core.tables import Type
from qianmian.lake.connection import bare_connection
from qianmian.profile.reading import Reading
from qianmian.query.fields import TagField, Vocabulary
from qianmian.segment.audiences import audience
from qianmian.segment.index.question import index_of

#: Of the database, which reads the files; the index has its own limit.
_MEMORY_MIB = 512
_TYPES = {
    "count": Type.INTEGER, "money": Type.MONEY, "days": Type.INTEGER, "flag": Type.FLAG, "word": Type.TEXT,
    "city": Type.TEXT, "score": Type.NUMBER, "date": Type.DATE,
}  # fmt: skip


def vocabulary_of(tags: int) -> Vocabulary:
    """The tags of the table."""
    fields = tuple(TagField(name, _TYPES[name.partition("_")[0]]) for name in names(tags))
    kinds = frozenset({"follow", "like", "group_buy", "invite", "chat"})
    return Vocabulary(fields, frozenset(), (), lambda column, text: None, kinds)


class _Wide(Reading):
    """A reading whose tags are the columns of a table, instead of formulas."""

    def select(self, names: Iterable[str]) -> str:
        """The columns."""
        return f"SELECT {', '.join(['person_id', *names])} FROM profiles"


@contextmanager
def reading(tags: int, **files: str) -> Iterator[Reading]:
    """A reading whose profiles, and ties if there are any, lie in Parquet files."""
    with tempfile.TemporaryDirectory() as spill:
        folders = [Path(file).parent for file in files.values()]
        limits = {"threads": THREADS, "memory_mib": _MEMORY_MIB, "keeps_what_it_read": False}
        connection = bare_connection(folders, spill=Path(spill), **limits)
        for name, file in files.items():
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{file}')")
        nothing: Any = None
        connection.execute("CREATE VIEW partials AS SELECT person_id FROM profiles")
        yield _Wide(connection, (), vocabulary_of(tags), nothing, (), nothing, nothing, nothing)
        connection.close()


def ask(wide: str, tags: int, bases: int, edits: int) -> dict[str, Any]:
    """Sizes of the conditions, and how long they took: each base cold, then all edits."""
    asked = conditions(tags, bases, edits)
    with reading(tags, profiles=wide) as read:
        # compiled loops come from their cache, as in a process that has run before
        begun = perf_counter()
        index_of(read)
        opened = 1e3 * (perf_counter() - begun)
        cold, sizes = [], {}
        for of_base in asked:
            begun = perf_counter()
            sizes[of_base[0][0]] = _size(read, of_base[0][0])
            cold.append(1e3 * (perf_counter() - begun))
        told: dict[str, Any] = spread([partial(_size, read, text) for of_base in asked for text, _ in of_base])
        kept = index_of(read).columns
        told |= {"sizes": sizes, "opened_ms": opened, "cold_ms": cold}
        return told | {"columns": len(kept), "columns_mib": kept.nbytes >> 20}


def _size(read: Reading, text: str) -> int:
    return audience(read, text, purpose="", check=lambda _: None).size(read)


def ask_ties(wide: str, ties: str, texts: dict[str, list[str]]) -> dict[str, Any]:
    """Conditions about ties: the first brings them into memory; then those of each kind, each asked once."""
    told: dict[str, Any] = {}
    with reading(8, profiles=wide, ties=ties) as read:
        begun = perf_counter()
        _size(read, "friends(count_000 = 0)")
        told["loaded"] = {"ms": 1e3 * (perf_counter() - begun), "mib": index_of(read).ties.nbytes >> 20}
        for name, listed in texts.items():
            told[name] = {"people": _size(read, listed[0]), **spread([partial(_size, read, one) for one in listed[1:]])}
    return told
