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
THINGS = 8
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
        things: what an item can be, the cheap ones first.
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
             ("护手霜", "洁面乳", "洗发水", "口红", "防晒霜", "面霜", "眼影盘", "精华液")),
    Category("零食生鲜", "零食生鲜", ("禾拾光", "山坳里", HOUSE_BRAND), (9.9, 29.9, 99), 0.2,
             ("酸奶块", "手工面", "小酥肉", "百香果", "冻干草莓", "猕猴桃", "牛肉干", "坚果礼盒")),
    Category("家居百货", "家居生活", ("一屋白", "匀器", HOUSE_BRAND), (19, 49, 299), 0.15,
             ("马克杯", "地垫", "浴巾", "收纳箱", "砧板", "香薰蜡烛", "台灯", "四件套")),
    Category("服饰", "服饰", ("缓行衣", "逆光廿四", HOUSE_BRAND), (59, 139, 599), 0.15,
             ("帆布包", "卫衣", "连衣裙", "牛仔裤", "针织开衫", "运动鞋", "羊毛衫", "风衣")),
    Category("母婴", "母婴", ("芽团子", "絮果屋", HOUSE_BRAND), (29, 99, 499), 0.09,
             ("婴儿湿巾", "辅食碗", "安抚玩偶", "连体衣", "纸尿裤", "保温杯", "绘本套装", "推车")),
    Category("露营户外", "户外露营", ("野径十二", "岭上驿", HOUSE_BRAND), (49, 189, 1299), 0.06,
             ("登山杖", "露营灯", "折叠椅", "卡式炉", "睡袋", "天幕", "帐篷", "冲锋衣")),
    Category("宠物", "宠物", ("爪爪研究所", "毛团巷", HOUSE_BRAND), (19, 69, 299), 0.07,
             ("逗猫棒", "牵引绳", "冻干零食", "猫抓板", "猫砂", "猫粮", "狗窝", "自动饮水机")),
    Category("小家电", "小家电", ("沸点几何", "壹格电", HOUSE_BRAND), (99, 239, 899), 0.06,
             ("养生壶", "吹风机", "加湿器", "电饭煲", "筋膜枪", "破壁机", "空气炸锅", "咖啡机")),
)  # fmt: skip
CATEGORY_NAMES = tuple(category.later for category in CATEGORIES)
BRAND_NAMES = tuple(brand for category in CATEGORIES for brand in category.brands)
BEAUTY, HOUSEHOLD, CLOTHES, CAMPING = 0, 2, 3, 5
#: What sets one item apart from its like, in the order of the categories.
_STYLES = (
    ("经典款", "礼盒装", "旅行装", "升级版", "家庭装", "滋润型", "清爽型", "联名款", "限定版", "两支装"),
    ("尝鲜装", "家庭装", "礼盒装", "整箱", "独立小包", "轻享装", "原味", "应季", "量贩装", "囤货装"),
    ("经典款", "加厚款", "大号", "小号", "北欧风", "奶油白", "升级版", "两件套", "原木色", "联名款"),
    ("经典款", "黑色", "复古款", "轻便款", "限定色", "基础款", "联名款", "燕麦色", "学院风", "奶白色"),
    ("经典款", "新生儿款", "加厚款", "透气款", "礼盒装", "升级版", "囤货装", "便携款", "大号", "联名款"),
    ("经典款", "轻量版", "加固款", "升级版", "沙色", "军绿色", "入门款", "便携款", "专业款", "联名款"),
    ("经典款", "加固款", "尝鲜装", "囤货装", "升级版", "大号", "小号", "便携款", "礼盒装", "联名款"),
    ("经典款", "迷你款", "大容量", "升级版", "静音款", "奶油白", "智能款", "入门款", "礼盒装", "联名款"),
)


@dataclass(frozen=True)
class Goods:
    """All items, sorted by category, brand and price band.

    Attributes:
        category: position in `CATEGORIES`.
        brand: position among the category's brands.
        band: position in `BANDS`.
        cents: list price.
        thing: position among the category's things.
        titles: name of each item.
        styles: what sets each item apart from the others of its model.
        models: first item of the same brand and thing: the model (款, SPU) that each item is a variant of.
        stock: pieces in stock.
        cell_start: first item of each (category, brand, band).
        cell_size: number of items of each.
    """

    category: Integers
    brand: Integers
    band: Integers
    cents: Integers
    thing: Integers
    titles: tuple[str, ...]
    styles: tuple[str, ...]
    models: Integers
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
    category, brand, thing = category[order], brand[order], _things(random, cents, each)[order]
    styles = _styles(random, category)
    return Goods(
        category=category,
        brand=brand,
        band=band[order],
        cents=cents[order],
        thing=thing,
        titles=_titles(category, brand, thing, styles),
        styles=styles,
        models=_models(category, brand, thing),
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


def spu_id(item: int) -> str:
    """The shop's number of the model whose first item this is."""
    return f"spu-{item + 1:05d}"


def write_goods(goods: Goods, plan: WorldPlan, file: Path) -> None:
    """Write ``goods.csv``: one row an item and period of validity; renamed categories start a second period."""
    random = np.random.default_rng([plan.seed, 0xBEEF])
    opened = midnight(plan.first_on - timedelta(days=plan.history_days))
    renamed = midnight(plan.first_on + timedelta(days=plan.days // 2))
    cost_share = random.uniform(0.35, 0.6, len(goods.cents))
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(
            ("item_id", "valid_from", "title", "category", "brand", "price", "cost", "stock", "spu", "attributes")
        )
        for item, title in enumerate(goods.titles):
            category = CATEGORIES[goods.category[item]]
            cents, cost = int(goods.cents[item]), int(goods.cents[item] * cost_share[item])
            priced = (category.brands[goods.brand[item]], f"{cents / 100:.2f}", f"{cost / 100:.2f}", goods.stock[item])
            facts = (*priced, spu_id(int(goods.models[item])), f"款式:{goods.styles[item]};产地:中国")
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


def _things(random: np.random.Generator, cents: Integers, each: int) -> Integers:
    """What each item is: the dear ones of a category are mostly of its dear things."""
    rank = np.argsort(np.argsort(cents.reshape(-1, each), axis=1, kind="stable"), axis=1).reshape(-1) / each
    things: Integers = np.clip(rank * THINGS + random.normal(0, 0.8, len(cents)), 0, THINGS - 1).astype(np.int8)
    return things


def _styles(random: np.random.Generator, category: Integers) -> tuple[str, ...]:
    style = random.integers(0, len(_STYLES[0]), len(category))
    return tuple(_STYLES[kind][how] for kind, how in zip(category, style, strict=True))


def _titles(category: Integers, brand: Integers, thing: Integers, styles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        f"{CATEGORIES[kind].brands[maker]} {CATEGORIES[kind].things[what]} {style}"
        for kind, maker, what, style in zip(category, brand, thing, styles, strict=True)
    )


def _models(category: Integers, brand: Integers, thing: Integers) -> Integers:
    """The first item of each item's category, brand and thing."""
    kinds = (category.astype(int) * BRANDS_A_CATEGORY + brand) * THINGS + thing
    _, first, kind = np.unique(kinds, return_index=True, return_inverse=True)
    models: Integers = first[kind]
    return models
