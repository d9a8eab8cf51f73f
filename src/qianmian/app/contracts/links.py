"""What the doors tell of tracked links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.qr import address_of
from qianmian.app.questions.openings import CountedLink, LinkPage
from qianmian.app.tracked_links import TrackedLink
from qianmian.core.settings import Settings


class LinkTold(Contract):
    """A tracked link."""

    code: str = Field(description="what stands in its address, behind /l/")
    address: str = Field(description="what is handed out, and what its QR code says")
    target: str = Field(description="web address that it leads to")
    kind: str = Field(description="what it belongs to: post, leader, group, shop or item")
    owner: str = Field(description="number or name of that; may be empty")
    words: Mapping[str, str] = Field(description="the campaign's words, such as utm_source")
    created_by: str = Field(description="account that made it; empty = the command line or the workspace's token")
    created_at: datetime = Field(description="when it was made")
    changed_at: datetime = Field(description="when target or state were last changed")
    disabled_at: datetime | None = Field(description="when it was disabled; empty = it leads to its target")
    unkept: int = Field(description="openings that led on although their event could not be kept; not counted")

    @classmethod
    def of(cls, link: TrackedLink, settings: Settings) -> LinkTold:
        """The link, with the address at which it is opened."""
        return cls(address=address_of(link.code, settings), **vars(link))


class CountedLinkTold(LinkTold):
    """A tracked link, and how often it was opened."""

    opened: int = Field(description="openings by somebody")
    previewed: int = Field(description="openings by programs that draw a card of it or fetch ahead; not counted")
    last_at: datetime | None = Field(description="when somebody last opened it; empty = nobody yet")

    @classmethod
    def of_counted(cls, counted: CountedLink, settings: Settings) -> CountedLinkTold:
        """The link with its counts."""
        return cls(address=address_of(counted.link.code, settings), **vars(counted.link), **vars(counted.count))


class OpenedDayTold(Contract):
    """Openings on one local date."""

    on: date = Field(description="the date")
    opened: int = Field(description="openings by somebody")


class OpenedInTold(Contract):
    """Openings in the browser of one app."""

    channel: str = Field(description="the app by its platform's name; web = any other browser")
    opened: int = Field(description="openings by somebody")


class LinkPageTold(Contract):
    """One tracked link: its days, where it was opened, and who came."""

    link: CountedLinkTold = Field(description="the link with its counts")
    days: list[OpenedDayTold] = Field(description="the last 30 local dates, oldest first")
    channels: list[OpenedInTold] = Field(description="by the app around the browser, the commonest first")
    landed: int = Field(description="openings whose landing page told something afterwards")
    people: int = Field(description="people who came by it, as far as the last build knows who they are")

    @classmethod
    def of(cls, page: LinkPage, settings: Settings) -> LinkPageTold:
        """The link with all that is known of its openings."""
        return cls(
            link=CountedLinkTold.of_counted(CountedLink(page.link, page.count), settings),
            days=[OpenedDayTold.model_validate(one) for one in page.days],
            channels=[OpenedInTold.model_validate(one) for one in page.channels],
            landed=page.landed,
            people=page.people,
        )
