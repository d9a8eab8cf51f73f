"""``qianmian flush``: what tracking SDKs delivered becomes events; ``serve`` runs it beside itself."""

from __future__ import annotations

import os
import sys
from threading import Event, Thread
from typing import Annotated

import typer

from qianmian.app.contracts.collect import FlushedTold
from qianmian.app.flusher import Flusher
from qianmian.cli.door import Door, command


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "flush")(flush)


#: It may use all processors, and those who send meanwhile go first.
_NICE = 5


def flush(
    door: Door,
    follow: Annotated[bool, typer.Option("--follow", help="Go on until standard input is closed.")] = False,
) -> None:
    """Take in what tracking SDKs delivered; a running server does so by itself."""
    with door.shop() as shop:
        if follow:
            os.nice(_NICE)
            over = Event()
            Thread(target=_wait_for_end, args=(over,), daemon=True).start()
            Flusher(shop.workspace).follow(over.wait)
            return
        told = FlushedTold.of(Flusher(shop.workspace).flush_all())
    head = (
        f"received {told.received:,} = stored {told.stored:,} + duplicates {told.duplicates:,} + "
        f"skipped {told.skipped:,} + refused {told.refused:,}"
    )
    door.tell(told, head, *(f"damaged: {file}" for file in told.damaged))


def _wait_for_end(over: Event) -> None:
    """Whoever began this process holds its standard input open, and cannot but close it in dying."""
    while sys.stdin.buffer.read(4096):
        pass
    over.set()
