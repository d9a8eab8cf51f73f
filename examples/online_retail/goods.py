"""The goods of the shop, gathered from its invoices, since the data has no list of them.

There are no categories either. What comes nearest is the *family*: the five digits that begin a StockCode, shared by
one design in its colours (85099B and 85099C are one jumbo bag, red and black). Postage, fees and vouchers
have no such digits and no family. A title and a price are the commonest that the invoices show.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pyarrow.parquet as pq

COLUMNS = ("item_id", "title", "family", "price")
_Value = TypeVar("_Value", str, float)
_FAMILY = re.compile(r"[0-9]{5}")


def family(stock_code: str) -> str:
    """The digits that a design's colours share; empty for what is no product.

    >>> family("85099B"), family("POST")
    ('85099', '')
    """
    found = _FAMILY.match(stock_code)
    return found[0] if found else ""


def gather_goods(invoices: Path, file: Path) -> dict[str, str]:
    """Write the goods as CSV.

    Args:
        invoices: the Parquet file of invoice lines.
        file: the CSV file to write.

    Returns:
        For each family, the title of its best-selling item.
    """
    lines = pq.read_table(invoices, columns=["StockCode", "Description", "Price"]).to_pydict()
    codes = [code.strip() for code in lines["StockCode"]]
    titles: dict[str, str] = _commonest(codes, lines["Description"])
    prices = _commonest(codes, (price if price > 0 else None for price in lines["Price"]))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for code in sorted(set(codes)):
            writer.writerow((code, titles.get(code, ""), family(code), prices.get(code, "")))
    best = _commonest(map(family, codes), codes)
    return {group: titles.get(code, code) for group, code in best.items()}


def _commonest(keys: Iterable[str], values: Iterable[_Value | None]) -> dict[str, _Value]:
    """For each key, the value that stands beside it most often; empty values do not count."""
    counted: defaultdict[str, Counter[_Value]] = defaultdict(Counter)
    for key, value in zip(keys, values, strict=True):
        if value is not None:
            counted[key][value] += 1
    return {key: values.most_common(1)[0][0] for key, values in counted.items()}
