"""What is on sale: categories, brands, items with list prices, and the price bands of each category."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from qianmian.world.calendar import SECOND, midnight
from qianmian.world.plan import WorldPlan
from qianmian.world.trace import Integers

BANDS = ("low", "mid", "high")
BRANDS_A_CATEGORY = 3
CELLS_A_CATEGORY = BRANDS_A_CATEGORY * len(BANDS)


@dataclass(frozen=True)
class Category:
    """A category of goods.

    Attributes:
        name: name at the beginning of the window.
        later: name at its end; differs if the shop renamed the category.
        brands: the three brands that the shop sells in it.
        prices: lowest, median and highest list price in yuan.
        share: share of the demand.
        things: what an item can be.
    """

    name: str
    later: str
    brands: tuple[str, str, str]
    prices: tuple[float, float, float]
    share: float
    things: tuple[str, ...]


HOUSE_BRAND = "拾野优选"
CATEGORIES = (
    Category("美妆个护", "美妆个护", ("棠杳", "皙木记", "雾屿集"), (39, 89, 399), 0.22,
             ("口红", "精华液", "面霜", "洁面乳", "防晒霜", "眼影盘", "护手霜", "洗发水")),
    Category("零食生鲜", "零食生鲜", ("禾拾光", "山坳里", HOUSE_BRAND), (9.9, 29.9, 99), 0.2,
             ("坚果礼盒", "冻干草莓", "猕猴桃", "小酥肉", "酸奶块", "牛肉干", "百香果", "手工面")),
    Category("家居百货", "家居生活", ("一屋白", "匀器", HOUSE_BRAND), (19, 49, 299), 0.15,
             ("收纳箱", "四件套", "马克杯", "香薰蜡烛", "浴巾", "台灯", "砧板", "地垫")),
    Category("服饰", "服饰", ("缓行衣", "逆光廿四", HOUSE_BRAND), (59, 139, 599), 0.15,
             ("卫衣", "牛仔裤", "针织开衫", "风衣", "连衣裙", "羊毛衫", "运动鞋", "帆布包")),
    Category("母婴", "母婴", ("芽团子", "絮果屋", HOUSE_BRAND), (29, 99, 499), 0.09,
             ("纸尿裤", "婴儿湿巾", "安抚玩偶", "辅食碗", "连体衣", "绘本套装", "保温杯", "推车")),
    Category("露营户外", "户外露营", ("野径十二", "岭上驿", HOUSE_BRAND), (49, 189, 1299), 0.06,
             ("天幕", "折叠椅", "帐篷", "睡袋", "露营灯", "登山杖", "卡式炉", "冲锋衣")),
    Category("宠物", "宠物", ("爪爪研究所", "毛团巷", HOUSE_BRAND), (19, 69, 299), 0.07,
             ("猫粮", "猫砂", "冻干零食", "狗窝", "逗猫棒", "牵引绳", "自动饮水机", "猫抓板")),
    Category("小家电", "小家电", ("沸点几何", "壹格电", HOUSE_BRAND), (99, 239, 899), 0.06,
             ("破壁机", "空气炸锅", "养生壶", "加湿器", "筋膜枪", "电饭煲", "吹风机", "咖啡机")),
)  # fmt: skip
CATEGORY_NAMES = tuple(category.later for category in CATEGORIES)
BRAND_NAMES = tuple(brand for category in CATEGORIES for brand in category.brands)
CLOTHES = 3
_STYLES = ("经典款", "轻享装", "旅行装", "礼盒装", "升级版", "联名款", "加厚款", "家庭装", "入门款", "限定色")


@dataclass(frozen=True)
class Goods:
    """All items, sorted by category, brand and price band.

    Attributes:
        category: position in `CATEGORIES`.
        brand: position among the category's brands.
        band: position in `BANDS`.
        cents: list price.
        titles: name of each item.
        stock: pieces in stock.
        cell_start: first item of each (category, brand, band).
        cell_size: number of items of each.
    """

    category: Integers
    brand: Integers
    band: Integers
    cents: Integers
    titles: tuple[str, ...]
    stock: Integers
    cell_start: Integers
    cell_size: Integers


def price_bands(cents: Integers) -> Integers:
    """Band of each list price within its category: low, mid or high third of the category's items.

    A price at a third's border belongs to the lower band, so equal prices are always in one band.
    """
    ordered = np.sort(cents)
    borders = ordered[[len(ordered) // 3 - 1, 2 * len(ordered) // 3 - 1]]
    bands: Integers = np.searchsorted(borders, cents, side="left").astype(np.int8)
    return bands


def make_goods(plan: WorldPlan) -> Goods:
    """The items of a plan."""
    random = np.random.default_rng([plan.seed, 0xC0FFEE])
    each = plan.items // len(CATEGORIES)
    category = np.repeat(np.arange(len(CATEGORIES), dtype=np.int8), each)
    cents = np.concatenate([_list_prices(random, kind, each) for kind in CATEGORIES])
    band = np.concatenate([price_bands(part) for part in cents.reshape(-1, each)])
    brand = np.zeros(len(category), np.int8)
    for kind in range(len(CATEGORIES)):  # deal the items of a band out, so that no brand lacks a band
        for third in range(len(BANDS)):
            mine = np.flatnonzero((category == kind) & (band == third))
            brand[mine] = np.arange(len(mine)) % BRANDS_A_CATEGORY
    cell = (category.astype(int) * BRANDS_A_CATEGORY + brand) * len(BANDS) + band
    order = np.argsort(cell, kind="stable")
    size = np.bincount(cell, minlength=len(CATEGORIES) * CELLS_A_CATEGORY)
    category, brand = category[order], brand[order]
    return Goods(
        category=category,
        brand=brand,
        band=band[order],
        cents=cents[order],
        titles=_titles(random, category, brand),
        stock=random.integers(0, 2_000, len(category)),
        cell_start=np.cumsum(size) - size,
        cell_size=size,
    )


def pick(random: np.random.Generator, goods: Goods, cell: Integers) -> Integers:
    """An item of each (category, brand, band); the first of a cell are the popular ones."""
    depth = random.random(len(cell)) ** 2
    items: Integers = (goods.cell_start[cell] + (depth * goods.cell_size[cell]).astype(np.int64)).astype(np.int32)
    return items


def item_id(item: int) -> str:
    """The shop's number of an item."""
    return f"sku-{item + 1:05d}"


