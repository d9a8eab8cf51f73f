"""How a column of an export is filled from a row: small expressions, put together by the shapes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import Decimal
from typing import Any

import numpy as np

from qianmian.world.exports.part import Row
from qianmian.world.glyphs import hexes, scramble

#: The value of a column, of a row.
Expression = Callable[[Row], Any]
NICKNAMES = (
    *(
        "小鹿不吃草",
        "城南李姐团长",
        "momo",
        "半糖去冰",
        "一只阿呆",
        "今天也没睡够",
        "豆豆妈",
        "山有木兮",
        "爱吃土豆",
        "风吹麦浪",
    ),
    *("晚风", "橘子汽水", "慢慢", "阿泽", "是七七呀", "栗子馒头", "熬夜冠军", "一颗海盐", "西瓜味的夏天", "追风的人"),
)


def take(name: str, otherwise: str = "") -> Expression:
    """A value of the row as text."""
    return lambda row: otherwise if row.get(name) is None else str(row[name])


def value(name: str) -> Expression:
    """A value of the row as it is, for JSON."""
    return lambda row: row.get(name)


def always(what: Any) -> Expression:
    """The same in every row."""
    return lambda row: what


def local(name: str, form: str = "%Y-%m-%d %H:%M:%S") -> Expression:
    """An instant in Chinese time; empty if there is none."""
    return lambda row: row[name].strftime(form) if row.get(name) else ""


def epoch(name: str, per_second: int = 1) -> Expression:
    """An instant as seconds (or parts of them) since 1970."""
    return lambda row: int(row[name].astimezone(UTC).timestamp() * per_second)


def yuan(name: str, form: str = "{:.2f}") -> Expression:
    """Money in yuan."""
    return lambda row: form.format(row.get(name) or Decimal())


def words(name: str, listed: Mapping[str, str]) -> Expression:
    """A state in the platform's words; what is not listed stays as it is."""
    return lambda row: listed.get(row.get(name, ""), row.get(name, ""))


def of(name: str, inside: Expression) -> Expression:
    """An expression over a row inside of the row."""
    return lambda row: inside(row[name])


def as_formula(inside: Expression) -> Expression:
    """A number as ``="…"``, so that Excel leaves it alone."""
    return lambda row: f'="{inside(row)}"'


def behind_tab(inside: Expression) -> Expression:
    """A number behind a tab, so that Excel leaves it alone."""
    return lambda row: f"\t{inside(row)}"


def behind_apostrophe(inside: Expression) -> Expression:
    """A number behind an apostrophe, so that Excel leaves it alone."""
    return lambda row: f"'{inside(row)}" if inside(row) else ""


def masked_phone(name: str) -> Expression:
    """A phone as platforms show it: 138****8000."""
    return lambda row: f"{row[name][:3]}****{row[name][-4:]}" if row.get(name) else ""


def masked_name(row: Row) -> str:
    """A receiver's name as platforms show it."""
    return f"{'李王张刘陈杨赵黄周吴'[row['person'] % 10]}**"


def account(platform: str, letters: int = 16) -> Expression:
    """The account of the row's person on a platform: the same in every file, and nobody else's."""
    salt = zlib.crc32(platform.encode())
    return lambda row: hexes(scramble(np.array([row["person"]]), salt)).tobytes().decode()[:letters]


def number(platform: str) -> Expression:
    """The account of the row's person on a platform that numbers its people."""
    return lambda row: str(1_000_000_000 + (row["person"] * 7_919 + zlib.crc32(platform.encode())) % 6_000_000_000)


def nickname(row: Row) -> str:
    """What the row's person is called; many are called the same."""
    name = NICKNAMES[row["person"] % len(NICKNAMES)]
    return name if row["person"] % 3 else f"{name}{row['person'] % 97}"


def place(index: int) -> Expression:
    """Province (0) or city (1) of the row's region."""
    return lambda row: f"{row.get('region') or ''}/".split("/")[index]
