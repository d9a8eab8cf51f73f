"""The door that the server listens at."""

from __future__ import annotations

import socket

import pytest

from qianmian.core.errors import WorkspaceError
from qianmian.http.server import bind


def test_an_answer_does_not_wait_for_its_head_to_be_acknowledged():
    with bind(0) as door, socket.create_connection(door.getsockname()):
        connection, _ = door.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_that_is_taken_is_told():
    with bind(0) as door, pytest.raises(WorkspaceError, match=f"port {door.getsockname()[1]} of this machine is taken"):
        bind(door.getsockname()[1])
