"""An object store for tests: moto's S3 server in a process of its own.

``QIANMIAN_TEST_LAKE=s3`` puts the lakes of ``tests/lake`` into it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pyarrow.fs import FileSelector, FileType, S3FileSystem

from qianmian.lake.address import Address
from qianmian.lake.objects import ObjectStorage

SWITCH = "QIANMIAN_TEST_LAKE"
BUCKET = "qianmian-tests"
#: moto takes any; the libraries look for them here, and else would ask a cloud that is not there.
KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
}
_ENDPOINT = "QIANMIAN_TEST_LAKE_ENDPOINT"
_SERVER = """
import logging, sys
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
logging.getLogger("werkzeug").disabled = True
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(server.port, flush=True)
server.serve_forever()
"""


@dataclass(frozen=True)
class ObjectStore:
    """A running server.

    Attributes:
        endpoint: its URL.
    """

    endpoint: str

    def address(self) -> Address:
        """A place of one's own in it, empty."""
        return Address(f"s3://{BUCKET}/{uuid.uuid4().hex}", self.endpoint, "us-east-1")


@contextmanager
def running() -> Iterator[ObjectStore]:
    """A server of one's own with an empty bucket, gone afterwards; the test is skipped where moto is not installed."""
    pytest.importorskip("moto.server", reason="no object store here: pip install 'moto[s3]' flask flask-cors")
    os.environ.update(KEYS)
    with _server("-c", _SERVER) as endpoint:
        store(endpoint, allow_bucket_creation=True).create_dir(BUCKET)
        os.environ[_ENDPOINT] = endpoint
        yield ObjectStore(endpoint)


@contextmanager
def meddled(address: Address, mode: str) -> Iterator[Address]:
    """The same place, reached through a proxy that meddles: see `tests.meddler`."""
    with _server("-m", "tests.meddler", address.endpoint, mode) as endpoint:
        yield replace(address, endpoint=endpoint)


@contextmanager
def _server(*command: str) -> Iterator[str]:
    """The URL of a server of one's own, which prints its port when it listens."""
    root = Path(__file__).parent.parent
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, cwd=root) as server:
        assert server.stdout
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.kill()


def store(endpoint: str, **more: object) -> S3FileSystem:
    """A look at everything in it, past the product."""
    scheme, _, place = endpoint.partition("://")
    return S3FileSystem(endpoint_override=place, scheme=scheme, region="us-east-1", request_timeout=20, **more)


def objects(address: Address) -> dict[str, bytes]:
    """Every object of a lake, by its key below the lake's prefix, past the product."""
    files = store(address.endpoint)
    found = files.get_file_info(FileSelector(address.prefix, recursive=True, allow_not_found=True))
    names = [one.path for one in found if one.type is FileType.File]
    return {name.removeprefix(f"{address.prefix}/"): _content(files, name) for name in names}


def _content(files: S3FileSystem, name: str) -> bytes:
    with files.open_input_file(name) as file:
        return bytes(file.read())


def in_a_store() -> bool:
    """Whether the switch is on."""
    return os.environ.get(SWITCH) == "s3"


def storage_for(root: Path) -> ObjectStorage | None:
    """With the switch, the storage of the lake in a folder: the same in every process that opens this folder."""
    if not in_a_store():
        return None
    prefix = uuid.uuid5(uuid.NAMESPACE_URL, str(root.absolute())).hex
    return ObjectStorage(root, Address(f"s3://{BUCKET}/{prefix}", os.environ[_ENDPOINT], "us-east-1"))
