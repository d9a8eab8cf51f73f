"""Where the lake's files are kept: the seam between a folder of this machine and an object store (`objects`)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qianmian.lake.durable import fsync_file, fsync_folder, write_durably


@dataclass(frozen=True)
class Kept:
    """What is known of a kept file without reading it.

    Attributes:
        size: in bytes.
        written_at: when it was written, in seconds since 1970.
    """

    size: int
    written_at: float


class Storage(Protocol):
    """A home of files that are written once under a name of their own, and never change.

    A file is known by its path in the folder ``root``. There a task writes a new file and says `keep`, and there it
    finds an old one after `fetch`; so whoever computes opens local paths, wherever the files are kept.
    """

    root: Path

    def table(self, folder: Path) -> tuple[str, dict[str, str]]:
        """Address and options under which deltalake finds the table of a folder."""

    def still(self) -> AbstractContextManager[None]:
        """Inside, nobody else changes what is kept, but for adding new files; so one look may stand for many."""

    def list(self, folder: Path, *, fresh: bool = False) -> Mapping[Path, Kept]:
        """Every kept file below a folder; none if there is no folder.

        Args:
            folder: the folder.
            fresh: see what others added, too, while they are thought to be still.
        """

    def find(self, folder: Path, paths: Iterable[Path]) -> Mapping[Path, Kept]:
        """Those of some files below a folder that are kept."""

    def size(self, path: Path) -> int | None:
        """Bytes of a kept file; None if it is not kept."""

    def read(self, path: Path) -> bytes:
        """A small kept file.

        Raises:
            FileNotFoundError: it is not kept.
        """

    def put(self, path: Path, text: str) -> None:
        """Keep a small file, or replace it: afterwards it is the old one or the new, whole."""

    def keep(self, paths: Iterable[Path]) -> None:
        """Keep new files that were written at their paths: what this returns for survives a power cut."""

    def settle(self, *paths: Path) -> None:
        """The same of files of a log, which deltalake wrote by the address of their table."""

    def fetch(self, files: Mapping[Path, int | None]) -> None:
        """Have kept files at their paths, whole.

        Args:
            files: path → bytes; None if nobody knows.

        Raises:
            FileNotFoundError: one is not kept.
        """

    def delete(self, paths: Iterable[Path], *, in_order: bool = False) -> None:
        """Keep files no longer, durably, nor copies of them; one that is not kept is no error.

        Args:
            paths: the files.
            in_order: whether each must be gone before the next.
        """

    def share(self, folder: Path) -> None:
        """Let other machines see what lies in a folder; it need not survive a power cut."""

    def drop(self, folder: Path) -> None:
        """Delete a folder of such files."""

    def clear(self, *, unfinished: bool = False) -> None:
        """Delete from the folder what is there only as a copy and kept no longer.

        Args:
            unfinished: what was never kept too; only while nobody writes.
        """

    def trim(self, most_bytes: int, spared: Iterable[Path]) -> None:
        """Delete copies, the longest unused first, until they are small enough; some are spared."""


class FolderStorage:
    """Files are kept where they are written; there are no copies."""

    def __init__(self, root: Path) -> None:
        """The folder, which is made at the first write."""
        self.root = root
        self._durable: set[Path] = set()

    def table(self, folder: Path) -> tuple[str, dict[str, str]]:
        """See `Storage`."""
        return str(folder.absolute()), {}

    def still(self) -> AbstractContextManager[None]:
        """Nothing to do."""
        return nullcontext()

    def list(self, folder: Path, *, fresh: bool = False) -> Mapping[Path, Kept]:
        """See `Storage`."""
        return self.find(folder, (Path(place) / name for place, _, names in os.walk(folder) for name in names))

    def find(self, folder: Path, paths: Iterable[Path]) -> Mapping[Path, Kept]:
        """See `Storage`."""
        found = {}
        for path in paths:
            with suppress(FileNotFoundError):
                about = path.stat()
                found[path] = Kept(about.st_size, about.st_mtime)
        return found

    def size(self, path: Path) -> int | None:
        """See `Storage`."""
        try:
            return path.stat().st_size
        except FileNotFoundError:
            return None

    def read(self, path: Path) -> bytes:
        """See `Storage`."""
        return path.read_bytes()

    def put(self, path: Path, text: str) -> None:
        """See `Storage`."""
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            fsync_folder(path.parent.parent)
        write_durably(path, text)

    def keep(self, paths: Iterable[Path]) -> None:
        """See `Storage`."""
        paths = list(paths)
        for path in paths:
            fsync_file(path)
        for folder in {path.parent for path in paths}:
            fsync_folder(folder)
            self._keep_folders(folder.absolute())

    def settle(self, *paths: Path) -> None:
        """See `Storage`."""
        self.keep(paths)

    def fetch(self, files: Mapping[Path, int | None]) -> None:
        """Nothing to do."""

    def delete(self, paths: Iterable[Path], *, in_order: bool = False) -> None:
        """See `Storage`; always in order."""
        folders = set()
        for path in paths:
            path.unlink(missing_ok=True)
            folders.add(path.parent)
        for folder in folders:
            if folder.is_dir():
                fsync_folder(folder)

    def share(self, folder: Path) -> None:
        """Nothing to do: all machines see one file system."""

    def drop(self, folder: Path) -> None:
        """See `Storage`."""
        shutil.rmtree(folder, ignore_errors=True)

    def clear(self, *, unfinished: bool = False) -> None:
        """Nothing to do."""

    def trim(self, most_bytes: int, spared: Iterable[Path]) -> None:
        """Nothing to do."""

    def _keep_folders(self, folder: Path) -> None:
        """Force the folders above to disk, once in this process: their entries do not change again."""
        while folder != self.root.absolute().parent and folder not in self._durable:
            fsync_folder(folder.parent)
            self._durable.add(folder)
            folder = folder.parent
