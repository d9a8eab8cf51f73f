"""Files kept in an object store by S3's protocol; the lake's folder holds copies of what was written or read here."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from threading import Barrier

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import create_table_with_add_actions
from pyarrow.fs import FileSelector, FileType, S3FileSystem

from qianmian.core.errors import WorkspaceError
from qianmian.lake.address import Address
from qianmian.lake.durable import storage_errors
from qianmian.lake.storage import Kept

#: Requests under way at a time: each waits much longer than it works.
_AT_ONCE = 16
_CHUNK_BYTES = 8 << 20
_PROBE = Schema.from_arrow(pa.schema([("number", pa.int64())]))
_RACERS, _RACES = 4, 5
#: A copy that is whole cannot be written to; what can be is still being written.
_WHOLE = 0o444


class ObjectStorage:
    """Files are objects. The folder is a copy, written through and read through, and may be deleted at any time.

    What is named ``…`` in the folder has the key ``prefix/…``. See `Storage` for what each method promises.
    """

    def __init__(self, root: Path, address: Address) -> None:
        """The store at an address; nobody is asked before something is.

        Args:
            root: folder of the copies.
            address: where the objects are.
        """
        self.root = root
        self.address = address
        self._known: dict[str, Kept] | None = None  # by key; while others are still

    def table(self, folder: Path) -> tuple[str, dict[str, str]]:
        """See `Storage`."""
        return f"s3://{self._key(folder)}", self.address.for_deltalake()

    @contextmanager
    def still(self) -> Iterator[None]:
        """See `Storage`; what this process keeps and deletes meanwhile is known without asking."""
        if self._known is not None:
            yield
            return
        self._known = self._list(self.root)
        try:
            yield
        finally:
            self._known = None

    def list(self, folder: Path, *, fresh: bool = False) -> Mapping[Path, Kept]:
        """See `Storage`; one request for each thousand files, or none."""
        known, start = self._known, f"{self._key(folder)}/"
        if known is None or fresh:
            kept = self._list(folder)
            self._learn(kept)
        else:
            kept = {key: about for key, about in known.copy().items() if key.startswith(start)}
        return {folder / key.removeprefix(start): about for key, about in kept.items()}

    def find(self, folder: Path, paths: Iterable[Path]) -> Mapping[Path, Kept]:
        """See `Storage`; it lists the folder, for a request for each file would take longer."""
        keys = {self._key(path): path for path in paths}
        kept: Mapping[str, Kept] = self._known or {}
        if not keys.keys() <= kept.keys():
            kept = self._list(folder)
            self._learn(kept)
        return {path: kept[key] for key, path in keys.items() if key in kept}

    @storage_errors("lake")
    def size(self, path: Path) -> int | None:
        """See `Storage`."""
        if self._known is not None:
            about = self._known.get(self._key(path))
            return about.size if about else None
        try:
            with self._store.open_input_file(self._key(path)) as file:
                return int(file.size())
        except FileNotFoundError:
            return None

    @storage_errors("lake")
    def read(self, path: Path) -> bytes:
        """See `Storage`."""
        with self._store.open_input_file(self._key(path)) as file:
            return bytes(file.read())

    @storage_errors("lake")
    def put(self, path: Path, text: str) -> None:
        """See `Storage`."""
        self._write(path, pa.py_buffer(text.encode()))
        self._learn({self._key(path): Kept(len(text.encode()), 0.0)})

    @storage_errors("lake")
    def keep(self, paths: Iterable[Path]) -> None:
        """See `Storage`."""
        _side_by_side(self._upload, paths)

    @storage_errors("lake")
    def settle(self, *paths: Path) -> None:
        """Nothing to do, but to know of it: what deltalake wrote is in the store."""
        if self._known is not None:
            found = self._store.get_file_info([*map(self._key, paths)])
            self._learn({one.path: Kept(one.size, one.mtime.timestamp()) for one in found})

    @storage_errors("lake")
    def fetch(self, files: Mapping[Path, int | None]) -> None:
        """See `Storage`; a copy that is whole is used as it is."""
        missing = [path for path, size in files.items() if not _is_whole(path, size)]
        _side_by_side(self._download, missing)

    @storage_errors("lake")
    def delete(self, paths: Iterable[Path], *, in_order: bool = False) -> None:
        """See `Storage`; the object goes before its copy, so that no copy outlives a crash unseen."""
        if in_order:
            for path in paths:
                self._delete(path)
        else:
            _side_by_side(self._delete, paths)

    def share(self, folder: Path) -> None:
        """See `Storage`."""
        self.keep(path for path in folder.rglob("*") if path.is_file())

    def drop(self, folder: Path) -> None:
        """See `Storage`."""
        self.delete(self.list(folder, fresh=True))
        shutil.rmtree(folder, ignore_errors=True)

    def clear(self, *, unfinished: bool = False) -> None:
        """See `Storage`."""
        kept = self.list(self.root)
        copies = dict(self._copies())
        for path in copies.keys() - kept.keys():
            if (copies[path] or unfinished) and self.size(path) is None:  # it may have come since
                path.unlink(missing_ok=True)

    def trim(self, most_bytes: int, spared: Iterable[Path]) -> None:
        """See `Storage`."""
        copies = {path.absolute(): path.stat() for path, is_whole in self._copies() if is_whole}
        room = most_bytes - sum(about.st_size for about in copies.values())
        for path in sorted(copies.keys() - set(spared), key=lambda path: copies[path].st_mtime):
            if room >= 0:
                break
            if path.stat().st_mtime == copies[path].st_mtime:  # else somebody reads it now
                path.unlink()
                room += copies[path].st_size

    @cached_property
    def _store(self) -> S3FileSystem:
        return self.address.for_pyarrow()

    @storage_errors("lake")
    def _list(self, folder: Path) -> dict[str, Kept]:
        """Every object below a folder, by key."""
        found = self._store.get_file_info(FileSelector(self._key(folder), recursive=True, allow_not_found=True))
        return {one.path: Kept(one.size, one.mtime.timestamp()) for one in found if one.type is FileType.File}

    def _learn(self, kept: Mapping[str, Kept]) -> None:
        if self._known is not None:
            self._known |= kept

    def _key(self, path: Path) -> str:
        inside = path.absolute().relative_to(self.root.absolute()).as_posix()
        return self.address.prefix if inside == "." else f"{self.address.prefix}/{inside}"

    def _copies(self) -> Iterator[tuple[Path, bool]]:
        """Every file in the folder, and whether it is a whole copy."""
        for place, _, names in os.walk(self.root):
            for path in (Path(place) / name for name in names):
                with suppress(FileNotFoundError):
                    yield path, path.stat().st_mode & 0o777 == _WHOLE

    def _write(self, path: Path, content: pa.Buffer) -> None:
        """One write of the whole: pyarrow puts even half a stream in place when its block is left by an error."""
        with self._store.open_output_stream(self._key(path)) as sink:
            sink.write(content)

    def _upload(self, path: Path) -> None:
        with pa.memory_map(str(path)) as file:
            self._write(path, file.read_buffer())
        path.chmod(_WHOLE)
        about = path.stat()
        self._learn({self._key(path): Kept(about.st_size, about.st_mtime)})

    def _download(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{uuid.uuid4().hex}")
        try:
            with self._store.open_input_file(self._key(path)) as source, draft.open("wb") as sink:
                shutil.copyfileobj(source, sink, _CHUNK_BYTES)
            draft.chmod(_WHOLE)
            draft.replace(path)
        except FileNotFoundError as error:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from error
        finally:
            draft.unlink(missing_ok=True)

    def _delete(self, path: Path) -> None:
        with suppress(FileNotFoundError):
            self._store.delete_file(self._key(path))
        path.unlink(missing_ok=True)
        if self._known is not None:
            self._known.pop(self._key(path), None)


def _is_whole(path: Path, size: int | None) -> bool:
    """Whether a copy can be used; if so it counts as used now."""
    try:
        found = path.stat().st_size
        os.utime(path)
    except FileNotFoundError:
        return False
    return size is None or found == size


def _side_by_side(do: Callable[[Path], None], paths: Iterable[Path]) -> None:
    paths = list(paths)
    if len(paths) == 1:
        do(paths[0])
    elif paths:
        with ThreadPoolExecutor(min(_AT_ONCE, len(paths))) as threads:
            for done in [threads.submit(do, path) for path in paths]:
                done.result()


def check_creates_once(store: ObjectStorage) -> None:
    """Make sure that the store refuses to create an object twice: all that keeps two writers apart in the end.

    Writers race for the same version of a table that goes again. They look before they write, so one race alone
    could miss that nobody held them back.

    Raises:
        WorkspaceError: it writes over what is there.
        StoreUnreachableError: it does not answer, or refuses.
    """
    folder = store.root / "_probe"
    address, options = store.table(folder)
    try:
        with storage_errors("lake"), ThreadPoolExecutor(_RACERS) as threads:
            create_table_with_add_actions(address, _PROBE, [], storage_options=options)
            for _ in range(_RACES):
                start = Barrier(_RACERS)
                handles = [DeltaTable(address, storage_options=options) for _ in range(_RACERS)]
                if sum(threads.map(lambda handle, start=start: _takes(handle, start), handles)) > 1:
                    raise WorkspaceError("store_overwrites", address=store.address.url)
    finally:
        store.drop(folder)


def _takes(handle: DeltaTable, start: Barrier) -> bool:
    """Whether a writer believes to have written the next version."""
    once = CommitProperties({}, max_commit_retries=0)
    start.wait()
    try:
        handle.create_write_transaction([], "append", _PROBE, [], commit_properties=once)
    except CommitFailedError:
        return False
    return True
