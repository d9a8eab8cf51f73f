"""What is wrong with a condition, where it stands, and what to write instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from qianmian.core.errors import ConditionError
from qianmian.core.messages import Message, either

_CONTEXT = 40  # characters shown on either side of the place
_SHOWN = 10  # problems or names listed before "and … more"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # they would break or reorder the line


@dataclass(frozen=True)
class Place:
    """A stretch of the text that an author wrote.

    Attributes:
        text: the whole text.
        at: offset of the first character, from 0.
        length: number of characters.
    """

    text: str
    at: int
    length: int = 1

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.text.count("\n", 0, self.at) + 1

    @property
    def column(self) -> int:
        """The character within its line, from 1."""
        return self.at - self._line_start + 1

    @property
    def _line_start(self) -> int:
        return self.text.rfind("\n", 0, self.at) + 1

    def show(self) -> str:
        """Two lines: the author's line around the place, and carets under it."""
        end = self.text.find("\n", self.at)
        line_end = len(self.text) if end < 0 else end
        start = max(self._line_start, self.at - _CONTEXT)
        stop = min(line_end, self.at + _CONTEXT)
        lead = "…" if start > self._line_start else ""
        before = lead + visible(self.text[start : self.at])
        marked = visible(self.text[self.at : min(stop, self.at + self.length)])
        after = visible(self.text[self.at + len(marked) : stop]) + ("…" if stop < line_end else "")
        return f"    {before}{marked}{after}\n    {' ' * _width(before)}{'^' * max(1, _width(marked))}"


@dataclass(frozen=True)
class Problem:
    """One thing that an author must change.

    Attributes:
        message: what is wrong, and what to write instead.
        place: where it stands; None if the tree was not written as text.
    """

    message: Message
    place: Place | None = None

    @property
    def placed(self) -> Message:
        """The message with its place, for who does not see the text."""
        place = self.place
        if place is None:
            return self.message
        return Message("mistake_at", what=self.message, line=place.line, column=place.column, shown=place.show())


def refusal(problems: Iterable[Problem]) -> ConditionError:
    """The error that names every problem, in the order in which they stand.

    Its ``problems`` hold them for a door that underlines the places.
    """
    found = tuple(problems)
    listed = [Message("listed_mistake", problem=problem.placed) for problem in found[:_SHOWN]]
    if len(found) > _SHOWN:
        listed.append(Message("more_mistakes", count=len(found) - _SHOWN))
    if len(found) == 1:
        error = ConditionError("one_mistake", problem=found[0].placed)
    else:
        error = ConditionError("mistakes", count=len(found), listed=listed)
    error.problems = found
    return error


def quoted(text: str) -> str:
    """A name or value for a message: in quotes, without invisible characters, at most 40 long.

    >>> quoted("Order" + chr(0))
    "'Order�'"
    """
    return f"'{shown(text)}'"


def shown(text: str) -> str:
    """Somebody's text for a message: without invisible characters, at most 40 long."""
    return visible(text if len(text) <= _CONTEXT else text[:_CONTEXT] + "…")


def nearest(name: str, known: Iterable[str]) -> Message:
    """A hint for an unknown name: the names most like it, or else some that exist.

    >>> print(nearest("lifecycel", ["lifecycle", "city"]))
    did you mean 'lifecycle'?
    >>> print(nearest("zzz", ["lifecycle", "city"]))
    known: city, lifecycle
    """
    folded = {each.casefold(): each for each in sorted(known, reverse=True)}
    if not folded:
        return Message("none_known")
    near = get_close_matches(name[: 2 * _CONTEXT].casefold(), folded, n=3, cutoff=0.6)
    if near:
        return Message("did_you_mean", names=either(*(quoted(folded[each]) for each in near)))
    names = sorted(folded.values())
    if len(names) > _SHOWN:
        return Message("known_of_many", names=names[:_SHOWN], count=len(names))
    return Message("known", names=names)


def visible(text: str) -> str:
    """The text with each invisible or reordering character replaced by �."""
    return "".join("\ufffd" if unicodedata.category(each) in _INVISIBLE else each for each in text)


def _width(text: str) -> int:
    """Columns in a terminal: a Chinese character takes two."""
    return sum(_columns(each) for each in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
