"""A replaced file is whole, and "no room" has one face."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb
import pytest

from qianmian.core.errors import StorageFullError
from qianmian.lake.durable import storage_errors, write_durably


def test_a_file_is_replaced_and_no_draft_stays(tmp_path: Path):
    for text in ("old", "新"):
        write_durably(tmp_path / "state.json", text)
    assert (tmp_path / "state.json").read_text(encoding="utf-8") == "新"
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_a_failed_replacement_leaves_the_old_text_and_no_draft(tmp_path: Path):
    write_durably(tmp_path / "state.json", "old")
    with pytest.raises(UnicodeEncodeError):
        write_durably(tmp_path / "state.json", "\ud800")
    assert (tmp_path / "state.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "whatever"),
        OSError(errno.EFBIG, "whatever"),
        duckdb.IOException("Could not write: No space left on device"),
    ],
)
def test_no_room_names_the_table(error: Exception):
    with pytest.raises(StorageFullError, match="while writing table 'sales'") as caught, storage_errors("sales"):
        raise error
    assert caught.value.__cause__ is error
    assert caught.value.hint.startswith("free space")


@pytest.mark.parametrize("error", [OSError(errno.EIO, "i/o"), duckdb.IOException("No such file"), ValueError("x")])
def test_other_errors_stay_what_they_are(error: Exception):
    with pytest.raises(type(error)) as caught, storage_errors("sales"):
        raise error
    assert caught.value is error
