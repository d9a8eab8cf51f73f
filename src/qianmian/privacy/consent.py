"""Consent as an event states it: the purposes that the person agreed to."""

from __future__ import annotations

from collections.abc import Collection

from qianmian.core.errors import InputError


def parse_consent(text: str | None, purposes: Collection[str]) -> frozenset[str] | None:
    """The purposes agreed to; None if the event does not state any.

    Args:
        text: names separated by commas, such as ``operate,analyse``; ``none`` = agreed to nothing.
        purposes: the registered ones.

    Raises:
        InputError: a name is not among the registered purposes.

    >>> sorted(parse_consent("analyse, operate", {"operate", "analyse"}))
    ['analyse', 'operate']
    >>> parse_consent("none", {"operate"}), parse_consent("", {"operate"})
    (frozenset(), None)
    """
    names = frozenset(name for part in (text or "").split(",") if (name := part.strip().casefold()))
    if not names:
        return None
    agreed = names - {"none"}
    unknown = sorted(agreed - set(purposes))
    if unknown:
        raise InputError(
            f"consent names a purpose that is not registered: {unknown[0][:60]!r}.",
            hint=f"registered purposes: {', '.join(sorted(purposes))}",
        )
    return agreed


def consent_text(agreed: Collection[str] | None) -> str:
    """The column text of a consent, in the order of the names: the inverse of `parse_consent`.

    >>> consent_text({"operate", "analyse"}), consent_text(()), consent_text(None)
    ('analyse,operate', 'none', '')
    """
    if agreed is None:
        return ""
    return ",".join(sorted(agreed)) or "none"
