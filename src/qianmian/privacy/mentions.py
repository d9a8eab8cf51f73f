"""Whether a text names somebody, in whatever spelling: what an erasure asks of everything that is kept as it came."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from qianmian.core.people import Identifier
from qianmian.privacy.pseudonyms import normalise

_JSON_ESCAPE = re.compile(r'\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])')
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[ \-.()]{1,2}(?=[0-9])")


class Mentions:
    """Finds identifiers in texts.

    Texts are read as JSON escapes, percent-encoding, full-width and upper-case forms. Better one text too many than one
    too few: a short value also finds texts that hold it in another field.
    """

    def __init__(self, identifiers: Sequence[Identifier]) -> None:
        """Mentions of any of the identifiers; of none if there are none."""
        self._wanted = re.compile("|".join(_pattern(one) for one in identifiers)) if identifiers else None

    def are_in(self, text: str) -> bool:
        """Whether the text names one of the identifiers."""
        return self._wanted is not None and any(self._wanted.search(reading) for reading in _readings(text))


def _pattern(identifier: Identifier) -> str:
    """Finds the value where it stands alone; a phone also behind its country code."""
    value = normalise(identifier.namespace, identifier.value) or identifier.value
    literal = re.escape(_plain(value))
    if identifier.namespace == "phone":
        return rf"(?<![0-9])(?:\+|00)?(?:86)?{literal.removeprefix(re.escape('+'))}(?![0-9])"
    return rf"(?<![0-9a-z]){literal}(?![0-9a-z])"


def _readings(body: str) -> Iterator[str]:
    """The body in plain spelling: as it is, and with the separators inside numbers gone."""
    plain = _plain(_JSON_ESCAPE.sub(_unescaped, body))
    for reading in dict.fromkeys((plain, _plain(unquote(plain)))):
        yield reading
        yield _BETWEEN_DIGITS.sub("", reading)


def _unescaped(escape: re.Match[str]) -> str:
    return str(json.loads(f'"{escape[0]}"'))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
