"""Processes that write to a journal, or tidy it, until they are killed; and the ledger of what they were promised."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from qianmian.collect.journal.entries import Delivery, Entry, Place
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.journal import Journal
from qianmian.collect.journal.writer import JournalWriter, Limits
from qianmian.core.clock import SystemClock
from qianmian.core.failpoints import arm
from qianmian.privacy import database
from qianmian.privacy.keys import KeyRing

APPENDERS = 8
#: Small files, so that many begin and end within a trial.
LIMITS = Limits(file_bytes=200_000)
#: Named in every seventh delivery, and erased.
ERASED = "erased-one"
_NOW = datetime(2026, 11, 26, tzinfo=UTC)
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["__main__", "tests.faults.parts.appending"])


def delivery(number: int) -> Delivery:
    """A delivery that can be told by its number alone: one line with it, some that differ in length, sometimes two."""
    chance = random.Random(number)
    lines = [f'{{"number":{number}}}', chance.randbytes(chance.randrange(9000)).hex()]
    lines += [f'{{"user":"{ERASED}"}}'] if number % 7 == 0 else []
    reason = "no_json" if number % 11 == 0 else ""
    return Delivery(
        dialect="segment",
        source=f"source-{number % 3}",
        environment="prod",
        received_at=_NOW,
        count=len(lines),
        lines="\n".join(lines).encode(),
        reason=reason,
    )


def parts_of(entry: Entry) -> list[Entry]:
    """The deliveries that an entry was made of."""
    texts = re.split(rb"^(?=\{\"number\":)", entry.lines, flags=re.MULTILINE)
    return [replace(entry, lines=text) for text in texts if text] or [entry]


def number_of(entry: Entry) -> int:
    """Which delivery an entry is, or its first part."""
    return int(entry.lines.partition(b":")[2].partition(b"}")[0])


def process(deed: str, root: Path, failpoint: str = "", hit: int = 1) -> multiprocessing.process.BaseProcess:
    """Start a deed in a process of its own, which may die at a failpoint."""
    started = _SERVER.Process(target=_live, args=(deed, root, failpoint, hit))
    started.start()
    return started


def promised(root: Path) -> dict[int, Place]:
    """What was acknowledged: number → place. A last line that was cut was never told to anybody."""
    ledger = root / "ledger"
    told = ledger.read_text().splitlines(keepends=True) if ledger.exists() else []
    rows = [line.split() for line in told if line.endswith("\n")]
    return {int(number): Place(stream, int(position)) for number, stream, position in rows}


def opened(root: Path) -> tuple[JournalFolder, KeyRing]:
    """The folder and the keys of a trial."""
    keys = root / "keys"
    ring = KeyRing.open(keys) if (keys / "master.key").exists() else KeyRing.create(keys)
    return JournalFolder(root / "journal"), ring


def append(root: Path, first: int, count: int) -> None:
    """Append deliveries by eight at a time, and note in the ledger what was acknowledged."""
    folder, keys = opened(root)

    async def appender(writer: JournalWriter, start: int, ledger: int) -> None:
        for number in range(first + start, first + count, APPENDERS):
            place = await writer.append(delivery(number))
            os.write(ledger, f"{number} {place.stream} {place.position}\n".encode())

    async def all_of_them() -> None:
        writer = JournalWriter(folder, keys, SystemClock(), os.urandom, LIMITS)
        ledger = os.open(root / "ledger", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        await asyncio.gather(*(appender(writer, start, ledger) for start in range(APPENDERS)))
        os.close(ledger)
        await writer.close()

    asyncio.run(all_of_them())
    keys.close()


def tidy(root: Path, deed: str) -> None:
    """Release, forget or expire, as the deed says."""
    folder, keys = opened(root)
    journal = Journal(folder, keys, os.urandom)
    if deed == "release":
        for file in journal.files():
            journal.release(file.stream)
    elif deed == "forget":
        journal.forget(lambda line: ERASED in line)
    else:
        journal.expire(datetime.max.replace(tzinfo=UTC))
    journal.close()
    keys.close()


def _live(deed: str, root: Path, failpoint: str, hit: int) -> None:
    if failpoint:
        arm(failpoint, hit)
    if deed == "careless":
        database._PRAGMAS = ("journal_mode=WAL", "synchronous=OFF")
    if deed in ("append", "careless"):
        append(root, 0, 1_000_000)
    else:
        tidy(root, deed)
