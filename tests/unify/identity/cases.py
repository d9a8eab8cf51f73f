"""The adversarial suite: small histories, each with the people that a careful reader would see in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

MAPPING = """
source: shop
grain: event
format: jsonl
event: {event_id: id, name: event, occurred_at: at}
identifiers: {user_id: user, wechat_unionid: union, phone: phone, douyin_openid: douyin, xiaohongshu_uid: red,
              anonymous_id: anon, device: device}
"""
NAMES = ("user", "union", "phone", "douyin", "red", "anon", "device")
VIEW, IN, OUT, PAID = "Product Viewed", "Signed In", "Signed Out", "Order Completed"


@dataclass(frozen=True)
class Step:
    """One event of a history.

    Attributes:
        person: whose it is, by a name within the case.
        at: when.
        event: its name.
        names: the identifiers that it shows.
    """

    person: str
    at: str
    event: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A history and its title, in words."""

    title: str
    steps: tuple[Step, ...]

    def rows(self, number: int) -> list[dict[str, Any]]:
        """The events as a file has them; their ids name the case."""
        empty: dict[str, Any] = dict.fromkeys(NAMES)
        return [
            {"id": f"{number}-{place}", "event": step.event, "at": f"{step.at}:00+08:00", **empty, **step.names}
            for place, step in enumerate(self.steps)
        ]


@dataclass(frozen=True)
class Outcome:
    """Pairs of events of a case: wrongly given to one person, and not held together."""

    merged: int
    missed: int


def step(person: str, at: str, event: str = VIEW, **names: str) -> Step:
    """One event; ``at`` is month, day and hour of 2026, or a whole instant."""
    return Step(person, at if len(at) > 11 else f"2026-{at}:00", event, names)


