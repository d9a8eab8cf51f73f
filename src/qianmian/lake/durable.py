"""What "on disk" means: bytes and directory entries that survive a power cut, and a full disk told apart."""

from __future__ import annotations

import errno
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from deltalake.exceptions import DeltaError

from qianmian.core.errors import StorageFullError, StoreUnreachableError

_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_FULL_TEXTS = ("no space left on device", "file too large", "disk quota exceeded")
#: By which words pyarrow and deltalake tell that an error came from the object store, and how deltalake paints it.
_REMOTE_TEXTS = ("AWS Error", "Generic S3 error", "reqwest", "object store")
_PAINT = re.compile(r"\x1b\[[0-9;]*m")
_WORDS = 240


def fsync_file(path: Path) -> None:
    """Force a file's bytes to disk."""
    _fsync(path, os.O_RDONLY)


def fsync_folder(path: Path) -> None:
    """Force a folder's entries to disk: a new file survives only once its folder did."""
    _fsync(path, os.O_RDONLY | os.O_DIRECTORY)


def write_durably(path: Path, text: str) -> None:
    """Replace a file so that after a power cut it holds either the old text or the new, whole."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        draft.write_text(text, encoding="utf-8")
        fsync_file(draft)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)


@contextmanager
def storage_errors(table: str) -> Iterator[None]:
    """Turn "no room" of any writer into one error that names the table, and what an object store says into another.

    Raises:
        StorageFullError: the disk is full, or a file-size limit or quota was reached.
        StoreUnreachableError: the object store does not answer, or refuses.
    """
    try:
        yield
    except Exception as error:
        if _is_full(error):
            raise StorageFullError("no_room_for_table", table=table) from error
        if isinstance(error, (OSError, DeltaError)) and any(text in str(error) for text in _REMOTE_TEXTS):
            words = " ".join(_PAINT.sub("", str(error)).split())
            raise StoreUnreachableError("store_failed", why=words[:_WORDS]) from error
        raise


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    # DuckDB and deltalake tell the reason in words only.
    return isinstance(error, (OSError, duckdb.Error, DeltaError)) and any(
        text in str(error).lower() for text in _FULL_TEXTS
    )


def _fsync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
