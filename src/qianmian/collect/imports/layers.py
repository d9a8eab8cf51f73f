"""The layers of SQL in which rows become typed, and how a single declared field is typed and checked in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qianmian.collect.imports.check import SKIPPED, Check, Reason, unusable
from qianmian.collect.imports.expressions import Expressions
from qianmian.collect.imports.mapping import (
    CONTEXT_FIELDS,
    EVENT_FIELDS,
    ITEM_FIELDS,
    FromColumn,
    Mapping,
    Otherwise,
    Spec,
)
from qianmian.collect.imports.read import Raw
from qianmian.collect.imports.sql import Words
from qianmian.collect.tables import CONTEXT, EVENTS, ITEMS
from qianmian.core.messages import Message
from qianmian.core.tables import Type

#: No user name before the host, and nothing that ends an attribute of a page.
_PICTURE = r"""(?i)https?://[^\s/?#@\[\]"''<>\\]+([/?#][^\s"''<>\\]*)?"""
_LONGEST_ADDRESS = 2_000
_TIMES = ("occurred_at", "client_at", "sent_at", "received_at", "valid_from")
_DATES = ("first_on", "last_on")


@dataclass
class Layers:
    """What each column is made of.

    Attributes:
        columns: column → SQL over ``raw``.
        parsed: column → SQL over ``columns``: what costs a parse, done once though several columns need it.
        derived: column → SQL over both.
        hidden: column → SQL over all of these: what of them may be stored.
        checks: in the order in which they are tried, over all of these.
    """

    mapping: Mapping
    raw: Raw
    words: Words
    zone: str
    now: datetime
    columns: dict[str, str] = field(default_factory=dict, kw_only=True)
    parsed: dict[str, str] = field(default_factory=dict, kw_only=True)
    derived: dict[str, str] = field(default_factory=dict, kw_only=True)
    hidden: dict[str, str] = field(default_factory=dict, kw_only=True)
    checks: list[Check] = field(default_factory=list, kw_only=True)

    def __post_init__(self) -> None:
        self._sql = Expressions(self.raw, self.words, self.zone, self.mapping.cells, self.mapping.marks)

    def typed(self, where: str = "", extra: str = "") -> str:
        """The typed layer as a SELECT, of all rows or of those that a condition picks, with one more column or not."""
        base = f"SELECT {_listed(self.columns)}{f', {extra}' if extra else ''} FROM raw {where}"
        for layer in (self.parsed, self.derived, self.hidden):
            base = f"SELECT *{f', {_listed(layer)}' if layer else ''} FROM ({base})"
        return base

    def _fields(self, names: tuple[str, ...]) -> None:
        for name in names:
            spec = self.mapping.fields.get(name)
            if spec is None:
                self.columns[name] = f"NULL::{_type(name)}"
            else:
                self._field(name, spec)

    def _field(self, name: str, spec: Spec) -> None:
        self._unlisted(name, spec)
        sql = self._sql
        if name in _TIMES:
            self.columns[f"told_{name}"] = sql.text(spec)
            self.columns[name] = sql.instant(spec)
            self.checks.append(Check(Reason.BAD_TIME, f"{name}", Message("want_time"), unusable(name), f"told_{name}"))
            return
        if name in _DATES:
            self.columns[f"told_{name}"] = sql.text(spec)
            self.columns[name] = sql.date(spec)
            self.checks.append(Check(Reason.BAD_TIME, name, Message("type_date"), unusable(name), f"told_{name}"))
            return
        self.columns[name] = sql.text(spec)
        if name in ("total", "price", "cost"):
            self._typed(name, sql.decimal(self.columns[name]), Reason.BAD_NUMBER, "type_number")
        elif name == "stock":
            self._typed(name, sql.whole(self.columns[name]), Reason.BAD_NUMBER, "type_number")
        elif name == "currency":
            wrong = "NOT regexp_full_match(currency, '[A-Z]{3}')"
            self.checks.append(Check(Reason.BAD_CURRENCY, name, Message("want_currency"), wrong, name))
        elif name == "is_delisted":
            self._typed(name, sql.flag(self.columns[name]), Reason.BAD_FLAG, "type_flag")
        elif name == "image_url":
            wrong = f"NOT regexp_full_match(image_url, '{_PICTURE}') OR length(image_url) > {_LONGEST_ADDRESS}"
            self.checks.append(Check(Reason.BAD_ADDRESS, name, Message("want_picture"), wrong, name))

    def _typed(self, name: str, typed: str, reason: Reason, expected: str) -> None:
        self.columns[f"told_{name}"] = self.columns[name]
        self.columns[name] = typed
        self.checks.append(Check(reason, name, Message(expected), unusable(name), f"told_{name}"))

    def _unlisted(self, name: str, spec: Spec) -> None:
        for otherwise, reason in ((Otherwise.SKIP, SKIPPED), (Otherwise.REFUSE, Reason.UNKNOWN_NAME)):
            if test := self._sql.unlisted(spec, otherwise):
                flag = f"{reason}_{name}"
                self.columns[flag] = test
                shown = self._sql.column(spec.column) if isinstance(spec, FromColumn) else "NULL::VARCHAR"
                self.columns[f"{flag}_text"] = shown
                self.checks.append(Check(reason, name, Message("want_listed"), flag, f"{flag}_text"))

    def _missing(self, name: str) -> None:
        told = f"told_{name}" if f"told_{name}" in self.columns else name
        self.checks.append(Check(Reason.MISSING, name, Message("want_value"), f"{told} IS NULL"))


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(f"{sql} AS {name}" for name, sql in columns.items())


def _type(name: str) -> str:
    if name == "user_agent":  # no column: it is looked at, never kept
        return Type.TEXT.sql
    tables = ((EVENT_FIELDS, EVENTS), (ITEM_FIELDS, ITEMS), (CONTEXT_FIELDS, CONTEXT))
    return next(table for fields, table in tables if name in fields).column(name).type.sql
