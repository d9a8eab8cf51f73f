"""Write a generated world as wire JSON, two slices at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.world.wire import segment, sensors
from qianmian.world.wire.calls import Calls, make_calls
from qianmian.world.wire.deliveries import Deliveries, Flush, read_deliveries
from qianmian.world.wire.requests import Requests

_SLICE_ROWS = 32_768
_AT_A_TIME = 2


@dataclass(frozen=True)
class Protocol:
    """How one family of SDKs speaks.

    Attributes:
        flushes: when a browser, an app and a server send.
        messages: the JSON of each call.
        lines: the same as lines of a file.
        requests: the requests that carry them; None = lines only.
    """

    flushes: tuple[Flush, Flush, Flush]
    messages: Callable[[Calls], pa.Array]
    lines: Callable[[Calls, pa.Array], pa.Array]
    requests: Callable[[Calls, pa.Array], Requests] | None


PROTOCOLS = {
    "segment": Protocol(segment.FLUSHES, segment.messages, segment.lines, segment.requests),
    "sensors": Protocol(sensors.FLUSHES, sensors.messages, sensors.lines, sensors.requests),
}


def write_wire(world: Path, protocol: Protocol, folder: Path) -> int:
    """Write every file of a world's events in a protocol.

    Args:
        world: folder of the generated world.
        protocol: one of `PROTOCOLS`.
        folder: where to; made if missing, files of the same names are replaced.

    Returns:
        Number of messages written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("events-*.jsonl"), *folder.glob("requests-*.parquet")):
        old.unlink()
    files = sorted((world / "events").glob("part-*.parquet"))
    return sum(_write(file, protocol, folder, file.stem.removeprefix("part-")) for file in files)


def _write(file: Path, protocol: Protocol, folder: Path, number: str) -> int:
    deliveries, count, writer = read_deliveries(file, protocol.flushes), 0, None
    with (folder / f"events-{number}.jsonl").open("wb") as out:
        for calls, text, table in _rendered(deliveries, protocol):
            out.write(text.buffers()[2] or b"")
            count += calls
            if table is not None:
                writer = writer or pq.ParquetWriter(
                    folder / f"requests-{number}.parquet", table.schema, compression="zstd", store_schema=False
                )
                writer.write_table(table)
    if writer is not None:
        writer.close()
    return count


def _rendered(deliveries: Deliveries, protocol: Protocol) -> Iterator[tuple[int, pa.Array, pa.Table | None]]:
    """Number of calls, lines and requests of each slice, in their order; never more than a few are under way."""

    def render(rows: slice) -> tuple[int, pa.Array, pa.Table | None]:
        calls = make_calls(deliveries, rows)
        texts = protocol.messages(calls)
        sent = protocol.requests(calls, texts).table() if protocol.requests else None
        return len(calls), protocol.lines(calls, texts), sent

    under_way: deque[Future[tuple[int, pa.Array, pa.Table | None]]] = deque()
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        for rows in deliveries.slices(_SLICE_ROWS):
            under_way.append(pool.submit(render, rows))
            if len(under_way) > _AT_A_TIME:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
