"""The API's token: who knows it may ask; it lies in a file that only the owner of the workspace can read."""

from __future__ import annotations

import base64
import hmac
import os
from pathlib import Path

from qianmian.core.errors import TokenError, WorkspaceError
from qianmian.lake.durable import fsync_folder
from qianmian.privacy.keys import Entropy

FILE_NAME = "api.token"
_BYTES = 32


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
        _write(file, base64.urlsafe_b64encode(entropy(_BYTES)).decode().rstrip("="))
    token = file.read_text(encoding="ascii", errors="replace").strip()
    if len(token) < _BYTES:
        raise WorkspaceError(
            f"the token file {FILE_NAME!r} is damaged.", hint="delete it: the next start makes another"
        )
    return token


def check_token(told: str, token: str) -> None:
    """Let the right token pass, in a time that does not depend on how much of it is right.

    Raises:
        TokenError: it is missing or wrong.
    """
    if not hmac.compare_digest(told.encode("utf-8", "surrogateescape"), token.encode()):
        raise TokenError(
            "the API token is missing or wrong.",
            hint=f"send Authorization: Bearer …; it stands in data/keys/{FILE_NAME}",
        )


def _write(file: Path, token: str) -> None:
    draft = file.with_name(f".{FILE_NAME}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        out.write(f"{token}\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    fsync_folder(file.parent)
