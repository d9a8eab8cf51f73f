"""Slow, broken, huge and hostile requests at a served shop: never a failure of ours, and the others are served."""

from __future__ import annotations

import argparse
import json
import random
import re
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.faults.parts.attacks import bombs, broken_chunks, large_heads, mutated, sound
from tests.faults.parts.sending import Address, new_shop, served

IDLE, SLOW, AT_A_TIME = 300, 60, 8
#: What a request, however large, may add to the server's memory.
MOST_MIB = 256
#: Answered at once, with when to come again, while more comes than the server has room for.
_NO_ROOM = 503
#: Twice what the server grants a slow client, and some.
_PATIENCE_SECONDS = 120
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@dataclass
class Seen:
    """What came of it.

    Attributes:
        statuses: answers by status; 0 = the connection was closed without one.
        hung: requests that were neither answered nor closed.
        served: sound requests that were answered with success meanwhile.
        failed: sound requests that were not.
        peak: the most memory that the server had, in bytes.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    hung: list[str] = field(default_factory=list)
    served: int = 0
    failed: int = 0
    peak: int = 0


def connect(at: Address) -> socket.socket:
    """A connection to the server."""
    return socket.create_connection(("127.0.0.1", at.port), timeout=_PATIENCE_SECONDS)


def answered(at: Address, told: bytes, *, patiently: bool = True) -> list[int]:
    """Statuses of the answers to some bytes, until the server closes; none if it closes without one.

    Args:
        at: where to.
        told: the bytes.
        patiently: wait until it has let go of a request that is not whole, instead of telling it that no more comes.

    Raises:
        TimeoutError: neither happened.
    """
    heard = b""
    with connect(at) as connection:
        with suppress(ConnectionError):  # it may close before it has read all
            connection.sendall(told)
            if not patiently:
                connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while some := connection.recv(65_536):
                heard += some
    return [int(status) for status in _STATUS.findall(heard)]


def leave(at: Address, told: bytes, chance: random.Random) -> None:
    """Send the beginning of some bytes, and go away without a word."""
    with suppress(OSError), connect(at) as connection:
        connection.sendall(told[: chance.randrange(len(told))])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@contextmanager
def crowd(at: Address) -> Iterator[list[socket.socket]]:
    """Connections that are never used, and some that send a byte of a head or a body now and then."""
    held = [connect(at) for _ in range(IDLE + SLOW)]
    over = threading.Event()
    slow = held[IDLE:]
    for number, one in enumerate(slow):
        one.sendall(
            b"POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n" + (b"\r\n" if number % 2 else b"X: ")
        )

    def trickle() -> None:
        while not over.wait(0.5):
            for one in slow:
                with suppress(OSError):
                    one.send(b"a")

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        yield held
    finally:
        over.set()
        thread.join()
        for one in held:
            one.close()


def wait_until_closed(held: Iterable[socket.socket]) -> int:
    """How many of some connections the server does not close."""
    until = time.monotonic() + _PATIENCE_SECONDS
    open_ = 0
    for one in held:
        one.settimeout(max(0.1, until - time.monotonic()))
        try:
            while one.recv(1000):
                pass
        except TimeoutError:
            open_ += 1
        except OSError:
            pass
    return open_


@contextmanager
def sound_clients(at: Address, server: psutil.Process, seen: Seen) -> Iterator[None]:
    """Somebody who sends as one should, all the while, and watches the server's memory."""
    over = threading.Event()

    def go_on() -> None:
        number = 0
        while not over.is_set():
            try:
                is_served = answered(at, sound(at.key, f"sound-{number}")) == [200]
            except OSError:
                is_served = False
            seen.served, seen.failed = seen.served + is_served, seen.failed + (not is_served)
            seen.peak = max(seen.peak, server.memory_info().rss)
            number += 1
            over.wait(0.02)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def attack(at: Address, seen: Seen, trials: int, patiently: bool, tell: Callable[[str], None]) -> None:
    """Every request of the list, and as many changed ones by chance; then the same again, left in the middle."""
    listed = [*broken_chunks(at.key), *large_heads(at.key), *bombs(at.key)]
    changed = [(f"changed {seed}", mutated(at.key, seed)) for seed in range(trials)]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for (what, _), statuses in zip(
            [*listed, *changed], pool.map(_tried(at, patiently), [*listed, *changed]), strict=True
        ):
            if statuses is None:
                seen.hung.append(what)
                continue
            seen.statuses.update(statuses or [0])
            if not what.startswith("changed"):
                tell(f"{what}: {Counter(statuses) or 'closed'}")
        chance = random.Random(trials)
        list(pool.map(lambda told: leave(at, told[1], chance), [*listed, *changed]))


def _tried(at: Address, patiently: bool) -> Callable[[tuple[str, bytes]], list[int] | None]:
    def tried(told: tuple[str, bytes]) -> list[int] | None:
        try:
            return answered(at, told[1], patiently=patiently)
        except TimeoutError:
            return None

    return tried


def run(top: Path, trials: int, patiently: bool, tell: Callable[[str], None] = print) -> dict[str, int]:
    """Attack a served shop.

    Args:
        top: an empty folder.
        trials: requests by chance, beside the list.
        patiently: wait until the server has let go of who is idle, slow or not done, which takes some twenty seconds.
        tell: told what was answered.
    """
    at, seen = new_shop(top / "shop"), Seen()
    with served(top / "shop", at) as pid:
        server = psutil.Process(pid)
        before = server.memory_info().rss
        with crowd(at) as held, sound_clients(at, server, seen):
            attack(at, seen, trials, patiently, tell)
            still = wait_until_closed(held) if patiently else 0
        after = server.memory_info().rss
    tell(f"answers by status: {dict(sorted(seen.statuses.items()))}; not answered: {seen.hung}")
    return {
        "trials": sum(seen.statuses.values()),
        "failures": sum(times for status, times in seen.statuses.items() if status >= 500 and status != _NO_ROOM),
        "hung": len(seen.hung),
        "still_open": still,
        "served": seen.served,
        "failed": seen.failed,
        "mib_before": before >> 20,
        "mib_peak": seen.peak >> 20,
        "mib_after": after >> 20,
    }


def is_sound(told: dict[str, int]) -> bool:
    """Whether nothing failed, hung, stayed or grew, and the sound clients were served."""
    bad = any(told[name] for name in ("failures", "hung", "still_open", "failed"))
    return not bad and told["served"] > 0 and told["mib_peak"] - told["mib_before"] < MOST_MIB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="requests by chance, beside the list")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = run(Path(folder), asked.trials, patiently=True)
    print(json.dumps({"name": "sockets", **told}))
    return 0 if is_sound(told) else 1


if __name__ == "__main__":
    sys.exit(main())
