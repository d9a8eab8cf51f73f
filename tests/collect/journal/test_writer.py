"""Acknowledged means on disk; what is not acknowledged is whole or absent."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from qianmian.collect.journal import file as files
from qianmian.collect.journal.entries import Place
from qianmian.collect.journal.file import WrittenFile
from qianmian.core.errors import JournalError, JournalFullError, StorageFullError
from tests.collect.journal.conftest import Stand, delivery


def test_what_was_appended_is_read_back_as_it_came(here: Stand) -> None:
    sent = [delivery(f'{{"姓名":"{n}"}}\n{{"b":\ud800}}'.encode("utf-8", "replace").decode()) for n in range(3)]
    sent += [delivery("", count=0), delivery('{"broken', count=1, reason="no_json")]

    async def write() -> list[Place]:
        writer = here.writer()
        places = [await writer.append(one) for one in sent]
        await writer.close()
        return places

    places = asyncio.run(write())
    assert [place.position for place in places] == [1, 2, 3, 4, 5]
    assert len({place.stream for place in places}) == 1
    found = here.entries()
    assert [place for place, _ in found] == places
    for one, (_, entry) in zip(sent, found, strict=True):
        assert {**vars(one), "position": entry.position} == vars(entry)


def test_deliveries_of_one_call_stand_together_and_the_last_is_told(here: Stand) -> None:
    async def write() -> Place:
        writer = here.writer()
        place = await writer.append(delivery("1"), delivery("2", reason="no_json"), delivery("3"))
        await writer.close()
        return place

    assert asyncio.run(write()).position == 1
    assert [(entry.lines, entry.count) for _, entry in here.entries()] == [(b"1\n3\n", 2), (b"2", 1)]


def test_many_callers_share_few_commits_and_each_gets_its_own_place(
    here: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = []
    append = WrittenFile.append
    monkeypatch.setattr(WrittenFile, "append", lambda file, some: commits.append(len(some)) or append(file, some))

    async def write() -> list[Place]:
        writer = here.writer()
        places = await asyncio.gather(*(writer.append(delivery(str(n))) for n in range(200)))
        await writer.close()
        return places

    places = asyncio.run(write())
    assert len(commits) < 20
    found = dict(here.entries())
    assert all(str(n).encode() in found[place].lines.split() for n, place in enumerate(places))
    assert sum(entry.count for entry in found.values()) == 200
    assert sorted(line for entry in found.values() for line in entry.lines.split()) == sorted(
        str(n).encode() for n in range(200)
    )


def test_nothing_is_acknowledged_before_its_commit(here: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go_on = threading.Event(), threading.Event()
    monkeypatch.setattr(files, "_after_rows", lambda: (reached.set(), go_on.wait(10)))

    async def write() -> None:
        writer = here.writer()
        first = asyncio.create_task(writer.append(delivery("1")))
        assert await asyncio.to_thread(reached.wait, 10)
        await asyncio.sleep(0.05)
        assert not first.done()
        assert here.entries() == []
        go_on.set()
        assert (await first).position == 1
        assert len(here.entries()) == 1
        await writer.close()

    asyncio.run(write())


def test_a_caller_who_goes_away_takes_nobody_along(here: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go_on = threading.Event(), threading.Event()
    monkeypatch.setattr(files, "_after_rows", lambda: (reached.set(), go_on.wait(10)))

    async def write() -> None:
        writer = here.writer()
        gone = asyncio.create_task(writer.append(delivery("1")))
        stays = asyncio.create_task(writer.append(delivery("2")))
        assert await asyncio.to_thread(reached.wait, 10)
        gone.cancel()
        go_on.set()
        assert await stays
        await writer.close()

    asyncio.run(write())
    assert b"".join(entry.lines for _, entry in here.entries()).split() == [b"1", b"2"]


def _full() -> None:
    raise StorageFullError("no_room_for_file", file="journal")


def _failed() -> None:
    raise JournalError("journal_not_written", file="journal", why="SQLITE_IOERR_FSYNC")


def _broken() -> None:
    raise RuntimeError("what nobody thought of")


@pytest.mark.parametrize(
    ("fail", "error"), [(_full, StorageFullError), (_failed, JournalError), (_broken, RuntimeError)]
)
def test_after_a_failed_write_nobody_is_acknowledged_and_another_file_is_begun(
    here: Stand, monkeypatch: pytest.MonkeyPatch, fail: Callable[[], None], error: type[Exception]
) -> None:
    async def write() -> tuple[Place, Place]:
        writer = here.writer()
        before = await writer.append(delivery("before"))
        with monkeypatch.context() as broken:
            broken.setattr(files, "_after_rows", fail)
            failed = await asyncio.gather(*(writer.append(delivery(str(n))) for n in range(4)), return_exceptions=True)
        assert [type(one) for one in failed] == [error] * 4
        after = await writer.append(delivery("after"))
        await writer.close()
        return before, after

    before, after = asyncio.run(write())
    assert before.stream != after.stream
    assert {place: entry.lines for place, entry in here.entries()} == {before: b"before", after: b"after"}


def test_a_commit_that_sqlite_refuses_is_told_by_name(here: Stand) -> None:
    async def write() -> None:
        writer = here.writer()
        await writer.append(delivery("1"))
        [path] = (here.root / "waiting").glob("*.db")
        with sqlite3.connect(path) as other:
            other.execute("INSERT INTO journal VALUES (2, '', '', '', '', 0, 0, 0, x'')")  # the next position is taken
        other.close()
        with pytest.raises(JournalError, match="SQLITE_CONSTRAINT_PRIMARYKEY; none of them was acknowledged"):
            await writer.append(delivery("2"))
        await writer.append(delivery("2"))
        await writer.close()

    asyncio.run(write())


def test_too_much_that_waits_is_refused_until_it_is_released(here: Stand) -> None:
    async def write() -> None:
        writer = here.writer(waiting_bytes=100_000)
        await writer.append(delivery("1"))
        with pytest.raises(JournalFullError, match="wait to be taken in"):
            await writer.append(delivery("x" * 100_000))
        here.clock.move(seconds=2)
        await writer.append(delivery("x" * 90_000))
        with pytest.raises(JournalFullError):
            await writer.append(delivery("x" * 90_000))
        await writer.close()
        journal = here.journal()
        for file in journal.files():
            journal.release(file.stream)
        journal.close()
        writer = here.writer(waiting_bytes=100_000)
        await writer.append(delivery("2"))
        await writer.close()

    asyncio.run(write())


def test_a_file_ends_by_its_size_by_its_age_and_when_asked(here: Stand) -> None:
    async def write() -> list[Place]:
        writer = here.writer(file_bytes=2000)
        places = [await writer.append(delivery(text)) for text in ("small", "".join(map(str, range(3000))), "next")]
        here.clock.move(minutes=11)
        places.append(await writer.append(delivery("later")))
        here.folder.ask_turn()
        here.clock.move(seconds=2)
        places.append(await writer.append(delivery("asked")))
        await writer.close()
        return places

    places = asyncio.run(write())
    streams = [place.stream for place in places]
    assert streams[0] == streams[1] < streams[2] < streams[3] < streams[4]
    assert [place.position for place in places] == [1, 2, 1, 1, 1]
    assert [place for place, _ in here.entries()] == places


def test_a_clock_that_is_set_back_begins_no_older_file(here: Stand) -> None:
    async def write() -> None:
        for _ in range(3):
            writer = here.writer()
            await writer.append(delivery())
            here.clock.move(hours=-1)
            [*finished, last] = here.journal().files()
            assert not last.is_finished
            assert all(file.is_finished for file in finished)
            await writer.close()

    asyncio.run(write())
    assert len(here.journal().files()) == 3


def test_one_process_writes(here: Stand) -> None:
    async def write() -> None:
        writer = here.writer()
        with pytest.raises(JournalError, match="another process already receives"):
            here.writer()
        await writer.close()
        await here.writer().close()

    asyncio.run(write())


def test_after_closing_nothing_is_taken_and_what_waited_is_there(here: Stand) -> None:
    async def write() -> None:
        writer = here.writer()
        waiting = [asyncio.create_task(writer.append(delivery(str(n)))) for n in range(20)]
        await asyncio.sleep(0)
        await writer.close()
        assert len(await asyncio.gather(*waiting)) == 20
        with pytest.raises(JournalError, match="the process is ending"):
            await writer.append(delivery())

    asyncio.run(write())
    assert sum(entry.count for _, entry in here.entries()) == 20


def test_an_idle_writer_ends_an_old_file_by_itself(here: Stand) -> None:
    async def write() -> None:
        writer = here.writer(file_age=timedelta(seconds=5))
        await writer.append(delivery())
        here.clock.move(seconds=6)
        while not (files_ := here.journal().files())[0].is_finished:
            await asyncio.sleep(0.05)
        assert len(files_) == 2
        await writer.close()

    asyncio.run(write())


def test_files_are_their_owners_alone_and_hold_nothing_readable(here: Stand) -> None:
    async def write() -> None:
        writer = here.writer()
        await writer.append(delivery("13900000001" * 50))
        for path in (here.root / "waiting").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert b"13900000001" not in path.read_bytes()
        await writer.close()

    asyncio.run(write())
