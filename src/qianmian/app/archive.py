"""A backup file: a tar whose last member lists every other with its size and digest, so that damage is found."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

from qianmian.core.errors import InputError
from qianmian.core.messages import Message
from qianmian.lake.durable import fsync_file, fsync_folder, storage_errors

#: The two kinds of backup files, by the message that names them.
DATA, KEYS = "data_of_workspace", "keys_of_workspace"
KINDS = (DATA, KEYS)
MANIFEST = "manifest.json"
_AT_ONCE = 1 << 20


@dataclass
class Packing:
    """A backup file that is being written.

    Attributes:
        size: bytes of its members so far.
        listed: size and digest of each member.
    """

    _tar: tarfile.TarFile
    size: int = 0
    listed: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, name: str, source: Path) -> None:
        """Take in a file under a name, its folders parted by ``/``."""
        with source.open("rb") as file:
            self._write(name, file, os.fstat(file.fileno()).st_size)

    def end(self, told: Mapping[str, Any]) -> None:
        """Write the list of all members, with what the file says of itself."""
        text = json.dumps({**told, "members": self.listed}, ensure_ascii=False).encode()
        self._write(MANIFEST, BytesIO(text), len(text))

    def _write(self, name: str, file: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        digesting = _Digesting(file)
        self._tar.addfile(member, digesting)
        self.listed[name] = (size, digesting.digest.hexdigest())
        self.size += size


@contextmanager
def packed(file: Path, kind: str, told: Mapping[str, Any]) -> Iterator[Packing]:
    """Write a backup file; it is there, whole and durable, once the block ends, and readable by its owner alone.

    Args:
        file: replaced at once if it is there.
        kind: what the file is; `unpacked` asks for it.
        told: what it says of itself.

    Raises:
        StorageFullError: no room; a file that was there stays as it was.
    """
    draft = file.with_name(f".{file.name}.part")
    try:
        with storage_errors("backup"):
            opened = os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb")
            with opened, tarfile.open(fileobj=opened, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                packing = Packing(tar)
                yield packing
                packing.end({"kind": kind, **told})
            fsync_file(draft)
            draft.replace(file)
            fsync_folder(file.absolute().parent)
    finally:
        draft.unlink(missing_ok=True)


def unpacked(file: Path, kind: str, folder: Path) -> Mapping[str, Any]:
    """Unpack a backup file into a folder, durably, and check every member.

    Returns:
        What the file says of itself.

    Raises:
        InputError: it is no backup of this kind, is damaged or cut short, or names a place outside of the folder.
        StorageFullError: no room.
    """
    found: dict[str, tuple[int, str]] = {}
    try:
        with storage_errors("restore"), tarfile.open(file, mode="r|") as tar:
            for member in tar:
                found[member.name] = _unpack(tar, member, file, folder)
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, FileNotFoundError, EOFError, ValueError) as error:
        raise InputError("damaged_backup", file=file.name) from error
    if told.get("kind") != kind:
        held = Message(told["kind"] if told.get("kind") in KINDS else "unknown_backup")
        raise InputError("other_backup", file=file.name, kind=held, wanted=Message(kind))
    listed = {name: tuple(of) for name, of in told["members"].items()}
    found.pop(MANIFEST)
    if listed != found:
        wrong = sorted(name for name in {*listed, *found} if listed.get(name) != found.get(name))
        raise InputError("damaged_member", file=file.name, member=wrong[0], count=len(wrong))
    (folder / MANIFEST).unlink()
    return told


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, file: Path, folder: Path) -> tuple[int, str]:
    name = PurePosixPath(member.name)
    source = tar.extractfile(member) if member.isreg() else None
    if source is None or name.is_absolute() or ".." in name.parts or "\0" in member.name:
        raise InputError("odd_member", file=file.name, member=member.name)
    target, digest = folder / name, sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as out:
        while block := source.read(_AT_ONCE):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return member.size, digest.hexdigest()


class _Digesting:
    """Reads a file and digests what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        return block
