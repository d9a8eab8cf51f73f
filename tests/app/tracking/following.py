"""A shop whose tracking plan is followed: what arrives, by which plan it is judged, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qianmian.app.flusher import Flusher
from qianmian.app.taken import Counts
from qianmian.app.tracking.plans import EVERYWHERE, Plans
from qianmian.app.tracking.review import violation_lines
from tests.app.test_flusher import batch, received, track
from tests.app.traces import Scene

PLAN = """
properties: {channel: {type: text, values: [app, web]}}
events:
  Order Completed:
    properties:
      order_id: {type: text, required: true}
      total: {type: number, unit: CNY}
      paid_at: time
      pieces: whole
      receiver: {type: text, personal: name}
      mobile: {type: number, personal: phone}
"""


class Followed(Scene):
    """A scene with a plan."""

    def apply(self, text: str = PLAN, mode: str | None = None, source: str = EVERYWHERE) -> None:
        """Let a plan hold, in a mode."""
        self.plans.apply(text, "plan.yaml", origin="file")
        if mode:
            self.plans.choose(mode, source=source)

    @property
    def plans(self) -> Plans:
        """The plan's versions and modes."""
        return Plans(self.shop.workspace.catalogue, self.shop.workspace.clock)

    def send(self, *messages: dict[str, Any], most_bytes: int = 64 << 20, **more: str) -> Counts:
        """Deliver messages, each in a request of its own, and take them in, all at once or in stretches."""
        received(self, *(batch(one) for one in messages), **more)
        return Flusher(self.shop.workspace, most_bytes=most_bytes).flush_all().counts

    def ids(self) -> list[str]:
        """The events that are in."""
        return sorted(row["event_id"] for row in self.rows("events"))

    def apart(self) -> dict[str, tuple[str, str]]:
        """Id of each event that is kept apart → why, and which property."""
        rows = self.shop.workspace.refused.bodies()
        return {
            (row.body or "").partition('"messageId": "')[2].partition('"')[0]: (row.reason, row.field) for row in rows
        }

    def violations(self) -> dict[tuple[str, str], int]:
        """What was counted, by kind and property."""
        return {(one.kind, one.property): one.events for one in violation_lines(self.shop.workspace)}


def paid(number: int, name: str = "Order Completed", **properties: Any) -> dict[str, Any]:
    """An order as Segment's protocol has it; whatever is None is left out."""
    told = {"order_id": f"o-{number}", "total": 30.5} | properties
    return track(number, event=name, properties={key: value for key, value in told.items() if value is not None})


def files_with(folder: Path, *texts: str) -> Sequence[str]:
    """The files under a folder in which one of some texts stands, by name."""
    signs = [text.encode() for text in texts]
    found = (file for file in folder.rglob("*") if file.is_file())
    return sorted(file.name for file in found if any(sign in file.read_bytes() for sign in signs))
