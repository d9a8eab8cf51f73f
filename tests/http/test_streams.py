"""A file that is streamed: one that breaks off is never taken for a whole one."""

from __future__ import annotations

import socket
import threading
import time

import httpx2
import pytest
import uvicorn

import qianmian
from qianmian.app.questions.people_file import PeopleFile
from qianmian.http import people
from qianmian.http.application import application


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A server whose files of people break off after the first piece; gives its address and token."""

    def pieces():
        yield b"person\r\n" * 1000
        raise OSError("the disk is gone")

    monkeypatch.setattr(people, "people_in", lambda *_, **__: PeopleFile(2000, 2000, pieces()))
    shop = qianmian.init(tmp_path / "shop", name="店")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application(shop), log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{free.getsockname()[1]}", shop.token()
        server.should_exit = True
        thread.join()
    shop.close()


def test_a_file_that_breaks_off_is_an_error_at_the_other_end(broken):
    url, token = broken
    headers = {"authorization": f"Bearer {token}"}
    with pytest.raises(httpx2.RemoteProtocolError):
        httpx2.post(f"{url}/api/people/export", json={}, headers=headers, timeout=30)
