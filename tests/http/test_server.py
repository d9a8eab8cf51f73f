"""Where the server listens."""

from __future__ import annotations

import socket

import pytest

from qianmian.core.errors import WorkspaceError
from qianmian.http.server import HOST, bind


@pytest.fixture
def taken():
    with socket.create_server((HOST, 0)) as other:
        yield other.getsockname()[1]


def test_a_port_that_is_taken_is_an_error_that_names_it(taken):
    with pytest.raises(WorkspaceError, match=f"port {taken} of this machine is taken"):
        bind([taken])


def test_of_several_ports_the_first_free_one_is_taken(taken):
    with bind([taken, taken, 0]) as door:
        assert door.getsockname()[1] not in {0, taken}


def test_an_answer_does_not_wait_for_its_head_to_be_acknowledged():
    with bind([0]) as door, socket.create_connection(door.getsockname()):
        connection, _ = door.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
