"""Turns lists of groups into events.

A line of the data is a group: initiator, item, participants. It becomes ``Group Buy Opened`` by the initiator,
``Group Buy Joined`` by each participant and, if the group succeeded, ``Group Buy Filled`` on the initiator.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from qianmian.core.events import GROUP_BUY_FILLED, GROUP_BUY_JOINED, GROUP_BUY_OPENED

#: Files of groups, and whether their groups succeeded. The data set's failed groups list no participants.
FILES = (("tune.txt.gz", True), ("invalid.txt.gz", False))
COLUMNS = ("event_id", "event", "user_id", "group_id", "item_id")
Row = tuple[str, str, str, str, str]


def user_id(number: str) -> str:
    """The user_id of a user's number. A bare 0, which is a user here, names nobody anywhere else.

    >>> user_id("0")
    'bb-0'
    """
    return f"bb-{number}"


def write_events(folder: Path, file: Path) -> int:
    """Write the events of all groups as CSV; returns how many.

    Args:
        folder: the data set's folder.
        file: the CSV file to write.
    """
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for name, succeeded in FILES:
            with gzip.open(folder / name, "rt", encoding="utf-8") as lines:
                for number, line in enumerate(lines, start=1):
                    group = f"{name.partition('.')[0]}-{number}"
                    for row in _events(group, line.split(), succeeded=succeeded):
                        writer.writerow(row)
                        count += 1
    return count


def _events(group: str, members: list[str], *, succeeded: bool) -> Iterator[Row]:
    initiator, item, *participants = members
    yield f"{group}-opened", GROUP_BUY_OPENED, user_id(initiator), group, item
    for place, participant in enumerate(participants, start=1):
        yield f"{group}-joined-{place}", GROUP_BUY_JOINED, user_id(participant), group, item
    if succeeded:
        yield f"{group}-filled", GROUP_BUY_FILLED, user_id(initiator), group, item
