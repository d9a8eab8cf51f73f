"""Identifiers as text: user numbers, phones, e-mails, union ids and device ids, all synthetic.

Phone numbers use prefixes that were not given to any carrier, and end in a check digit, so that a slip of the
finger never hits another person's number. E-mails use ``example.com`` and its sisters, which nobody can own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qianmian.world.devices import Devices
from qianmian.world.glyphs import choose, digits, hexes, joined, scramble, text, uuids
from qianmian.world.plan import Neighbourhood
from qianmian.world.trace import Integers

_PREFIXES = np.array([154, 161, 163, 164, 168, 169, 179])
_MIDDLE = 10_000_000
_MAIL_NAMES = ("lu", "xiaomo", "momo", "chen", "yuki", "anan", "dabai", "linlin", "tutu", "azhe", "mianmian", "sanqi")
_MAIL_HOSTS = ("@example.com", "@example.org", "@example.net")


@dataclass(frozen=True)
class Contacts:
    """Text of every identifier of a neighbourhood.

    Attributes:
        user_ids: by person.
        phones: by phone slot (`People.phone_slot`), as 11 digits.
        emails: by person.
        union_ids: by person.
        anonymous_ids: by device.
        device_ids: by device.
    """

    user_ids: pa.Array
    phones: pa.Array
    emails: pa.Array
    union_ids: pa.Array
    anonymous_ids: pa.Array
    device_ids: pa.Array


def make_contacts(place: Neighbourhood, devices: Devices) -> Contacts:
    """The texts of a neighbourhood's identifiers; numbers run through the whole world, so none repeats."""
    persons = place.first + np.arange(place.size)
    slots = 2 * place.first + np.arange(2 * place.size)
    machines = (np.int64(place.number) << 32) + np.arange(len(devices))
    seed = place.plan.seed
    return Contacts(
        user_ids=user_ids(persons),
        phones=text(phone_digits(slots, seed)),
        emails=_emails(persons),
        union_ids=text(b"oU6", hexes(scramble(persons, seed + 3)), hexes(scramble(persons, seed + 4))[:, :9]),
        anonymous_ids=uuids(np.hstack([scramble(machines, seed + 1), scramble(machines, seed + 2)])),
        device_ids=text(b"d-", hexes(scramble(machines, seed + 5))),
    )


def user_ids(persons: Integers) -> pa.Array:
    """The shop's number of each person, by the person's number in the world."""
    return text(b"u", digits(persons + 1, 8))


def phone_digits(slots: Integers, seed: int) -> Integers:
    """Eleven digits a slot; unique, with a check digit at the end."""
    spread = (slots * 7_654_321 + seed * 104_729) % (len(_PREFIXES) * _MIDDLE)  # a bijection: the factor is coprime
    glyphs = np.hstack([digits(_PREFIXES[spread // _MIDDLE], 3), digits(spread % _MIDDLE, 7)])
    check = (glyphs - ord("0")).sum(axis=1, keepdims=True, dtype=np.int64) % 10 + ord("0")
    numbers: Integers = np.hstack([glyphs, check.astype(np.uint8)])
    return numbers


def mistype_phones(phones: pa.Array, drawn: Integers) -> pa.Array:
    """Each phone with one wrong digit among the last eight."""
    glyphs = np.frombuffer("".join(phones.to_pylist()).encode(), np.uint8).reshape(-1, 11).copy()
    rows, position = np.arange(len(glyphs)), 3 + drawn % 8
    wrong = (glyphs[rows, position] - ord("0") + 1 + drawn // 8 % 9) % 10
    glyphs[rows, position] = wrong + ord("0")
    return text(glyphs)


def mistype_emails(emails: pa.Array) -> pa.Array:
    """Each e-mail with one letter too many at the front."""
    return joined("q", emails)


def _emails(persons: Integers) -> pa.Array:
    drawn = scramble(persons, 6)[:, :2].astype(np.int64)
    names, hosts = choose(_MAIL_NAMES, drawn[:, 0] % len(_MAIL_NAMES)), choose(_MAIL_HOSTS, drawn[:, 1] % 3)
    return joined(names, ".", text(digits(persons + 1, 7)), hosts)
