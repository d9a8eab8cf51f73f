"""The server process: loopback only, JSON logs on standard error, uploads spooled on the workspace's disk."""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
import uvicorn
from starlette.types import ASGIApp
from structlog.typing import EventDict, Processor, WrappedLogger

from qianmian.app.shop import Shop
from qianmian.core.errors import WorkspaceError
from qianmian.http.application import application, fronted
from qianmian.http.collect import uploads
from qianmian.http.threshold import Admit, nobody_counts, threshold

HOST = "127.0.0.1"
#: How often the one listening socket is there: see `doors`.
_DOORS = 16


def serve(shop: Shop, ports: Sequence[int] | None = None, announce: Callable[[str], None] = lambda _: None) -> None:
    """Serve an open shop until the process is told to stop.

    Args:
        shop: what is served.
        ports: on the loopback address, the first free one is taken; 0 = any; the workspace's setting if not given.
        announce: told the address, once somebody listens there.
    """
    write_logs()
    shop.resume()
    app = application(shop)
    spool = uploads(shop.workspace.data).with_name("spool")
    spool.mkdir(mode=0o700, exist_ok=True)
    tempfile.tempdir = str(spool)  # what arrives is personal: it never touches the machine's own temp folder
    door = bind(ports or [shop.workspace.settings.port])
    address = f"http://{HOST}:{door.getsockname()[1]}"
    structlog.get_logger("qianmian").info("serving", address=address, console=bool(app.state.pages.page))
    announce(address)
    sys.stdout.flush()
    front = fronted(app)
    gc.collect()
    gc.freeze()  # what is there stays; to look through it again held everybody up for 0.2 s, every 2 s under load
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # when all is closed, uvicorn ends the process by the signal it got
    uvicorn.Server(configuration(front.app, front.admit)).run(sockets=doors(door))


def bind(ports: Sequence[int]) -> socket.socket:
    """Listen on the loopback address, at the first of some ports that is free.

    Raises:
        WorkspaceError: all are taken; names the first.
    """
    for port in ports:
        with suppress(OSError):
            door = socket.create_server((HOST, port))
            # Connections inherit it. Without it a body waits 40 ms until its head is acknowledged, for asyncio sets it
            # only where the protocol stands in the socket, which create_server leaves out.
            door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return door
    raise WorkspaceError("port_taken", port=ports[0])


def doors(door: socket.socket) -> list[socket.socket]:
    """A listening socket several times.

    Of each, uvloop takes one connection a turn. When turns are long, those who come would wait for seconds in the
    system's queue, where nobody can even turn them away.
    """
    return [door, *(door.dup() for _ in range(_DOORS - 1))]


def configuration(app: ASGIApp, admit: Admit = nobody_counts) -> uvicorn.Config:
    """Uvicorn without an access log of its own, which would tell paths, and without a banner."""
    return uvicorn.Config(
        app,
        http=threshold(admit),
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=30,
    )


def write_logs() -> None:
    """One JSON object a line on standard error; of errors only what was meant to be told."""
    stamped: list[Processor] = [
        _kind_only,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*stamped, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    plain = logging.StreamHandler(sys.stderr)
    plain.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=stamped,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[plain], force=True)


def _kind_only(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception's text may quote what a request held: its kind is enough."""
    told = event.pop("exc_info", None) or getattr(event.get("_record"), "exc_info", None)
    if told:
        record = event.get("_record")
        if record is not None:
            record.exc_info = None
        event["kind"] = told[0].__name__ if isinstance(told, tuple) and told[0] else "unknown"
    return event
