"""What the small steps before an import make of a few rows."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from examples.group_buy.convert import write_events
from examples.online_retail.goods import family, gather_goods


def test_a_group_becomes_who_opened_who_joined_and_whether_it_filled(tmp_path: Path) -> None:
    for name, text in (("tune.txt.gz", "7\t50\t0\t9\n"), ("invalid.txt.gz", "8\t51\n")):
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
    assert write_events(tmp_path, tmp_path / "events.csv") == 5
    with (tmp_path / "events.csv").open(newline="") as rows:
        told = [tuple(row.values()) for row in csv.DictReader(rows)]
    assert told == [
        ("tune-1-opened", "Group Buy Opened", "bb-7", "tune-1", "50"),
        ("tune-1-joined-1", "Group Buy Joined", "bb-0", "tune-1", "50"),
        ("tune-1-joined-2", "Group Buy Joined", "bb-9", "tune-1", "50"),
        ("tune-1-filled", "Group Buy Filled", "bb-7", "tune-1", "50"),
        ("invalid-1-opened", "Group Buy Opened", "bb-8", "invalid-1", "51"),
    ]


def test_goods_are_gathered_with_their_commonest_title_and_price(tmp_path: Path) -> None:
    codes = ["85099B", "85099B ", "85099B", "85099C", "POST"]
    titles = ["BAG RED", "BAG RED", None, "BAG BLACK", "POSTAGE"]
    table = pa.table({"StockCode": codes, "Description": titles, "Price": [1.95, 1.95, 0.0, 2.1, 18.0]})
    pq.write_table(table, tmp_path / "invoices.parquet")
    assert gather_goods(tmp_path / "invoices.parquet", tmp_path / "goods.csv") == {"85099": "BAG RED", "": "POSTAGE"}
    assert (tmp_path / "goods.csv").read_text().splitlines()[1:] == [
        "85099B,BAG RED,85099,1.95",
        "85099C,BAG BLACK,85099,2.1",
        "POST,POSTAGE,,18.0",
    ]


def test_a_family_is_the_digits_that_colours_share() -> None:
    assert (family("85099B"), family("gift_0001_20")) == ("85099", "")
