"""What the plan's judge found in a stretch of events: counts, with examples that show the form of a value only."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

_SHOWN = 24


@dataclass(frozen=True)
class Seen:
    """A property as events had it, in one type.

    Attributes:
        event: name of the event.
        property: which; empty = the event itself.
        type: what it held; empty for the event itself.
        events: how many.
        sample: the form of one value.
    """

    event: str
    property: str
    type: str
    events: int
    sample: str = ""


@dataclass(frozen=True)
class Deviating:
    """Events that deviate in one way.

    Attributes:
        event: name of the event.
        property: which; empty = the event itself.
        kind: machine name of the kind of violation.
        events: how many.
        example: the form of one value; empty if there is none.
    """

    event: str
    property: str
    kind: str
    events: int
    example: str = ""


@dataclass(frozen=True)
class Findings:
    """What was seen, and what of it deviates from the plan."""

    seen: tuple[Seen, ...] = ()
    deviating: tuple[Deviating, ...] = ()

    def stored(self) -> str:
        """The findings as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def findings_of(stored: str) -> Findings:
    """The inverse of `Findings.stored`."""
    told = json.loads(stored)
    return Findings(tuple(Seen(**one) for one in told["seen"]), tuple(Deviating(**one) for one in told["deviating"]))


def form(value: object) -> str:
    """The form of a value, from which nobody can tell the value: an example must name no person.

    >>> form("sku-1024"), form("李小明 13800138000"), form(19.9), form(True), form(["a"])
    ('aaa-9999', '文文文 99999999999', '99.9', 'true', '[1]')
    >>> form("[phone]")
    '[phone]'
    """
    match value:
        case bool():
            return str(value).lower()
        case list():
            return f"[{len(value)}]"
        case dict():
            return f"{{{len(value)}}}"
        case None:
            return ""
    text = str(value)
    if re.fullmatch(r"\[[a-z_]+\]", text):
        return text
    formed = "".join(map(_form_of, text[:_SHOWN]))
    return f"{formed}…" if len(text) > _SHOWN else formed


def _form_of(sign: str) -> str:
    if sign.isdigit():
        return "9"
    if sign.isascii():
        return "A" if sign.isupper() else "a" if sign.islower() else sign if sign.isprintable() else " "
    return "文" if sign.isalpha() else "·"
