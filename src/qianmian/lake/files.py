"""The values that a release is made of: data files, changes, stream positions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Literal


@dataclass(frozen=True)
class DataFile:
    """One Parquet file of a table.

    Attributes:
        path: relative to the table's folder.
        rows: number of rows in it.
        size: bytes on disk.
        day: value of the partition column; None in a table without partitions.
    """

    path: str
    rows: int
    size: int
    day: date | None = None

    @property
    def layer(self) -> int:
        """Number of the layer that the file belongs to, as its name tells; 0 in a table without layers."""
        number, _, rest = PurePosixPath(self.path).name.partition("-")
        return int(number) if rest else 0


@dataclass(frozen=True)
class Change:
    """What a release does to one table.

    Attributes:
        table: name of the table.
        add: new files, as `Lake.describe` returned them.
        remove: files that leave (a rewrite), or "all" (a replacement); empty = an append.
        rearranged: the same rows in other files, as a compaction leaves them.
    """

    table: str
    add: tuple[DataFile, ...] = ()
    remove: tuple[DataFile, ...] | Literal["all"] = ()
    rearranged: bool = False

    def applied(self, files: list[DataFile]) -> list[DataFile]:
        """The table's files once the change is released, from its files before."""
        left = [] if self.remove == "all" else [file for file in files if file not in self.remove]
        return [*left, *self.add]


@dataclass(frozen=True)
class Position:
    """How far a stream has been committed.

    Attributes:
        stream: a journal file or an import batch.
        number: last position of the stream that the release contains; grows with every release.
    """

    stream: str
    number: int
