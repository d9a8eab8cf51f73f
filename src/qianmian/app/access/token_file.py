"""The workspace's own token: it lies in a file that only its owner can read, for programs on the same machine."""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from qianmian.app.access.tokens import made
from qianmian.core.errors import WorkspaceError
from qianmian.lake.durable import fsync_folder
from qianmian.privacy.keys import Entropy

FILE_NAME = "api.token"
#: A shorter one is a file that was cut.
_SHORTEST = 32


def api_token(folder: Path, entropy: Entropy) -> str:
    """The token in a keys folder; made if there is none.

    Args:
        folder: the workspace's keys.
        entropy: source of cryptographic randomness.

    Raises:
        WorkspaceError: the file holds no token.
    """
    file = folder / FILE_NAME
    if not file.exists():
        _write(file, made(entropy))
    token = file.read_text(encoding="ascii", errors="replace").strip()
    if len(token) < _SHORTEST:
        raise WorkspaceError("damaged_token_file", file=FILE_NAME)
    return token


def is_same(told: str, token: str) -> bool:
    """Whether two texts are equal, in a time that does not depend on how much of them is."""
    return hmac.compare_digest(told.encode("utf-8", "backslashreplace"), token.encode())


def _write(file: Path, token: str) -> None:
    draft = file.with_name(f".{FILE_NAME}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        out.write(f"{token}\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    fsync_folder(file.parent)
