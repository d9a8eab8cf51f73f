"""What becomes of raw identifiers and the like that the scan finds where nobody declared them."""

from __future__ import annotations

from enum import StrEnum

from qianmian.collect.imports.check import Check, Reason
from qianmian.core.messages import Message
from qianmian.lake.connection import Connection


class PersonalData(StrEnum):
    """What becomes of them; none of them ever reaches the lake as it came."""

    MASK = "mask"  # a placeholder takes the place of each
    DROP = "drop"  # a property that holds one is left out; in other fields it is masked
    REFUSE = "refuse"  # the event is refused and kept, sealed


#: Why a refused event does not stand, by what ``drops`` says of it.
REFUSED = {Reason.PERSONAL_DATA: Check(Reason.PERSONAL_DATA, "properties", Message("want_no_personal_data"), "")}


def left_out_sql(told: str, masked: str) -> str:
    """SQL of the JSON object ``masked`` without the members that differ from those of ``told``."""
    path = "'/' || replace(replace(k, '~', '~0'), '/', '~1')"
    changed = (
        f"list_filter(json_keys({masked}), "
        f"lambda k: json_extract({masked}, {path}) IS DISTINCT FROM json_extract({told}, {path}))"
    )
    nulls = f"array_to_string(list_transform({changed}, lambda k: to_json(k)::VARCHAR || ':null'), ',')"
    left = f"nullif(json_merge_patch({masked}, '{{' || {nulls} || '}}')::VARCHAR, '{{}}')"
    return f"CASE WHEN {told} IS DISTINCT FROM {masked} THEN {left} ELSE {masked} END"


def refuse_found(connection: Connection) -> None:
    """Note in ``drops`` the rows in which something was found."""
    connection.execute(
        f"""INSERT INTO drops SELECT "row", '{Reason.PERSONAL_DATA}', day FROM staged
        WHERE masked AND verdict IS NULL AND "row" NOT IN (SELECT "row" FROM drops)"""
    )
