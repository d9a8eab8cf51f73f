"""What goes to disk together is joined by sender: nothing changes its order there, and entries stay small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qianmian.collect.journal.entries import Delivery
from qianmian.collect.journal.join import joined
from tests.collect.journal.conftest import delivery

SENDERS = st.fixed_dictionaries({
    "source": st.sampled_from(["web", "app"]),
    "environment": st.sampled_from(["prod", "dev"]),
    "dialect": st.sampled_from(["segment", "sensors"]),
    "reason": st.sampled_from(["", "", "no_json"]),
})  # fmt: skip


@given(st.lists(st.tuples(SENDERS, st.integers(1, 3000), st.booleans()), max_size=30))
def test_every_line_is_there_once_with_its_sender_and_in_its_order(
    told: list[tuple[dict[str, str], int, bool]],
) -> None:
    sent = [_delivery(number, *one) for number, one in enumerate(told)]
    entries, numbers = joined(sent)
    assert _lines(entries) == _lines(sent)
    for one, number in zip(sent, numbers, strict=True):
        assert one.lines.rstrip() in entries[number].lines
    assert all(entry.count == entry.lines.count(b"\n") + (not entry.lines.endswith(b"\n")) for entry in entries)
    assert all(entry in sent for entry in entries if entry.reason)


def test_few_and_small_entries_are_left_of_many_deliveries() -> None:
    entries, _ = joined([delivery(f"{number}\n", count=1) for number in range(4500)])
    assert [entry.count for entry in entries] == [1000, 1000, 1000, 1000, 500]
    entries, _ = joined([delivery("x" * 50_000) for _ in range(6)])
    assert [entry.count for entry in entries] == [2, 2, 2]


def _delivery(number: int, sender: dict[str, str], count: int, ends: bool) -> Delivery:
    lines = "\n".join(f"{number}-{line}" for line in range(count))
    return delivery(lines + "\n" * ends, **(sender | {"count": count}))


def _lines(deliveries: list[Delivery]) -> dict[tuple[str, ...], list[bytes]]:
    found: dict[tuple[str, ...], list[bytes]] = {}
    for one in deliveries:
        sender = (one.source, one.environment, one.dialect, one.reason)
        found.setdefault(sender, []).extend(one.lines.split())
    return found
