"""The lines of a share as a file for the import, and where in the journal each of them came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path

from qianmian.app.taken import Share
from qianmian.collect.journal.entries import Entry

#: A place among refused rows: the delivery's position, and the line in it.
_LINE_BITS = 16


def kept_as(share: Share) -> str:
    """The stream under which refused rows of a share are kept."""
    return f"{share.file}:{share.source}:{share.dialect}"


def position_of(entry: Entry, line: int = 0) -> int:
    """Under which position of its stream a line of an entry is kept, if it is refused."""
    return entry.position << _LINE_BITS | line


def write(file: Path, stream: str, entries: Sequence[Entry]) -> Callable[[int], tuple[str, int]]:
    """Write the lines of entries to a file.

    Returns:
        What tells the stream and the position under which a row of the file, from 1, is kept if it is refused. Hardly
        any is, so that nothing is worked out for the others.
    """
    firsts, row = [], 1
    with file.open("wb") as out:
        for entry in entries:
            lines = entry.lines.rstrip(b"\n")
            out.write(lines + b"\n")
            firsts.append(row)
            row += lines.count(b"\n") + 1

    def place(row: int) -> tuple[str, int]:
        at = bisect_right(firsts, row) - 1
        return stream, position_of(entries[at], row - firsts[at])

    return place
