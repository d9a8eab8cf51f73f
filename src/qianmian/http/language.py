"""The language of an answer: the one that the request asks for."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from qianmian.core.language import Language

_MOST = 200  # characters of the header that are looked at


def spoken(request: HTTPConnection) -> Language:
    """The first of our languages that ``Accept-Language`` names, by its weights; English if it names none."""
    return preferred(request.headers.get("accept-language", ""))


def preferred(accepted: str) -> Language:
    """The language that a header prefers.

    >>> preferred("fr;q=1, zh-TW;q=0.8, en;q=0.5"), preferred("*")
    (<Language.ZH: 'zh-CN'>, <Language.EN: 'en'>)
    """
    ranked = sorted(map(_weighted, accepted[:_MOST].split(",")), key=lambda one: -one[1])
    known = (_OURS[tag] for tag, weight in ranked if tag in _OURS and weight > 0)
    return next(known, Language.EN)


_OURS = {language.value.partition("-")[0]: language for language in Language}


def _weighted(range_: str) -> tuple[str, float]:
    tag, _, weight = range_.partition(";q=")
    try:
        return tag.strip().lower().partition("-")[0], float(weight or 1)
    except ValueError:
        return "", 0.0
