"""商品库: the goods catalogue as a workbook, one row a SKU and period of validity, with SPU, attributes and pictures.

Assumed: the heads are common ones of shop systems.
"""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from qianmian.world.exports.columns import local, take
from qianmian.world.exports.part import ZONE, Row
from qianmian.world.exports.shape import Shape

_PICTURES = "https://img.example.com"


def read_goods(file: Path) -> list[Row]:
    """The rows of a world's ``goods.csv``."""
    with file.open(encoding="utf-8", newline="") as opened:
        return [
            row | {"since": datetime.fromisoformat(row["valid_from"]).astimezone(ZONE)}
            for row in csv.DictReader(opened)
        ]


CATALOGUE = Shape(
    platform="goods",
    file="商品库.xlsx",
    rows=lambda part: list(part.goods.values()),
    columns={
        "SPU编码": take("spu"),
        "SKU编码": take("item_id"),
        "商品名称": take("title"),
        "类目": take("category"),
        "品牌": take("brand"),
        "规格属性": take("attributes"),
        "吊牌价": lambda row: f"¥{float(row['price']):,.2f}",
        "成本价": lambda row: float(row["cost"]),
        "库存": lambda row: int(row["stock"]),
        "主图": lambda row: f"{_PICTURES}/{row['item_id']}/1.jpg",
        "详情图": lambda row: ";".join(f"{_PICTURES}/{row['item_id']}/{number}.jpg" for number in (2, 3)),
        "生效时间": local("since"),
    },
)
