"""The demonstration finds a port of its own, unless somebody named one."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from qianmian.cli.demo.command import _ports
from tests.cli.running import qianmian


@pytest.fixture
def usual_port():
    """The port of the settings, taken by this test if nobody else has it."""
    try:
        with socket.create_server(("127.0.0.1", 8321)) as other:
            yield other.getsockname()[1]
    except OSError:
        yield 8321


def test_a_demo_takes_the_next_free_port_and_says_so(demo, usual_port):
    command = [
        sys.executable,
        "-m",
        "qianmian",
        "demo",
        "--people",
        "200",
        "--days",
        "20",
        "--folder",
        str(demo.folder),
    ]
    with subprocess.Popen([*command, "--lang", "en"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as served:
        assert served.stdout
        address = next(line.decode() for line in served.stdout if line.startswith(b"console "))
        served.terminate()
        _, said = served.communicate()
    assert int(address.rpartition(":")[2]) > usual_port
    assert f"port {usual_port} is taken" in said.decode()


def test_a_port_that_was_named_is_taken_or_refused(demo, usual_port, monkeypatch):
    options = ("--people", "200", "--days", "20", "--folder", demo.folder, "--lang", "en")
    ran = qianmian("demo", *options, "--port", str(usual_port))
    assert (ran.code, f"port {usual_port} of this machine is taken" in ran.err) == (4, True)
    monkeypatch.setenv("QIANMIAN_PORT", "9000")
    assert (_ports(None), _ports(7)) == (None, [7])
