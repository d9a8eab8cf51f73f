"""Files kept in an object store by S3's protocol; the lake's folder holds copies of what was written or read here."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import create_table_with_add_actions
from pyarrow.fs import AwsStandardS3RetryStrategy, FileSelector, FileType, S3FileSystem

from qianmian.core.errors import WorkspaceError
from qianmian.lake.durable import storage_errors
from qianmian.lake.storage import Kept

#: Requests under way at a time: each waits much longer than it works.
_AT_ONCE = 16
_CHUNK_BYTES = 8 << 20
_TRIES = 4
_CONNECT_SECONDS = 5
_ANSWER_SECONDS = 60
#: A copy that is whole cannot be written to; what can be is still being written.
_WHOLE = 0o444


@dataclass(frozen=True)
class Address:
    """Where in an object store a lake is; keys are none of it, both libraries find them in the environment.

    Attributes:
        url: ``s3://bucket/prefix``.
        endpoint: URL of the server; empty = AWS, or what the environment says.
        region: its region; empty = as the environment says.
    """

    url: str
    endpoint: str = ""
    region: str = ""

    @property
    def prefix(self) -> str:
        """Bucket and prefix, as pyarrow names them."""
        return self.url.removeprefix("s3://").rstrip("/")

    def for_deltalake(self) -> dict[str, str]:
        """What deltalake needs to know; an entry of a log that is there already is refused by the store itself."""
        told = {
            "aws_conditional_put": "etag",
            "connect_timeout": f"{_CONNECT_SECONDS}s",
            "timeout": f"{_ANSWER_SECONDS}s",
            "max_retries": str(_TRIES),
        }
        if self.endpoint:
            told |= {"aws_endpoint": self.endpoint, "aws_allow_http": str(self.endpoint.startswith("http:")).lower()}
        return told | ({"aws_region": self.region} if self.region else {})

    def for_pyarrow(self) -> S3FileSystem:
        """A connection."""
        place = urlsplit(self.endpoint)
        return S3FileSystem(
            scheme=place.scheme or "https",
            endpoint_override=place.netloc or None,
            region=self.region or None,
            connect_timeout=_CONNECT_SECONDS,
            request_timeout=_ANSWER_SECONDS,
            retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_TRIES),
            allow_delayed_open=True,  # a small file is one request
        )


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

    def table(self, folder: Path) -> tuple[str, dict[str, str]]:
        """See `Storage`."""
        return f"s3://{self._key(folder)}", self.address.for_deltalake()

    @storage_errors("lake")
    def list(self, folder: Path) -> Mapping[Path, Kept]:
        """See `Storage`; one request for each thousand files."""
        found = self._store.get_file_info(FileSelector(self._key(folder), recursive=True, allow_not_found=True))
        return {
            folder / one.path.removeprefix(self._key(folder)).lstrip("/"): Kept(one.size, one.mtime.timestamp())
            for one in found
            if one.type is FileType.File
        }

    def find(self, folder: Path, paths: Iterable[Path]) -> Mapping[Path, Kept]:
        """See `Storage`; it lists the folder, for a request for each file would take longer."""
        kept, wanted = self.list(folder), set(paths)
        return {path: about for path, about in kept.items() if path in wanted}

    @storage_errors("lake")
    def size(self, path: Path) -> int | None:
        """See `Storage`."""
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

    @storage_errors("lake")
    def keep(self, paths: Iterable[Path]) -> None:
        """See `Storage`."""
        _side_by_side(self._upload, paths)

    def settle(self, *paths: Path) -> None:
        """Nothing to do: what deltalake wrote is in the store."""

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
        self.delete(self.list(folder))
        shutil.rmtree(folder, ignore_errors=True)

    def clear(self, *, unfinished: bool = False) -> None:
        """See `Storage`."""
        kept = self.list(self.root)
        for path, is_whole in self._copies():
            if path not in kept and (is_whole or unfinished) and self.size(path) is None:  # it may have come since
                path.unlink(missing_ok=True)

    def trim(self, most_bytes: int, spared: Iterable[Path]) -> None:
        """See `Storage`."""
        copies = {path.absolute(): path.stat() for path, is_whole in self._copies() if is_whole}
        room = most_bytes - sum(about.st_size for about in copies.values())
        for path in sorted(copies.keys() - set(spared), key=lambda path: copies[path].st_mtime):
            if room >= 0:
                break
            path.unlink(missing_ok=True)
            room += copies[path].st_size

    @cached_property
    def _store(self) -> S3FileSystem:
        return self.address.for_pyarrow()

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

    Raises:
        WorkspaceError: it writes over what is there.
        StoreUnreachableError: it does not answer, or refuses.
    """
    folder = store.root / "_probe"
    address, options = store.table(folder)
    schema = Schema.from_arrow(pa.schema([("number", pa.int64())]))
    try:
        with storage_errors("lake"):
            create_table_with_add_actions(address, schema, [], storage_options=options)
            for _ in range(2):
                handle = DeltaTable(address, version=0, storage_options=options)
                handle.create_write_transaction(
                    [], "append", schema, [], commit_properties=CommitProperties({}, max_commit_retries=0)
                )
    except CommitFailedError:
        return
    finally:
        store.drop(folder)
    raise WorkspaceError("store_overwrites", address=store.address.url)