CASES = (
    Case(
        "a shop's iPad on which guests leave their phone",
        (
            *(step(f"guest {n}", f"05-0{n}T10", PAID, phone=f"1390000100{n}", device="ipad") for n in range(1, 7)),
            *(step(f"guest {n}", f"05-1{n}T10", phone=f"1390000100{n}", anon=f"own-{n}") for n in range(1, 7)),
            step("the iPad", "05-08T12", device="ipad"),
        ),
    ),
    Case(
        "a phone number that the operator gave to somebody else",
        (
            step("before", "2025-02-01T10:00", phone="13900002001", anon="old-1"),
            step("before", "2025-03-01T10:00", phone="13900002001"),
            step("after", "05-02T10", PAID, phone="13900002001", anon="new-1"),
            step("after", "05-20T10", phone="13900002001"),
        ),
    ),
    Case(
        "a phone number kept for years, then another browser",
        (
            *(step("she", f"2025-{n:02}-03T10:00", phone="13900002002", anon="kept-1") for n in range(1, 13)),
            step("she", "05-02T10", phone="13900002002", anon="kept-2"),
            step("she", "05-03T10", anon="kept-1"),
        ),
    ),
    Case(
        "test, null, 0000 and 12345678901 as identifiers",
        (
            step("ann", "05-01T10", user="test", anon="t-ann"),
            step("ben", "05-01T11", user="test", anon="t-ben", device="0000"),
            step("cai", "05-01T12", phone="12345678901", anon="t-cai", device="null"),
            step("dan", "05-01T13", user="NULL", phone="12345678901", anon="t-dan", device="0000"),
            step("ann", "05-02T10", anon="t-ann"),
        ),
    ),
    Case(
        "a guest buys, then opens an account",
        (
            step("she", "05-01T10", anon="g-she"),
            step("she", "05-01T11", PAID, phone="13900003001", anon="g-she"),
            step("she", "05-09T10", IN, user="g-1", anon="g-she"),
            step("she", "05-10T10", user="g-1", device="g-phone"),
            step("she", "05-11T10", phone="13900003001"),
        ),
    ),
    Case(
        "one phone number, two members of a family with accounts",
        (
            step("mother", "05-01T10", IN, user="f-1", phone="13900004001", device="f-m"),
            step("daughter", "05-03T10", IN, user="f-2", phone="13900004001", device="f-d"),
            step("mother", "05-04T10", device="f-m"),
            step("daughter", "05-05T10", device="f-d"),
        ),
    ),
    Case(
        "one phone number, two members of a family on WeChat",
        (
            step("mother", "05-01T10", union="w-1", phone="13900004002"),
            step("daughter", "05-03T10", union="w-2", phone="13900004002"),
            step("mother", "05-04T10", union="w-1"),
            step("daughter", "05-05T10", union="w-2"),
        ),
    ),
    Case(
        "one account of a family, on many devices",
        tuple(step("the account", f"05-0{n}T10", user="fam", device=f"fam-{n}") for n in range(1, 7)),
    ),
    Case(
        "one unionid, accounts on many platforms",
        (
            step("he", "05-01T10", union="u-he", douyin="d-he"),
            step("he", "05-02T10", union="u-he", red="r-he"),
            step("he", "05-03T10", union="u-he", anon="mini-1"),
            step("he", "05-04T10", union="u-he", anon="mini-2"),
            step("he", "05-05T10", red="r-he"),
        ),
    ),
    Case(
        "one signs out, another signs in",
        (
            step("anna", "05-01T10", IN, user="o-anna", device="o-tab"),
            step("nobody known", "05-02T10", OUT, device="o-tab"),
            step("nobody known", "05-02T11", device="o-tab"),
            step("boris", "05-03T10", IN, user="o-boris", device="o-tab"),
            step("boris", "05-03T11", device="o-tab"),
        ),
    ),
    Case(
        "a farm: one device, thirty accounts and six phones",
        (
            *(step(f"u{n}", f"05-01T{n // 2:02}", IN, user=f"farm-{n}", device="farm") for n in range(30)),
            *(step(f"p{n}", f"05-02T1{n}", phone=f"1390000500{n}", device="farm") for n in range(6)),
            *(step(f"u{n}", f"05-03T{n // 2:02}", user=f"farm-{n}") for n in range(30)),
        ),
    ),
    Case(
        "two accounts of the same instant, on one device and phone",
        (
            step("one", "05-01T10", user="x-1", phone="13900006001", device="x"),
            step("other", "05-01T10", user="x-2", phone="13900006001", device="x"),
            step("one", "05-02T10", user="x-1"),
            step("other", "05-02T10", user="x-2"),
        ),
    ),
    Case(
        "a leader's phone, typed for every member of a group buy",
        (
            *(step(f"m{n}", f"05-01T1{n}", PAID, union=f"lead-{n}", phone="13900007001") for n in range(7)),
            *(step(f"m{n}", f"05-02T1{n}", union=f"lead-{n}") for n in range(7)),
        ),
    ),
    Case(
        "a device that joins the phones of two accounts",
        (
            step("one", "05-01T10", IN, user="j-1", phone="13900008001"),
            step("other", "05-01T10", IN, user="j-2", phone="13900008002"),
            step("one", "05-02T10", phone="13900008001", anon="j-mobile", device="j"),
            step("other", "05-03T10", phone="13900008002", anon="j-other", device="j"),
            step("one", "05-04T10", user="j-1"),
            step("other", "05-04T11", user="j-2"),
        ),
    ),
)


def judged(case: Case, found: Sequence[object]) -> Outcome:
    """What an answer, the person of each step, gets wrong."""
    pairs = list(combinations(zip(case.steps, found, strict=True), 2))
    wrong = [one == other for (left, one), (right, other) in pairs if left.person != right.person]
    right = [one != other for (left, one), (right, other) in pairs if left.person == right.person]
    return Outcome(sum(wrong), sum(right))


def naive(case: Case) -> list[int]:
    """Whoever ever shared an identifier is one person: what a union-find over all identifiers says."""
    group = list(range(len(case.steps)))
    for one, other in combinations(range(len(case.steps)), 2):
        if case.steps[one].names.items() & case.steps[other].names.items():
            group = [group[one] if number == group[other] else number for number in group]
    return group


def table(found: Iterable[Sequence[object]]) -> list[str]:
    """The suite as a table in Markdown, naive union-find beside."""
    lines = [
        "| history | people | wrongly merged pairs of events | missed | naive: merged | missed |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for case, answer in zip(CASES, found, strict=True):
        ours, theirs = judged(case, answer), judged(case, naive(case))
        people = len({one.person for one in case.steps})
        lines.append(f"| {case.title} | {people} | {ours.merged} | {ours.missed} | {theirs.merged} | {theirs.missed} |")
    return lines
