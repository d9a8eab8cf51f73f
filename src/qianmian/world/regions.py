"""Cities of five tiers, as a Chinese client states them: 省/市."""

from __future__ import annotations

import numpy as np

from qianmian.world.trace import Floats, Integers

#: Share of the people by tier: 一线, 新一线, 二线, 三线, 四线及以下.
TIER_SHARES = (0.14, 0.22, 0.20, 0.18, 0.26)
_TIERS = (
    """
    北京市/北京市 上海市/上海市 广东省/广州市 广东省/深圳市
    """,
    """
    四川省/成都市 浙江省/杭州市 重庆市/重庆市 湖北省/武汉市 陕西省/西安市 江苏省/苏州市 河南省/郑州市 江苏省/南京市
    天津市/天津市 湖南省/长沙市 广东省/东莞市 浙江省/宁波市 山东省/青岛市
    """,
    """
    云南省/昆明市 安徽省/合肥市 福建省/福州市 福建省/厦门市 黑龙江省/哈尔滨市 山东省/济南市 浙江省/温州市
    广西壮族自治区/南宁市 吉林省/长春市 福建省/泉州市 河北省/石家庄市 贵州省/贵阳市 江西省/南昌市
    """,
    """
    山东省/潍坊市 河南省/洛阳市 广西壮族自治区/桂林市 海南省/三亚市 湖北省/宜昌市 江苏省/连云港市 四川省/绵阳市
    广东省/汕头市 湖南省/岳阳市 河北省/唐山市 安徽省/芜湖市 江西省/赣州市
    """,
    """
    河南省/开封市 四川省/乐山市 湖南省/怀化市 云南省/大理白族自治州 甘肃省/天水市 山西省/临汾市 安徽省/黄山市
    广西壮族自治区/百色市 黑龙江省/牡丹江市 贵州省/毕节市 江西省/景德镇市 陕西省/汉中市 山东省/菏泽市 河北省/承德市
    """,
)
CITIES = tuple(city for tier in _TIERS for city in tier.split())
TIER_OF_CITY = np.array([tier for tier, cities in enumerate(_TIERS) for _ in cities.split()], np.int8)


def city_shares() -> Floats:
    """Share of the people by city; inside a tier the first cities are the larger ones."""
    shares = np.zeros(len(CITIES))
    for tier, share in enumerate(TIER_SHARES):
        mine = np.flatnonzero(tier == TIER_OF_CITY)
        weights = 1 / np.sqrt(np.arange(1, len(mine) + 1))
        shares[mine] = share * weights / weights.sum()
    return shares


def draw_cities(random: np.random.Generator, count: int) -> Integers:
    """Cities of so many people."""
    cities: Integers = np.searchsorted(np.cumsum(city_shares())[:-1], random.random(count)).astype(np.int16)
    return cities
