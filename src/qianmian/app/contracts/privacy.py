"""What the doors tell of purposes and erasures."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.privacy.erasure import ErasurePlan
from qianmian.privacy.purposes import Purpose


class PurposeTold(Contract):
    """What data may be used for."""

    name: str = Field(description="name of the purpose")
    basis: str = Field(description="legal basis")
    registered_at: datetime = Field(description="when it was registered")

    @classmethod
    def of(cls, purpose: Purpose) -> PurposeTold:
        """A purpose with the name of its basis."""
        return cls(name=purpose.name, basis=purpose.basis.value, registered_at=purpose.registered_at)


class ErasureTold(Contract):
    """What an erasure does, in order; it names no personal value."""

    vertices: int = Field(description="identifiers and intervals of identifiers that leave")
    stages: list[str] = Field(description="what happens, first to last")
    job: int | None = Field(default=None, description="number of the job that carries it out; empty = only planned")

    @classmethod
    def of(cls, plan: ErasurePlan, job: int | None = None) -> ErasureTold:
        """The plan in words."""
        return cls(vertices=len(plan.vertices), stages=[stage.words for stage in plan.stages], job=job)
