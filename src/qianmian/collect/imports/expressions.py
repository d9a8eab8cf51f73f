"""From a declared field to SQL over the view ``raw``: text, instants, numbers and money, empty where unusable."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from qianmian.collect.imports.mapping import (
    Cells,
    Constant,
    Epoch,
    First,
    FromColumn,
    Joined,
    Otherwise,
    Rule,
    Spec,
    Test,
)
from qianmian.collect.imports.read import Raw
from qianmian.collect.imports.sql import Words

_LATEST = 253_402_300_799  # 9999-12-31: beyond, DuckDB's conversion fails instead of giving an empty value
_FLOATS = ("DOUBLE", "FLOAT")
_NESTED = ("STRUCT", "MAP", "LIST")
_BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)"


@dataclass(frozen=True)
class Expressions:
    """Compiles the fields of one mapping.

    Attributes:
        raw: the opened file; its columns are the only names that SQL gets to see.
        words: takes the constants.
        zone: IANA zone of times without offset.
        cells: how the values are written.
        marks: characters that numbers may hold and that say nothing.
    """

    raw: Raw
    words: Words
    zone: str
    cells: Cells = Cells.PLAIN
    marks: str = ""

    def column(self, name: str) -> str:
        """A column as trimmed text; empty text is no value."""
        column = self.raw.columns[name]
        if column.type.endswith("[]") or column.type.startswith(_NESTED):
            return f"to_json({column.sql})::VARCHAR"
        if column.type in _FLOATS:
            # A spreadsheet turned whole numbers into floats: 13085.0 is customer 13085.
            whole = f"{column.sql} = trunc({column.sql}) AND abs({column.sql}) < 1e15"
            return f"CASE WHEN {whole} THEN {column.sql}::BIGINT::VARCHAR ELSE {column.sql}::VARCHAR END"
        text = column.sql if column.type == "VARCHAR" else f"{column.sql}::VARCHAR"
        if self.cells is Cells.PLAIN:
            return f"nullif(trim({text}), '')"
        bare = f"trim({text}, {_BLANKS})"
        formula = f"WHEN starts_with({bare}, '=\"') THEN substr({bare}, 3, length({bare}) - 3)"
        apostrophe = f"WHEN starts_with({bare}, chr(39)) THEN substr({bare}, 2)"
        return f"nullif(trim(CASE {formula} {apostrophe} ELSE {bare} END), '')"

    def numeric(self, text: str) -> str:
        """A text as it reads without the marks that stand in numbers."""
        return f"translate({text}, {self.words.bind(self.marks)}, '')" if self.marks else text

    def text(self, spec: Spec) -> str:
        """The field as text."""
        match spec:
            case Constant(value=value):
                return self.words.bind(value) + "::VARCHAR"
            case FromColumn() if spec.map:
                return self._mapped(spec)
            case FromColumn(column=column):
                return self._part(self.column(column), spec)
            case Joined(columns=columns, join=join):
                parts = ", ".join(self.column(column) for column in columns)
                return f"nullif(concat_ws({self.words.bind(join)}, {parts}), '')"
            case First(specs=specs):
                return f"coalesce({', '.join([*map(self.text, specs), 'NULL::VARCHAR'])})"
            case Rule():
                then, otherwise = self.text(spec.then), self.text(spec.otherwise)
                return f"CASE WHEN {self._asked(spec)} THEN {then} ELSE {otherwise} END"

    def unlisted(self, spec: Spec, otherwise: Otherwise) -> str:
        """SQL that is true where a ``map`` of this kind does not list the value; empty if the field has none."""
        if isinstance(spec, Rule):
            inner = [self.unlisted(branch, otherwise) for branch in (spec.then, spec.otherwise)]
            guards = (self._asked(spec), f"NOT coalesce({self._asked(spec)}, false)")
            return " OR ".join(f"({guard} AND {test})" for guard, test in zip(guards, inner, strict=True) if test)
        if isinstance(spec, First):
            return " OR ".join(f"({test})" for test in (self.unlisted(one, otherwise) for one in spec.specs) if test)
        if not isinstance(spec, FromColumn) or not spec.map or spec.otherwise is not otherwise:
            return ""
        listed = ", ".join(self.words.bind(old) for old, _ in spec.map)
        return f"{self.column(spec.column)} NOT IN ({listed})"

    def instant(self, spec: Spec) -> str:
        """The field as TIMESTAMPTZ."""
        match spec:
            case First(specs=specs):
                return f"coalesce({', '.join([*map(self.instant, specs), 'NULL::TIMESTAMPTZ'])})"
            case Rule():
                then, otherwise = self.instant(spec.then), self.instant(spec.otherwise)
                return f"CASE WHEN {self._asked(spec)} THEN {then} ELSE {otherwise} END"
            case Constant() | Joined():
                return self._iso(self.text(spec))
            case FromColumn():
                return self._from_column(spec)

    def date(self, spec: Spec) -> str:
        """The field as DATE: of an instant, the local date."""
        return f"timezone({self.words.bind(self.zone)}, {self.instant(spec)})::DATE"

    def _from_column(self, spec: FromColumn) -> str:
        column = self.raw.columns[spec.column]
        if spec.epoch is not None:
            return self._since_1970(self.column(spec.column), spec.epoch)
        if column.type == "TIMESTAMP WITH TIME ZONE":
            return column.sql
        if column.type.startswith(("TIMESTAMP", "DATE")):
            return f"timezone({self.words.bind(self.zone)}, {column.sql}::TIMESTAMP)"
        text = self.text(spec)
        if not spec.format:
            return self._iso(text)
        parsed = f"try_strptime({text}, {self.words.bind(spec.format)})"
        return parsed if "%z" in spec.format else f"timezone({self.words.bind(self.zone)}, {parsed})"

    def decimal(self, text: str) -> str:
        """A text as money; more than four decimals are rounded."""
        return f"try_cast({self.numeric(text)} AS DECIMAL(18,4))"

    def number(self, text: str) -> str:
        """A text as a finite number."""
        cast = f"try_cast({self.numeric(text)} AS DOUBLE)"
        return f"CASE WHEN isfinite({cast}) THEN {cast} END"

    def whole(self, text: str) -> str:
        """A text as a whole number; 3.7 is none."""
        cast = f"try_cast({self.numeric(text)} AS DOUBLE)"
        return f"CASE WHEN abs({cast}) < 1e15 AND {cast} = trunc({cast}) THEN {cast}::BIGINT END"

    def flag(self, text: str) -> str:
        """A text as true or false."""
        return f"try_cast({text} AS BOOLEAN)"

    def now(self, instant: datetime) -> str:
        """The instant that was handed in, as SQL."""
        return f"{self.words.bind(instant.astimezone(UTC).isoformat())}::TIMESTAMPTZ"

    def _mapped(self, spec: FromColumn) -> str:
        text = self.column(spec.column)
        cases = " ".join(f"WHEN {self.words.bind(old)} THEN {self.words.bind(new)}" for old, new in spec.map)
        return f"CASE {text} {cases} ELSE {text if spec.otherwise is Otherwise.KEEP else 'NULL'} END"

    def _less(self, text: str, without: tuple[str, ...]) -> str:
        """A JSON object without some of its members."""
        patch = self.words.bind(json.dumps(dict.fromkeys(without), ensure_ascii=False))
        is_object = f"json_valid({text}) AND starts_with({text}, '{{')"
        return f"CASE WHEN {is_object} THEN json_merge_patch({text}, {patch})::VARCHAR ELSE {text} END"

    def _part(self, text: str, spec: FromColumn) -> str:
        """What a field wants of a column: a parameter of a web address, an object without some members, or all."""
        if not spec.parameter:
            return self._less(text, spec.without) if spec.without else text
        pattern = self.words.bind(rf"[?&]{re.escape(spec.parameter)}=([^&#]*)")
        return f"nullif(regexp_extract({text}, {pattern}, 1), '')"

    def _asked(self, rule: Rule) -> str:
        text = self.column(rule.column)
        against = self.words.bind(rule.against)
        match rule.test:
            case Test.STARTS_WITH:
                return f"starts_with({text}, {against})"
            case Test.EQUALS:
                return f"{text} = {against}"
            case Test.BELOW:
                return f"try_cast({text} AS DOUBLE) < {against}::DOUBLE"
            case Test.ABOVE:
                return f"try_cast({text} AS DOUBLE) > {against}::DOUBLE"
            case Test.EMPTY:
                return f"({text} IS NULL) = ({against} IN ('true', 'True', 'yes', '1'))"

    def _iso(self, text: str) -> str:
        # A plain cast to TIMESTAMP drops an offset without a word, so the two shapes part here. An offset can only
        # begin at the 14th character (2026-01-01T00+08); a date alone has no such place.
        tail = f"substr({text}, 14)"
        offset = f"(suffix({tail}, 'Z') OR contains({tail}, '+') OR contains({tail}, '-'))"
        local = f"timezone({self.words.bind(self.zone)}, try_cast({text} AS TIMESTAMP))"
        return f"CASE WHEN {offset} THEN try_cast({text} AS TIMESTAMPTZ) ELSE {local} END"

    def _since_1970(self, text: str, epoch: Epoch) -> str:
        unit = 1 if epoch is Epoch.SECONDS else 1000
        seconds = f"try_cast({text} AS DOUBLE) / {unit}"
        return f"CASE WHEN abs({seconds}) <= {_LATEST} THEN make_timestamptz(({seconds} * 1e6)::BIGINT) END"


def pairs(text: str) -> str:
    """SQL: a text such as ``颜色:红;尺码:M``, as shops write attributes, as a JSON object; any other as it is."""
    listed = f"list_filter(string_split_regex({text}, '[;；]'), lambda part: trim(part) <> '')"
    both = "string_split_regex(part, '[:：]')"
    named = f"list_transform({listed}, lambda part: json_object(trim({both}[1]), trim(part[length({both}[1]) + 2:])))"
    merged = f"list_reduce(list_prepend('{{}}'::JSON, {named}), lambda one, other: json_merge_patch(one, other))"
    is_pairs = f"regexp_full_match({text}, '[^{{\\[:：;；]+[:：][^;；]*([;；]\\s*([^:：;；]+[:：][^;；]*)?)*')"
    return f"CASE WHEN {is_pairs} THEN {merged}::VARCHAR ELSE {text} END"
