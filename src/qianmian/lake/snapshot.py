"""A snapshot: the exact state of the lake that an answer was computed from, as a value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Snapshot:
    """Which version of every table, and which "now".

    Attributes:
        versions: Delta version by table; a table that is absent was never written and reads as empty.
        identity: identity version: which belief about who is who.
        definitions: version of the catalogue of tags, audiences and metrics.
        instant: the "now" of a build, in UTC.
    """

    versions: Mapping[str, int]
    identity: int
    definitions: int
    instant: datetime

    def __post_init__(self) -> None:
        if self.instant.tzinfo is None:
            raise ValueError("a snapshot's instant needs a time zone")
        object.__setattr__(self, "instant", self.instant.astimezone(UTC))
        object.__setattr__(self, "versions", dict(sorted(self.versions.items())))

    def to_json(self) -> str:
        """The snapshot as JSON text; equal snapshots give equal text."""
        return json.dumps(asdict(self) | {"instant": self.instant.isoformat()}, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Snapshot:
        """The inverse of `to_json`."""
        fields = json.loads(text)
        return Snapshot(**fields | {"instant": datetime.fromisoformat(fields["instant"])})

    @property
    def name(self) -> str:
        """Short stable name made from the content.

        >>> Snapshot({"events": 3}, 0, 0, datetime(2026, 11, 10, tzinfo=UTC)).name
        's-47a0989af597'
        """
        return f"s-{hashlib.sha256(self.to_json().encode()).hexdigest()[:12]}"
