"""Files are streams: read while they are written, released once, kept for days, and damage stays where it is."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from qianmian.collect.journal.entries import Place
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.seal import destroy_salt
from qianmian.core.errors import DamagedJournalError, JournalError
from qianmian.privacy.keys import KeyRing
from tests.collect.journal.conftest import NOW, Stand, delivery


def filled(here: Stand, *files: list[str]) -> list[str]:
    """Write each list into a file of its own; returns the streams."""

    async def write() -> list[str]:
        streams = []
        for texts in files:
            here.clock.move(minutes=1)
            writer = here.writer()
            places = [await writer.append(delivery(text)) for text in texts]
            await writer.close()
            streams.append(places[-1].stream)
        return streams

    return asyncio.run(write())


def path_of(here: Stand, stream: str) -> Path:
    [path] = here.root.glob(f"*/{stream}*.db")
    return path


def test_a_reader_goes_on_where_it_was_and_takes_no_more_than_it_asks_for(here: Stand) -> None:
    [stream] = filled(here, [str(n) * 100 for n in range(10)])
    journal, place, sizes = here.journal(), Place(stream), []
    while some := journal.read(place, most_bytes=250):
        sizes.append([entry.position for entry in some])
        place = Place(stream, some[-1].position)
    assert sizes == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10]]
    journal.close()


def test_a_reader_sees_what_is_being_written_and_the_writer_does_not_wait_for_it(here: Stand) -> None:
    async def write() -> None:
        writer, journal = here.writer(), here.journal()
        await writer.append(delivery("1"))
        [file] = journal.files()
        assert not file.is_finished
        with sqlite3.connect(file.path) as other:
            reading = other.execute("SELECT position FROM journal")
            assert reading.fetchone() == (1,)  # and stays in the middle of it
            await writer.append(delivery("2"))
            reading.close()
        other.close()
        assert [entry.lines for entry in journal.read(Place(file.stream, 1))] == [b"2"]
        with pytest.raises(JournalError, match="still being written"):
            journal.release(file.stream)
        await writer.close()
        [file] = journal.files()
        assert file.is_finished
        journal.close()

    asyncio.run(write())


def test_a_released_file_is_kept_for_its_days_then_key_and_file_go(here: Stand) -> None:
    first, second, third = filled(here, ["1"], ["2"], ["3"])
    journal = here.journal()
    journal.release(first)
    journal.release(second)
    journal.release(second)
    assert [(file.stream, file.is_released) for file in journal.files()] == [
        (first, True), (second, True), (third, False),
    ]  # fmt: skip
    assert [file.stream for file in journal.unreleased(here.clock.now() + timedelta(1))] == [third]
    assert journal.unreleased(NOW) == []
    assert [entry.lines for entry in journal.read(Place(second))] == [b"2"]
    assert here.keys.journal_salts.count() == 3
    assert journal.expire(NOW + timedelta(days=7, minutes=1)) == 0
    assert journal.expire(NOW + timedelta(days=7, minutes=1, seconds=1)) == 1
    assert journal.expire(NOW + timedelta(days=99)) == 1
    assert [file.stream for file in journal.files()] == [third]
    assert here.keys.journal_salts.count() == 1
    with pytest.raises(JournalError, match="there is no file"):
        journal.read(Place(first))
    journal.close()


def test_a_copy_of_a_file_is_worthless_once_its_key_is_gone(here: Stand, tmp_path: Path) -> None:
    [stream] = filled(here, ["1"])
    journal = here.journal()
    journal.release(stream)
    path = path_of(here, stream)
    shutil.copy(path, tmp_path / "copy")
    journal.expire(NOW + timedelta(days=9))
    shutil.copy(tmp_path / "copy", path)
    with pytest.raises(DamagedJournalError, match="the key of the file"):
        journal.read(Place(stream))
    journal.close()


def test_a_file_that_was_only_begun_is_empty_and_goes_with_its_release(here: Stand) -> None:
    [stream] = filled(here, ["1"])
    path = path_of(here, stream)
    with sqlite3.connect(path) as opened:
        opened.execute("DELETE FROM journal")
    opened.close()
    destroy_salt(here.keys, stream)
    journal = here.journal()
    assert journal.read(Place(stream)) == []
    journal.release(stream)
    assert journal.files() == []
    path.touch()
    assert journal.read(Place(stream)) == []


def test_a_damaged_entry_is_named_and_loses_none_of_the_others(here: Stand) -> None:
    broken, whole = filled(here, [str(n) for n in range(5)], ["whole"])
    with sqlite3.connect(path_of(here, broken)) as opened:
        opened.execute("UPDATE journal SET source = 'other' WHERE position = 3")
        opened.execute("DELETE FROM journal WHERE position = 5")
    opened.close()
    journal = here.journal()
    assert [entry.position for entry in journal.read(Place(broken))] == [1, 2]
    with pytest.raises(DamagedJournalError, match=f"entry 3 of the file '{broken}'"):
        journal.read(Place(broken, 2))
    assert [entry.position for entry in journal.read(Place(broken, 3))] == [4]
    assert [entry.lines for entry in journal.read(Place(whole))] == [b"whole"]
    journal.close()


def test_an_entry_moved_to_another_file_or_position_is_damaged(here: Stand) -> None:
    one, other = filled(here, ["1", "2"], ["3", "4"])
    with sqlite3.connect(path_of(here, one)) as opened:
        opened.execute("ATTACH ? AS other", (str(path_of(here, other)),))
        opened.execute(
            "UPDATE journal SET body = (SELECT body FROM other.journal WHERE position = 1) WHERE position = 1"
        )
        opened.execute("UPDATE journal SET position = 3 WHERE position = 2")
    opened.close()
    journal = here.journal()
    for at in (0, 1, 2):
        with pytest.raises(DamagedJournalError):
            journal.read(Place(one, at))
    journal.close()


@pytest.mark.parametrize("what", [b"", b"not a database at all, but long enough" * 300])
def test_a_file_that_is_none_any_more_is_refused_by_name(here: Stand, what: bytes) -> None:
    broken, whole = filled(here, ["1"], ["2"])
    path_of(here, broken).write_bytes(what)
    journal = here.journal()
    for ask in (lambda: journal.read(Place(broken)), lambda: journal.release(broken)):
        with pytest.raises(DamagedJournalError, match=broken):
            ask()
    assert [entry.lines for entry in journal.read(Place(whole))] == [b"2"]
    journal.close()


def test_whatever_bit_flips_nothing_wrong_is_read_and_nothing_missing_is_released(here: Stand) -> None:
    texts = [f"{n} " + "".join(map(str, range(n * 9))) for n in range(60)]
    [stream] = filled(here, texts)
    path, chance, found = path_of(here, stream), random.Random(3), 0
    sound = path.read_bytes()
    for _ in range(60):
        flipped = bytearray(sound)
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        path.write_bytes(flipped)
        journal, read, damaged = here.journal(), [], False
        try:
            while some := journal.read(Place(stream, len(read))):
                read += [entry.lines.decode() for entry in some]
            journal.close()
            journal.release(stream)
            (here.root / "released" / path.name).unlink()
        except DamagedJournalError:
            damaged = True
        journal.close()
        assert read == texts[: len(read)]
        assert damaged or read == texts
        found += damaged
    assert found > 20


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    root = tmp_path / "店 100% #1?" / "数据"
    root.mkdir(parents=True)
    here = Stand(JournalFolder(root / "journal"), KeyRing.create(root / "keys"), root / "journal")
    [stream] = filled(here, ["1"])
    journal = here.journal()
    journal.release(stream)
    assert [entry.lines for entry in journal.read(Place(stream))] == [b"1"]
    journal.close()
    here.keys.close()
