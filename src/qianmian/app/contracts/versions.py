"""What the doors tell of a declaration: its versions, and in what another one differs."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from pydantic import Field

from qianmian.app.contracts.base import Contract


class VersionTold(Contract):
    """A declaration, as it was applied."""

    version: int = Field(description="grows by one")
    text: str = Field(description="the YAML; empty = from then on nothing is declared")
    digest: str = Field(description="16 hex digits over what it says, however it was written")
    applied_by: str = Field(description="account; empty = the command line or the workspace's token")
    applied_at: datetime = Field(description="when")


class Declaration(Protocol):
    """What was read of a declaration: a field a section."""

    @property
    def digest(self) -> str:
        """Over what it says."""


class DifferenceTold(Contract):
    """A declaration that can be applied."""

    digest: str = Field(description="16 hex digits over what it says")
    differences: list[str] = Field(description="sections that say something else than what holds")

    @classmethod
    def between(cls, given: Declaration, holding: Declaration | None) -> DifferenceTold:
        """Compare section by section; where nothing holds, each differs."""
        same = vars(holding) if holding else {}
        differ = [section for section, value in vars(given).items() if section not in same or same[section] != value]
        return cls(digest=given.digest, differences=differ)
