"""The lines of a share as files for the import, and where in the journal each of them came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from qianmian.app.taken import Share
from qianmian.collect.journal.entries import Entry
from qianmian.collect.wire.meanings import is_of_goods, may_be_of_goods

#: A place among refused rows: the delivery's position, and the line in it.
_LINE_BITS = 16
#: Lines that end with a break, each time with the position of the first.
Lines = list[tuple[int, bytes]]


def kept_as(share: Share) -> str:
    """The stream under which refused rows of a share are kept."""
    return f"{share.file}:{share.source}:{share.dialect}"


def position_of(entry: Entry) -> int:
    """Under which position of its stream the first line of an entry is kept, if it is refused."""
    return entry.position << _LINE_BITS


def parted(dialect: str, entries: Sequence[Entry]) -> tuple[Lines, Lines]:
    """The lines that tell events, and those that change goods."""
    events: Lines = []
    goods: Lines = []
    for entry in entries:
        lines, at = _ended(entry.lines), position_of(entry)
        if not may_be_of_goods(dialect, lines):
            events.append((at, lines))
            continue
        for number, line in enumerate(BytesIO(lines), at):
            (goods if is_of_goods(dialect, line) else events).append((number, line))
    return events, goods


def _ended(lines: bytes) -> bytes:
    return lines if lines.endswith(b"\n") else lines + b"\n"


def write(file: Path, stream: str, lines: Lines) -> Callable[[int], tuple[str, int]]:
    """Write lines to a file.

    Returns:
        What tells the stream and the position under which a row of the file, from 1, is kept if it is refused. Hardly
        any is, so that nothing is worked out for the others.
    """
    firsts, row = [], 1
    with file.open("wb") as out:
        for _, some in lines:
            out.write(some)
            firsts.append(row)
            row += some.count(b"\n")

    def place(row: int) -> tuple[str, int]:
        at = bisect_right(firsts, row) - 1
        return stream, lines[at][0] + row - firsts[at]

    return place
