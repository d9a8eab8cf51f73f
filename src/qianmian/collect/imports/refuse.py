"""The rows that do not become anything: counted by reason, shown by example, sealed with their content for replay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from types import MappingProxyType

from qianmian.collect.imports.check import DUPLICATE, SKIPPED, Check, Reason
from qianmian.collect.imports.report import Example, Refusals
from qianmian.collect.imports.shape import Shape
from qianmian.core.messages import Message
from qianmian.lake.connection import Connection
from qianmian.privacy.masking import mask_text
from qianmian.privacy.refused import RefusedRow

_EXAMPLES = 5
_AT_ONCE = 20_000
_SHOWN_CHARACTERS = 80

_DROPPED: Mapping[str, Check] = {
    Reason.SUPPRESSED: Check(Reason.SUPPRESSED, "", Message("want_erased"), ""),
    Reason.ID_CONFLICT: Check(Reason.ID_CONFLICT, "event_id", Message("want_one_content"), ""),
}

Keep = Callable[[Sequence[RefusedRow]], None]


@dataclass
class Tally:
    """What became of the rows that do not stand."""

    duplicates: int = 0
    skipped: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Example]] = field(default_factory=dict)

    def refusals(self) -> tuple[Refusals, ...]:
        """By reason, the commonest first."""
        return tuple(
            Refusals(reason, rows, tuple(self.examples.get(reason, ())))
            for reason, rows in sorted(self.rows.items(), key=lambda found: (-found[1], found[0]))
        )

    def add(self, row: RefusedRow) -> None:
        """Count a refused row, and keep it as an example if it is among the first of its reason."""
        self.rows[row.reason] += 1
        shown = self.examples.setdefault(row.reason, [])
        if len(shown) < _EXAMPLES:
            shown.append(Example(row.position, row.field, row.detail))


def refuse(
    connection: Connection, shape: Shape, stream: str, keep: Keep, dropped: Mapping[str, Check] = MappingProxyType({})
) -> Tally:
    """Count and keep every row that does not stand.

    Args:
        connection: has ``raw``, ``staged`` and ``drops``.
        shape: of the import.
        stream: under which the rows are kept.
        keep: takes them, a bounded number at a time; does nothing in a dry run.
        dropped: more reasons for which rows stand in ``drops``, by what it says there.
    """
    tally = Tally()
    tally.duplicates = _count(connection, f"SELECT count(*) FROM drops WHERE why = '{DUPLICATE}'")
    passed_over = [str(number) for number, check in enumerate(shape.checks) if check.reason == SKIPPED]
    if passed_over:
        query = f"SELECT count(*) FROM staged WHERE verdict IN ({', '.join(passed_over)})"
        tally.skipped = _count(connection, query)
    rows = _refused(connection, shape, stream, passed_over, {**_DROPPED, **dropped})
    while page := list(islice(rows, _AT_ONCE)):
        for row in page:
            tally.add(row)
        keep(page)
    return tally


def _count(connection: Connection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _refused(
    connection: Connection, shape: Shape, stream: str, passed_over: list[str], dropped: Mapping[str, Check]
) -> Iterator[RefusedRow]:
    for lost in shape.raw.unreadable:
        detail = Message("row_unreadable", why=lost.why)
        yield RefusedRow(stream, lost.row, Reason.UNREADABLE, "", detail, lost.body, shape.now)
    not_these = f"AND verdict NOT IN ({', '.join(passed_over)})" if passed_over else ""
    picked = (
        f'SELECT "row", verdict, NULL AS why FROM staged WHERE verdict IS NOT NULL {not_these} '
        f"""UNION ALL SELECT "row", NULL, why FROM drops WHERE why <> '{DUPLICATE}'"""
    )
    if not connection.execute(f"SELECT 1 FROM ({picked}) LIMIT 1").fetchall():
        return  # which is the rule; to plan what follows costs more than a small import
    shown = " ".join(f"WHEN {number} THEN {check.value}" for number, check in enumerate(shape.checks))
    typed = shape.typed('WHERE "row" IN (SELECT "row" FROM picked)', extra=f"{shape.raw.body} AS body")
    query = (
        f"WITH picked AS MATERIALIZED ({picked}) "
        f'SELECT "row", verdict, why, CASE verdict {shown} END AS shown, body '
        f'FROM ({typed}) JOIN picked USING ("row") ORDER BY "row"'
    )
    reader = connection.sql(query, params=shape.words.used_in(query)).to_arrow_reader(_AT_ONCE)
    for batch in reader:
        for number, found, why, value, body in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            check = dropped[why] if found is None else shape.checks[found]
            yield _row(stream, number, check, value, body, shape.now)


def _row(stream: str, number: int, check: Check, value: str | None, body: str, at: datetime) -> RefusedRow:
    detail = Message("row_expected", expected=check.expected)
    if value is not None:
        given = mask_text(value[:_SHOWN_CHARACTERS])
        detail = Message("row_expected_got", expected=check.expected, given=given)
    kept = "" if check.reason == Reason.SUPPRESSED else body
    return RefusedRow(stream, number, str(check.reason), check.field, detail, kept, at)
