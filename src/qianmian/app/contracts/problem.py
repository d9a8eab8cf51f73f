"""What kept something from its end, in one line of words."""

from __future__ import annotations

from qianmian.core.language import Language
from qianmian.core.messages import Message
from qianmian.privacy.masking import mask_text


def problem(reason: Message | None, language: Language) -> str:
    """What is wrong and what to do next, personal values masked; empty if nothing is."""
    return mask_text(f"{reason.what(language)} {reason.hint(language)}".strip()) if reason else ""
