"""A recorded request: what a sender replays byte by byte."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Requests:
    """Requests in order of arrival.

    Attributes:
        received_at: when each arrives.
        path: path with query.
        headers: JSON object.
        body: bytes of the body.
    """

    received_at: pa.Array
    path: pa.Array
    headers: pa.Array
    body: pa.Array

    def table(self) -> pa.Table:
        """The requests as a table with the columns received_at, method, path, headers and body."""
        return pa.table(
            {
                "received_at": self.received_at,
                "method": pa.repeat(pa.scalar("POST", pa.string()), len(self.path)),
                "path": self.path,
                "headers": self.headers,
                "body": self.body.cast(pa.binary()),
            }
        )
