"""A condition's text cut into tokens; full-width signs, as a Chinese keyboard types them, read like ASCII ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from qianmian.core.errors import ConditionError
from qianmian.core.messages import Message
from qianmian.query.problems import Place, Problem, quoted, refusal
from qianmian.query.tree import RESERVED

# One character for one character, so that every offset is that of the author's text.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("\u3000"): " ", ord("、"): ","}
_CLOSERS = {
    "'": "'", '"': '"', "＇": "＇", "＂": "＂", "“": "“”", "”": "“”", "‘": "‘’", "’": "‘’", "「": "」",
}  # fmt: skip
_SPELLINGS = {"==": "=", "<>": "!=", "≥": ">=", "≤": "<=", "≠": "!="}
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>-?[0-9]+(?:\.[0-9]+)?)|(?P<name>[^\W\d]\w*)|(?P<sign><=|>=|!=|<>|==|[=<>≥≤≠(),])"
)
_ADVICE = {
    "&": Message("write_instead", word="and"),
    "|": Message("write_instead", word="or"),
    "!": Message("write_not"),
    ";": Message("leave_out"),
}


class Kind(Enum):
    """What a token is, in the words of a message."""

    NAME = "name"
    WORD = "word"  # reserved; in lower case
    TEXT = "text"
    NUMBER = "number"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True)
class Token:
    """One piece of a condition.

    Attributes:
        kind: what it is.
        text: what it says: a text without its quotes, a sign or word in its usual spelling.
        place: where it stands.
    """

    kind: Kind
    text: str
    place: Place

    @property
    def said(self) -> Message | str:
        """The token as a message names it."""
        match self.kind:
            case Kind.END:
                return Message("the_end")
            case Kind.TEXT:
                return Message("the_text", text=quoted(self.text))
            case Kind.NAME:
                return Message("the_name", text=quoted(self.text))
            case _:
                return quoted(self.text)


def tokenize(text: str) -> list[Token]:
    """The tokens of a text; the last one is END.

    Raises:
        ConditionError: a character has no meaning here, or a quotation is left open.
    """
    plain = text.translate(_HALF_WIDTH)
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] in _CLOSERS:
            token = _quotation(text, at)
        elif match := _TOKEN.match(plain, at):
            token = _token(match, text)
        else:
            raise _unknown_character(text, at)
        at = token.place.at + token.place.length
        if token.text or token.kind is Kind.TEXT:
            tokens.append(token)
    return [*tokens, Token(Kind.END, "", Place(text, len(text)))]


def _token(match: re.Match[str], text: str) -> Token:
    """What the pattern found; spaces give a token without text."""
    place = Place(text, match.start(), match.end() - match.start())
    found = match.group()
    match match.lastgroup:
        case "number":
            return Token(Kind.NUMBER, found, place)
        case "name" if found.lower() in RESERVED:
            return Token(Kind.WORD, found.lower(), place)
        case "name":
            return Token(Kind.NAME, found, place)
        case "sign":
            return Token(Kind.SIGN, _SPELLINGS.get(found, found), place)
        case _:
            return Token(Kind.SIGN, "", place)


def _quotation(text: str, start: int) -> Token:
    """A text in quotes; a closing quote written twice stands for itself."""
    closers = _CLOSERS[text[start]]
    pieces: list[str] = []
    at = start + 1
    while at < len(text):
        stop = next((i for i in range(at, len(text)) if text[i] in closers), -1)
        if stop < 0:
            break
        if text[stop + 1 : stop + 2] != text[stop]:
            pieces.append(text[at:stop])
            return Token(Kind.TEXT, "".join(pieces), Place(text, start, stop + 1 - start))
        pieces.append(text[at : stop + 1])
        at = stop + 2
    raise refusal([Problem(Message("open_quotation", quote=closers[-1]), Place(text, start))])


def _unknown_character(text: str, at: int) -> ConditionError:
    character = text[at]
    advice = _ADVICE.get(character.translate(_HALF_WIDTH), Message("texts_and_names"))
    return refusal([Problem(Message("odd_character", character=quoted(character), hint=advice), Place(text, at))])