def write_goods(goods: Goods, plan: WorldPlan, file: Path) -> None:
    """Write ``goods.csv``: one row an item and period of validity; renamed categories start a second period."""
    random = np.random.default_rng([plan.seed, 0xBEEF])
    opened = midnight(plan.first_on - timedelta(days=plan.history_days))
    renamed = midnight(plan.first_on + timedelta(days=plan.days // 2))
    cost_share = random.uniform(0.35, 0.6, len(goods.cents))
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("item_id", "valid_from", "title", "category", "brand", "price", "cost", "stock"))
        for item, title in enumerate(goods.titles):
            category = CATEGORIES[goods.category[item]]
            cents, cost = int(goods.cents[item]), int(goods.cents[item] * cost_share[item])
            facts = (category.brands[goods.brand[item]], f"{cents / 100:.2f}", f"{cost / 100:.2f}", goods.stock[item])
            rows.writerow((item_id(item), _instant(opened), title, category.name, *facts))
            if category.later != category.name:
                rows.writerow((item_id(item), _instant(renamed), title, category.later, *facts))


def _instant(at: int) -> str:
    return datetime.fromtimestamp(at // SECOND, UTC).isoformat().replace("+00:00", "Z")


def _list_prices(random: np.random.Generator, category: Category, count: int) -> Integers:
    low, median, high = category.prices
    yuan = np.floor(np.clip(median * np.exp(random.normal(0, 0.55, count)), low, high - 1))
    cents: Integers = yuan.astype(np.int64) * 100 + 90  # prices end in .9
    return np.sort(cents)


def _titles(random: np.random.Generator, category: Integers, brand: Integers) -> tuple[str, ...]:
    thing, style = random.integers(0, 8, len(category)), random.integers(0, len(_STYLES), len(category))
    return tuple(
        f"{CATEGORIES[kind].brands[maker]} {CATEGORIES[kind].things[what]} {_STYLES[how]}"
        for kind, maker, what, how in zip(category, brand, thing, style, strict=True)
    )
