"""What every contract is made of, and the one that tells an error."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from qianmian.core.language import Language
from qianmian.core.messages import Message
from qianmian.privacy.masking import mask_text


def _in_words(value: object, told: ValidationInfo) -> object:
    return value.what(Language(str(told.context))) if isinstance(value, Message) else value


#: A message in the language that the reader asked for: the context of the validation.
Words = Annotated[str, BeforeValidator(_in_words)]

Value = bool | int | float | Decimal | datetime | date | str | None


class Contract(BaseModel):
    """A value that crosses a door; it is never changed."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class ErrorTold(Contract):
    """What went wrong, without personal values."""

    code: str = Field(description="stable machine name of the kind of error")
    message: str = Field(description="stable machine name of what is told")
    what: str = Field(description="what happened, with which value")
    hint: str = Field(default="", description="what to do next; may be empty")
    line: int | None = Field(
        default=None, description="line of the text that was handed in, from 1; left out if there is none"
    )
    key: str | None = Field(
        default=None, description="dotted key of the declaration that it is about; left out if there is none"
    )

    @classmethod
    def of(cls, code: str, message: Message, language: Language) -> ErrorTold:
        """The message in words, personal values masked."""
        what, hint = mask_text(message.what(language)), mask_text(message.hint(language))
        place = message.values.get("file")
        line = place.values.get("line") if isinstance(place, Message) else None
        key = mask_text(str(message.values["key"])) if place and "key" in message.values else None
        return cls(code=code, message=message.name, what=what, hint=hint, line=line, key=key)
