"""Small deliveries that go to disk together become one entry: an entry costs as much as some dozens of events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from qianmian.collect.journal.entries import Delivery

#: An entry that has so much takes in no other; a reader opens it whole.
_MOST_BYTES, _MOST_EVENTS = 128 << 10, 1000


@dataclass
class _Joined:
    """Deliveries of one sender.

    Attributes:
        first: what the others are like.
        number: of the entry that they become.
    """

    first: Delivery
    number: int
    parts: list[bytes]
    size: int
    count: int

    def takes(self, delivery: Delivery) -> bool:
        return self.size + len(delivery.lines) <= _MOST_BYTES and self.count + delivery.count <= _MOST_EVENTS

    def add(self, delivery: Delivery) -> None:
        self.parts.append(delivery.lines)
        self.size += len(delivery.lines)
        self.count += delivery.count

    def delivery(self) -> Delivery:
        if len(self.parts) == 1:
            return self.first
        lines = b"".join(part if part.endswith(b"\n") else part + b"\n" for part in self.parts)
        return replace(self.first, count=self.count, lines=lines)


def joined(deliveries: Iterable[Delivery]) -> tuple[list[Delivery], list[int]]:
    """Join deliveries of the same source, environment and protocol; each sender's stay in order.

    What was refused at the door stays by itself, for it is no line.

    Returns:
        What is to be written, received when the first of it was; and of each delivery, in which of them it is.
    """
    entries: list[_Joined] = []
    last: dict[tuple[str, str, str], _Joined] = {}
    numbers = []
    for delivery in deliveries:
        sender = (delivery.source, delivery.environment, delivery.dialect)
        entry = None if delivery.reason else last.get(sender)
        if entry is None or not entry.takes(delivery):
            entry = _Joined(delivery, len(entries), [], 0, 0)
            entries.append(entry)
            if not delivery.reason:
                last[sender] = entry
        entry.add(delivery)
        numbers.append(entry.number)
    return [entry.delivery() for entry in entries], numbers
