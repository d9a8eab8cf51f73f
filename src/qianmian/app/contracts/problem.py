"""What kept something from its end, in one line of words."""

from __future__ import annotations

from qianmian.core.language import Language
from qianmian.core.messages import Message
from qianmian.privacy.masking import mask_text

_JOINT = {Language.ZH: "；", Language.EN: "; "}


def problem(reason: Message | None, language: Language) -> str:
    """What is wrong and what to do next, personal values masked; empty if nothing is.

    >>> problem(Message("folder_gone", path="till"), Language.EN)[:48]
    "'till' is not there, or no folder; make it below"
    """
    if reason is None:
        return ""
    parts = (reason.what(language).rstrip(".。"), reason.hint(language))
    return mask_text(_JOINT[language].join(part for part in parts if part))
