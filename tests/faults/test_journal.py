"""Whoever is killed while it appends or tidies, wherever: what was acknowledged is in the journal, once."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from qianmian.collect.journal.entries import Place
from qianmian.collect.journal.writer import JournalWriter
from qianmian.core.clock import SystemClock
from qianmian.core.errors import QianmianError, StorageFullError
from tests.faults.disk_full import _disk, can_mount
from tests.faults.journal import DEATHS, _judged, at_failpoint, entries_of, is_kept, while_appending
from tests.faults.parts.appending import append, delivery, number_of, opened, parts_of
from tests.faults.parts.child import KILLED


@pytest.mark.parametrize("name", DEATHS)
def test_a_death_at_a_failpoint_breaks_no_promise(tmp_path: Path, name: str):
    trial = at_failpoint(tmp_path, name)
    assert trial.status == KILLED, "the failpoint was not passed"
    assert trial.is_clean, trial


@pytest.mark.parametrize("seed", range(3))
def test_a_death_at_a_random_moment_breaks_no_promise(tmp_path: Path, seed: int):
    trial = while_appending(tmp_path, seed)
    assert trial.is_clean, trial


def test_a_broken_promise_would_be_found(tmp_path: Path):
    append(tmp_path, 0, 24)
    ledger = tmp_path / "ledger"
    first, second, *rest = ledger.read_text().splitlines(keepends=True)
    swapped = [f"{one.split()[0]} {other.partition(' ')[2]}" for one, other in ((first, second), (second, first))]
    ledger.write_text("".join([*swapped, *rest, rest[0].replace(rest[0].split()[0], "999", 1)]))
    assert _judged(tmp_path, "control", 0, "").lost == 3


def test_a_second_copy_would_be_found(tmp_path: Path):
    append(tmp_path, 0, 24)
    append(tmp_path, 16, 8)
    assert _judged(tmp_path, "control", 0, "").duplicated == 8


def test_on_a_full_disk_nothing_is_acknowledged_and_with_room_it_goes_on(tmp_path: Path):
    if not can_mount(tmp_path / "probe"):
        pytest.skip("this machine does not let us mount a disk")
    with _disk(tmp_path) as disk:
        folder, keys = opened(disk)

        async def fill() -> tuple[dict[int, Place], list[type]]:
            writer = JournalWriter(folder, keys, SystemClock(), os.urandom)
            told = {0: await writer.append(delivery(0))}
            (disk / "filler").write_bytes(bytes(shutil.disk_usage(disk).free - 300_000))
            refused: list[type] = []
            for number in range(1, 200):
                try:
                    told[number] = await writer.append(delivery(number))
                except QianmianError as error:
                    refused.append(type(error))
            (disk / "filler").unlink()
            told[200] = await writer.append(delivery(200))
            await writer.close()
            return told, refused

        told, refused = asyncio.run(fill())
        keys.close()
        assert set(refused) == {StorageFullError}
        found = entries_of(disk)
        assert {number_of(part): place for place, entry in found.items() for part in parts_of(entry)} == told
        assert all(is_kept(found[place], number) for number, place in told.items())
