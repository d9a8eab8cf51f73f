"""An erasure reaches what is kept as it came: the lines are gone, the others stand, and old copies are worthless."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from qianmian.collect.journal import journal as journals
from qianmian.collect.journal.entries import Place
from qianmian.collect.journal.journal import Journal
from qianmian.core.errors import DamagedJournalError
from qianmian.core.people import Identifier
from qianmian.privacy.mentions import Mentions
from tests.collect.journal.conftest import Stand, delivery

ANNA = Mentions([Identifier("phone", "13900000001"), Identifier("user_id", "anna")]).are_in
LINES = [
    '{"user":"anna","n":1}\n{"user":"boris","n":2}\n{"phone":"+86 139-0000-0001","n":3}',
    '{"user":"carl","n":4}',
    '{"user":"\\u0061nna","n":5}',
]
NOBODY = ['{"user":"annabel","n":6}']


@pytest.fixture
def kept(here: Stand) -> tuple[Journal, str, str]:
    """A journal with two released files: Anna is in the first only."""

    async def write() -> list[str]:
        streams = []
        for texts in (LINES, NOBODY):
            writer = here.writer()
            for text in texts:
                place = await writer.append(delivery(text))
            await writer.append(delivery("anna, broken" if texts is LINES else "nobody", reason="no_json"))
            await writer.close()
            streams.append(place.stream)
        return streams

    one, other = asyncio.run(write())
    journal = here.journal()
    journal.release(one)
    journal.release(other)
    return journal, one, other


def test_lines_that_name_the_erased_go_and_positions_stay(kept: tuple[Journal, str, str]) -> None:
    journal, one, other = kept
    untouched = journal.read(Place(other))
    assert journal.forget(ANNA) == 4
    left = [(entry.position, entry.count, entry.lines.decode(), entry.reason) for entry in journal.read(Place(one))]
    assert left == [
        (1, 1, '{"user":"boris","n":2}', ""),
        (2, 1, '{"user":"carl","n":4}', ""),
        (3, 0, "", ""),
        (4, 0, "", "no_json"),
    ]
    assert journal.read(Place(other)) == untouched
    assert journal.forget(ANNA) == 0
    assert journal.forget(Mentions([Identifier("user_id", "boris")]).are_in) == 1
    assert [entry.count for entry in journal.read(Place(one, 1))] == [1, 0, 0]
    journal.close()


def test_a_copy_made_before_the_erasure_can_be_read_no_more(
    here: Stand, kept: tuple[Journal, str, str], tmp_path: Path
) -> None:
    journal, one, _ = kept
    journal.close()
    shutil.copytree(here.root, tmp_path / "copy")
    journal.forget(ANNA)
    [now] = [file.path for file in journal.files() if file.stream == one]
    assert now.name == f"{one}+1.db"
    journal.close()
    now.unlink()
    shutil.copy(tmp_path / "copy" / "released" / f"{one}.db", now.parent)
    with pytest.raises(DamagedJournalError, match="the key of the file"):
        journal.read(Place(one))
    assert here.keys.journal_salts.count() == 2


class _DeadError(Exception):
    pass


def _die() -> None:
    raise _DeadError


@pytest.mark.parametrize("point", ["_after_rewriting", "_after_shredding"])
def test_an_erasure_that_dies_on_the_way_is_finished_by_the_next(
    here: Stand, kept: tuple[Journal, str, str], monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    journal, one, other = kept
    with monkeypatch.context() as broken:
        broken.setattr(journals, point, _die)
        with pytest.raises(_DeadError):
            journal.forget(ANNA)
    again = here.journal()
    again.forget(ANNA)
    assert [entry.count for entry in again.read(Place(one))] == [1, 1, 0, 0]
    assert sorted(path.name for path in (here.root / "released").glob("*.db")) == [f"{one}+1.db", f"{other}.db"]
    again.close()
    journal.close()
