"""The keys of a workspace. Losing them loses everybody: pseudonyms could not be made again, nor values read.

A master key wraps four data keys. Rotation makes a new master and wraps the same keys again; the order of the
writes leaves a readable ring at every moment: wrapped keys first, under a name that tells their master, then the
master itself in one rename.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qianmian.core.errors import WorkspaceError
from qianmian.core.failpoints import failpoint
from qianmian.privacy.database import open_database
from qianmian.privacy.hashing import keyed_hash
from qianmian.privacy.salts import SaltStore
from qianmian.privacy.tables import JOURNAL_SALTS, REFUSED_SALTS, SALT_TABLES, SALTS

KEY_BYTES = 32
NONCE_BYTES = 12
Entropy = Callable[[int], bytes]

_MASTER = "master.key"
SALTS_FILE = "salts.db"
_after_wrapping = failpoint("keys.after_wrapping", "the keys are wrapped under the new master, the old one is in force")


@dataclass(frozen=True)
class DataKeys:
    """The unwrapped keys; they live in memory only and never show themselves.

    Attributes:
        vault: parent of the key of each identifier's value.
        node: makes pseudonyms; never rotates, since every node_id depends on it.
        suppression: hashes the identifiers of the erased.
        refused: parent of the key of each refused row, and of all keys of the journal.
    """

    vault: bytes = field(repr=False)
    node: bytes = field(repr=False)
    suppression: bytes = field(repr=False)
    refused: bytes = field(repr=False)


class KeyRing:
    """The keys and salts of one workspace, open for use.

    Attributes:
        salts: the salts of identifiers, by node_id.
        refused_salts: the salts of refused rows.
        journal_salts: the salts of the journal's files.
    """

    def __init__(self, folder: Path, data: DataKeys, entropy: Entropy) -> None:
        self._folder = folder
        self._data = data
        self._entropy = entropy
        self._engine: sa.Engine = open_database(folder / SALTS_FILE, SALT_TABLES)
        self.salts = SaltStore(self._engine, SALTS, entropy)
        self.refused_salts = SaltStore(self._engine, REFUSED_SALTS, entropy)
        self.journal_salts = SaltStore(self._engine, JOURNAL_SALTS, entropy)

    @classmethod
    def create(cls, folder: Path, entropy: Entropy = os.urandom) -> KeyRing:
        """Make the keys of a new workspace, durably, readable by their owner alone.

        Args:
            folder: the ``keys`` folder; made if missing.
            entropy: source of cryptographic randomness; another one is for tests only.

        Raises:
            WorkspaceError: the folder already holds keys; they are left alone.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ring = cls(folder, DataKeys(*(entropy(KEY_BYTES) for _ in fields(DataKeys))), entropy)
        # A ring without master and salts is what a crash in here left: nothing was ever sealed with it.
        if (folder / _MASTER).exists() or ring.salts.count():
            raise WorkspaceError("keys_exist", folder=folder.name)
        ring.rotate_master()
        return ring

    @classmethod
    def open(cls, folder: Path, entropy: Entropy = os.urandom) -> KeyRing:
        """Unwrap the keys in a folder.

        Raises:
            WorkspaceError: the master key, the wrapped keys or the salts are missing, damaged or foreign.
        """
        for name in (_MASTER, SALTS_FILE):
            if not (folder / name).is_file():
                raise WorkspaceError("no_key_file", file=name)
        master = _read_master(folder / _MASTER)
        file = folder / _wrapped_name(master)
        if not file.is_file():
            raise WorkspaceError("no_wrapped_keys", file=file.name)
        return cls(folder, _unwrap(file, master), entropy)

    def rotate_master(self) -> None:
        """Wrap the data keys under a new master key; nothing that they encrypt or name changes."""
        master = self._entropy(KEY_BYTES)
        wrapped = self._folder / _wrapped_name(master)
        _write_private(wrapped, _wrap(self._data, master, self._entropy))
        _after_wrapping()
        _write_private(self._folder / _MASTER, master.hex())
        for stale in set(self._folder.glob(_wrapped_pattern())) - {wrapped}:
            stale.unlink()
        _sync_folder(self._folder)

    @property
    def vault(self) -> bytes:
        """Parent of the key of each identifier's value."""
        return self._data.vault

    @property
    def node(self) -> bytes:
        """The key that makes pseudonyms; never rotates."""
        return self._data.node

    @property
    def suppression(self) -> bytes:
        """The key that hashes the identifiers of the erased."""
        return self._data.suppression

    @property
    def refused(self) -> bytes:
        """Parent of the key of each refused row."""
        return self._data.refused

    @property
    def journal(self) -> bytes:
        """Parent of the key of each journal file; made of another key, so that older rings have it too."""
        return keyed_hash(self._data.refused)(b"parent of the keys of the journal")

    @property
    def fingerprint(self) -> str:
        """Tells one workspace's keys from another's, and stays when the master rotates; it says nothing of them."""
        return keyed_hash(self._data.node)(b"fingerprint of the keys")[:8].hex()

    @property
    def salts_database(self) -> sa.Engine:
        """Where the salts are."""
        return self._engine

    def files(self) -> list[Path]:
        """The files of the keys, without the salts."""
        return [self._folder / _MASTER, *sorted(self._folder.glob(_wrapped_pattern()))]

    def close(self) -> None:
        """Close the salts' database."""
        self._engine.dispose()

    def __repr__(self) -> str:
        return f"KeyRing({self._folder.name!r})"


def make_salts(folder: Path) -> None:
    """Make the salts' database in a folder of keys that came without it, as from a backup."""
    open_database(folder / SALTS_FILE, SALT_TABLES).dispose()


def _wrapped_pattern() -> str:
    return "wrapped-*.json"


def _wrapped_name(master: bytes) -> str:
    return _wrapped_pattern().replace("*", keyed_hash(master)(b"name of the wrapped keys")[:8].hex())


def _wrap(data: DataKeys, master: bytes, entropy: Entropy) -> str:
    wrapped = {}
    for key in fields(DataKeys):
        nonce = entropy(NONCE_BYTES)
        sealed = AESGCM(master).encrypt(nonce, getattr(data, key.name), key.name.encode())
        wrapped[key.name] = (nonce + sealed).hex()
    return json.dumps(wrapped, indent=2)


def _unwrap(file: Path, master: bytes) -> DataKeys:
    try:
        wrapped = json.loads(file.read_text())
        sealed = {key.name: bytes.fromhex(wrapped[key.name]) for key in fields(DataKeys)}
        cipher = AESGCM(master)
        return DataKeys(
            **{
                name: cipher.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], name.encode())
                for name, blob in sealed.items()
            }
        )
    except (ValueError, KeyError, TypeError, InvalidTag):
        raise WorkspaceError("damaged_wrapped_keys", file=file.name) from None


def _read_master(file: Path) -> bytes:
    try:
        master = bytes.fromhex(file.read_text().strip())
    except ValueError:
        master = b""
    if len(master) != KEY_BYTES:
        raise WorkspaceError("damaged_key_file", file=file.name, bytes=KEY_BYTES)
    return master


def _write_private(file: Path, text: str) -> None:
    """Replace a file in one step, durably, with mode 0600."""
    draft = file.with_name(f"{file.name}.draft")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
