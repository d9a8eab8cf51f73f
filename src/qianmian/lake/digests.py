"""What a data file's name says of its content: by it a bit that turned over on a disk is found (decision 0025)."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

_DIGITS = 32
_DIGEST = re.compile(rf"\.([0-9a-f]{{{_DIGITS}}})\.(?:parquet|arrow)")


def digested(path: Path) -> Path:
    """Give a file that is written through a name that says its digest; returns its path from now on."""
    return path.rename(path.with_suffix(f".{_digest(path)}{path.suffix}"))


def is_changed(path: Path) -> bool:
    """Whether a file is not as it was written; of one whose name says nothing, as of earlier versions, nobody knows."""
    told = _DIGEST.search(path.name)
    return told is not None and told[1] != _digest(path)


def is_other(name: str, sha256: str) -> bool:
    """The same by the digest of what was read, in hex.

    >>> is_other(f"a.{'0' * 32}.parquet", "0" * 64), is_other(f"a.{'0' * 32}.parquet", "1" * 64)
    (False, True)
    """
    told = _DIGEST.search(name)
    return told is not None and told[1] != sha256[:_DIGITS]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:_DIGITS]
