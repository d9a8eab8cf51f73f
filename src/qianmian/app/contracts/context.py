"""What the doors tell of the shop's context."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.questions.context import ContextKind


class FactTold(Contract):
    """Something about the shop's world."""

    source: str = Field(description="data source")
    kind: ContextKind = Field(description="what it is about")
    fact_id: str = Field(description="the source's name of it")
    name: str = Field(description="what people call it")
    parent: str | None = Field(description="fact_id of what it is part of")
    parent_name: str | None = Field(description="name of that")
    first_on: date | None = Field(description="first local date on which it holds; empty = it always did")
    last_on: date | None = Field(description="last local date on which it holds; empty = one day, or it still does")
    attributes: dict[str, Any] = Field(description="all else that the source says of it")
    batch: int = Field(description="number of the import that told it")
    updated_at: datetime | None = Field(description="when that import was taken in, UTC")


class FoundFactsTold(Contract):
    """A page of facts."""

    total: int = Field(description="facts on all pages")
    facts: list[FactTold] = Field(description="facts of this page, the newest date first, then those without one")
    kinds: dict[ContextKind, int] = Field(description="how many facts with the text there are of each kind")
    updated_at: datetime | None = Field(description="when the newest of these facts was taken in, UTC")
    next: str | None = Field(description="cursor of the next page; empty = this is the last")


class MarkTold(Contract):
    """Dates on which something of the context should be borne in mind."""

    kind: ContextKind = Field(description="what it is about: calendar or policy")
    name: str = Field(description="what people call it")
    first_on: date = Field(description="first local date")
    last_on: date = Field(description="last local date, which belongs to it")
