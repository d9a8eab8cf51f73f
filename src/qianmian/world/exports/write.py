"""Write a generated world as the exports of all platforms."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from qianmian.world.exports import crm, douyin, jd, kuaishou, pinduoduo, taobao, wechat, wecom, weibo, xiaohongshu
from qianmian.world.exports.catalogue import CATALOGUE, read_goods
from qianmian.world.exports.part import Persons, read_part
from qianmian.world.exports.shape import Shape, writing

SHAPES: tuple[Shape, ...] = tuple(
    shape
    for platform in (taobao, jd, pinduoduo, weibo, wechat, wecom, douyin, kuaishou, xiaohongshu, crm)
    for shape in platform.SHAPES
)


def write_exports(world: Path, folder: Path) -> dict[str, int]:
    """Write every shape, a folder a platform.

    Args:
        world: folder of the generated world.
        folder: where to; made if missing, files of the same names are replaced.

    Returns:
        Number of rows of each file, by its path in the folder.
    """
    goods = read_goods(world / "goods.csv")
    by_item = {row["item_id"]: row for row in goods}
    persons = Persons(world)
    count = {f"{shape.platform}/{shape.file}": 0 for shape in (*SHAPES, CATALOGUE)}
    with ExitStack() as stack:
        takes = {shape.file + shape.platform: stack.enter_context(writing(shape, folder)) for shape in SHAPES}
        stack.enter_context(writing(CATALOGUE, folder))(goods)
        count[f"{CATALOGUE.platform}/{CATALOGUE.file}"] = len(goods)
        for file in sorted((world / "events").glob("part-*.parquet")):
            part = read_part(file, persons, by_item)
            for shape in SHAPES:
                rows = shape.rows(part)
                takes[shape.file + shape.platform](rows)
                count[f"{shape.platform}/{shape.file}"] += len(rows)
    return count
