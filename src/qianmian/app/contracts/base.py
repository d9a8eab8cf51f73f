"""What every contract is made of, and the one that tells an error."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

Value = bool | int | float | Decimal | datetime | date | str | None


class Contract(BaseModel):
    """A value that crosses a door; it is never changed."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class ErrorTold(Contract):
    """What went wrong, without personal values."""

    code: str = Field(description="stable machine name of the error")
    what: str = Field(description="what happened, with which value")
    hint: str = Field(default="", description="what to do next; may be empty")
