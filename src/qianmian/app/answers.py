"""What the Python door answers: values that name the build they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qianmian.core.errors import UnknownNameError
from qianmian.core.people import id_text
from qianmian.profile.portrait import TagValue
from qianmian.profile.summary import TagSummary


@dataclass(frozen=True)
class Computed:
    """What an answer was computed from.

    Attributes:
        build: number of the build.
        at: when it was computed.
        today: the local date on which its windows end.
        instant: the build's "now": what occurred later is not in it.
        snapshot: name of the snapshot that it read.
        batch: highest batch that it counted.
    """

    build: int
    at: datetime
    today: date
    instant: datetime
    snapshot: str
    batch: int


@dataclass(frozen=True)
class Profile:
    """What is known of one person.

    Attributes:
        person: id of the person, as shown at every door.
        identifiers: names of the person, masked.
        tags: every tag with value, confidence and evidence.
        computed: from which build.
    """

    person: str
    identifiers: list[dict[str, Any]]
    tags: list[TagValue]
    computed: Computed

    def __getitem__(self, tag: str) -> Any:
        """The value of a tag.

        Raises:
            UnknownNameError: there is no such tag.
        """
        for found in self.tags:
            if found.tag.name == tag:
                return found.value
        raise UnknownNameError("no_tag", tag=tag)


@dataclass(frozen=True)
class People:
    """Everybody who meets a condition.

    Attributes:
        condition: canonical text of the condition.
        computed: from which build.
        of_people: people with a profile, whether they meet it or not.
    """

    condition: str
    computed: Computed
    of_people: int
    _count: int
    _members: list[int]

    def size(self) -> int:
        """How many they are."""
        return self._count

    def members(self) -> list[str]:
        """Their ids, in ascending order, up to the limit that was asked for."""
        return [id_text(person) for person in self._members]


@dataclass(frozen=True)
class TagReport(TagSummary):
    """A tag over all people, and the build that it comes from.

    Attributes:
        computed: from which build.
    """

    computed: Computed
