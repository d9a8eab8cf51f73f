"""Kinds of tie: which events make them, how much one counts, and how fast that fades."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.resources import files

from qianmian.core.events import SIGNED_IN

#: The kinds that a shop can declare; each has a word in both languages.
KINDS = ("follow", "like", "comment", "share", "invite", "group_buy", "chat", "gift", "household")
#: Half-lives for which weights keep one reference instant: so long, what is new adds to what is there, exactly.
_HALF_LIVES = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Way(StrEnum):
    """How an event leads to another person."""

    PERSON = "person"
    OBJECT = "object"
    TOGETHER = "together"
    SIGNED_IN_ON = "signed_in_on"


@dataclass(frozen=True)
class Clue:
    """Something by which people are tied.

    Attributes:
        way: how it leads to another person.
        events: names of the events; none of a sign-in.
        name: the property; none of a sign-in.
        of: name of the event by which somebody told of the object.
        most: identifiers of a circle, at most; in a larger one nobody is tied.
        namespaces: kinds of identifier on which people sign in.
    """

    way: Way
    events: tuple[str, ...] = ()
    name: str = ""
    of: str = ""
    most: int = 0
    namespaces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of tie.

    Attributes:
        name: one of `KINDS`.
        weight: what one fresh event adds to a pair's sum.
        half_life_days: after so many days it adds half.
        made_by: what makes it; nothing = it is not looked for.
    """

    name: str
    weight: float
    half_life_days: int
    made_by: tuple[Clue, ...] = ()

    def reference_at(self, now: datetime) -> datetime:
        """The instant at which stored weights hold, the same for all ties of the kind.

        It stands still for 16 half-lives: then a build computes all ties anew.

        >>> Kind("like", 1, 90).reference_at(datetime(2026, 11, 26, tzinfo=UTC)).date()
        datetime.date(2025, 3, 13)
        """
        days = _HALF_LIVES * self.half_life_days
        return _EPOCH + timedelta(days=(now - _EPOCH).days // days * days)


@dataclass(frozen=True)
class TieKinds:
    """All kinds of a shop, in the order of `KINDS`."""

    kinds: tuple[Kind, ...]

    def to_json(self) -> str:
        """As a parameter of a task."""
        return json.dumps(asdict(self), sort_keys=True)

    @staticmethod
    def from_json(text: str) -> TieKinds:
        """The inverse of `to_json`."""
        return TieKinds(tuple(_kind(**one) for one in json.loads(text)["kinds"]))

    @property
    def digest(self) -> str:
        """16 hex digits over what they say, however it was written."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def read(self, names: Collection[str]) -> bool:
        """Whether an event of one of these names may tie people."""
        clues = [clue for kind in self.kinds for clue in kind.made_by]
        among = {name for clue in clues for name in (*clue.events, clue.of)}
        return bool(among.intersection(names)) or (SIGNED_IN in names and any(clue.namespaces for clue in clues))

    def made_of(self, now: datetime) -> str:
        """What ties are made of at an instant: while it is the same, what is new is added to what is there."""
        return " ".join([self.digest, *(f"{kind.reference_at(now):%Y-%m-%d}" for kind in self.kinds)])


def _kind(name: str, weight: float, half_life_days: int, made_by: list[dict[str, object]]) -> Kind:
    return Kind(name, weight, half_life_days, tuple(_clue(**one) for one in made_by))  # type: ignore[arg-type]


def _clue(way: str, events: list[str], name: str, of: str, most: int, namespaces: list[str]) -> Clue:
    return Clue(Way(way), tuple(events), name, of, most, tuple(namespaces))


def built_in_text() -> str:
    """The kinds that hold where a shop has none, as they are written: a start for one's own."""
    return files("qianmian.unify.ties").joinpath("kinds.yaml").read_text("utf-8")
