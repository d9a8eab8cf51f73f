"""What is wrong with a row: named checks, tried in order; the first that applies refuses the row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qianmian.core.messages import Message


class Reason(StrEnum):
    """Machine names of the reasons for which a row is refused."""

    UNREADABLE = "unreadable"  # ragged, too long, or not in the encoding
    BAD_JSON = "bad_json"
    UNKNOWN_NAME = "unknown_name"  # a value that the map does not list
    MISSING = "missing"
    BAD_TIME = "bad_time"
    BAD_NUMBER = "bad_number"
    BAD_KIND = "bad_kind"
    BAD_CURRENCY = "bad_currency"
    BAD_FLAG = "bad_flag"
    BAD_ADDRESS = "bad_address"  # no web address that a picture can be at
    BAD_PRODUCTS = "bad_products"
    CLOCK_SUSPECT = "clock_suspect"
    SUPPRESSED = "suppressed"  # the person was erased; such a row is counted, its content is not kept
    PERSONAL_DATA = "personal_data"  # found where nobody declared it, in a source that refuses it
    ID_CONFLICT = "id_conflict"  # the id stood before with another content
    # What the tracking plan says, where its mode keeps deviating events apart:
    UNPLANNED_EVENT = "unplanned_event"
    UNPLANNED_PROPERTY = "unplanned_property"
    MISSING_PROPERTY = "missing_property"
    WRONG_TYPE = "wrong_type"
    WRONG_VALUE = "wrong_value"


#: A row that the mapping says to pass over; not refused.
SKIPPED = "skipped"
#: A row that was here before; not refused.
DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Check:
    """One way in which a row can be wrong.

    Attributes:
        reason: a `Reason`, or `SKIPPED`.
        field: the field or column, as the mapping names it.
        expected: what should have been there.
        wrong: SQL condition over the typed row.
        value: SQL of the text that is shown, masked, with the refusal.
    """

    reason: str
    field: str
    expected: Message
    wrong: str
    value: str = "NULL"


def verdict(checks: list[Check]) -> str:
    """SQL of the number of the first check that refuses the row; empty if it is sound.

    >>> verdict([Check("missing", "name", Message("want_value"), "name IS NULL")])
    'CASE WHEN name IS NULL THEN 0 END::UTINYINT'
    """
    cases = " ".join(f"WHEN {check.wrong} THEN {number}" for number, check in enumerate(checks))
    return f"CASE {cases} END::UTINYINT" if cases else "NULL::UTINYINT"


def unusable(name: str) -> str:
    """SQL: a text was given and is not of the field's type."""
    return f"told_{name} IS NOT NULL AND {name} IS NULL"
