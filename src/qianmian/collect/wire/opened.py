"""An opened link as a delivery: a line as Segment's SDKs send them, so that it takes the way of every other event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson

from qianmian.collect.journal.entries import Delivery
from qianmian.collect.wire.agents import Agent
from qianmian.collect.wire.lines import instant
from qianmian.collect.wire.segment import DIALECT

#: The source of these events; nobody gets a write key for it.
SOURCE = "links"
LINK_OPENED = "Link Opened"
#: A program fetched the link to draw a card of it, or fetched ahead: an event of its own, so that no count has it.
LINK_PREVIEWED = "Link Previewed"
#: Parameter of the landing page's address that carries the click id.
PARAMETER = "qm_click"
#: The words of a campaign, as every tool knows them.
UTM = ("source", "medium", "campaign", "content", "term")
_LETTERS = bytes.maketrans(b"0123456789abcdef", b"abcdefghijklmnop")


@dataclass(frozen=True)
class Opened:
    """A link that was opened.

    Attributes:
        code: of the link.
        properties: what the link is about: kind, owner, words of the campaign.
        click_id: of this opening alone.
        agent: who opened it.
        referrer: host of the page on which it stood; empty = not told.
        at: when.
    """

    code: str
    properties: Mapping[str, str]
    click_id: str
    agent: Agent
    referrer: str
    at: datetime

    def delivery(self) -> Delivery:
        """The event as the journal keeps it; of who opened it there is only a kind of device."""
        told = {"link": self.code, "click_id": self.click_id, "referrer": self.referrer, **self.properties}
        line = {
            "receivedAt": instant(self.at),
            "type": "track",
            "event": LINK_PREVIEWED if self.agent.is_program else LINK_OPENED,
            "messageId": self.click_id,
            "context": {"channel": self.agent.channel, "device": {"type": self.agent.device_type or None}},
            "properties": {name: value for name, value in told.items() if value},
        }
        return Delivery(
            dialect=DIALECT, source=SOURCE, environment="prod", received_at=self.at, count=1, lines=orjson.dumps(line)
        )


def click_id(entropy: bytes) -> str:
    """A click id of random bytes: letters alone, since digits might look like somebody's number and be masked.

    >>> click_id(bytes([0, 255, 16]))
    'aappba'
    """
    return entropy.hex().encode().translate(_LETTERS).decode()


def landing(target: str, words: Mapping[str, str], click: str) -> str:
    """The address that an opened link leads to: its target, with the campaign's words that it lacks and the click id.

    >>> landing("https://shop.example/#/item?id=7", {"utm_source": "weibo"}, "abc")
    'https://shop.example/?utm_source=weibo&qm_click=abc#/item?id=7'
    >>> landing("https://shop.example/a?utm_source=x", {"utm_source": "weibo"}, "abc")
    'https://shop.example/a?utm_source=x&qm_click=abc'
    """
    parts = urlsplit(target)
    there = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = {name: word for name, word in words.items() if name not in there} | {PARAMETER: click}
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    return parts._replace(path=parts.path or "/", query=query).geturl()


def host_of(referrer: str) -> str:
    """The host of a page, in small letters; empty if it is no web address."""
    try:
        parts = urlsplit(referrer)
        return (parts.hostname or "")[:200] if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""
