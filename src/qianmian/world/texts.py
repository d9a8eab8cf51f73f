"""What people write: Chinese reviews, posts, comments and queries, put together from pieces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.glyphs import choose, joined
from qianmian.world.goods import CATEGORIES
from qianmian.world.trace import Integers


def _words(text: str) -> tuple[str, ...]:
    """Entries of a pool, parted by blanks; ``_`` says nothing."""
    return tuple("" if word == "_" else word for word in text.split())


NOTHING_WRITTEN = "此用户没有填写评价"
_OPENINGS = _words("""
    _ _ 回购第三次了， 被朋友种草来的， 蹲了好久终于到手， 双11囤的， 第一次买， 给妈妈买的， 本来没抱希望，
    用了一周来说说， 空瓶记， 物流超快， 姐妹推荐的， 纠结很久下的单， 直播间买的， 拼团买的，
""")
_GOOD = (
    ("很温和不闷痘", "上脸服帖不卡粉", "味道淡淡的很好闻", "比大牌平替还好用", "吸收快不油腻"),
    ("坏果包赔很放心", "坚果很脆不哈喇", "分量足独立包装", "口感惊艳停不下来", "孩子抢着吃"),
    ("质感比图片好", "做工扎实没有毛边", "收纳力满分", "颜色百搭", "用料厚实"),
    ("版型很显瘦", "没有色差", "面料软糯不起球", "走线整齐", "尺码标准"),
    ("没有异味宝宝喜欢", "吸水性好不起坨", "材质安心", "边角处理得很圆润", "大小刚好"),
    ("搭起来很快", "防水效果惊喜", "收纳体积小", "扛住了一夜大风", "出片神器"),
    ("主子爱吃不挑食", "除臭效果好", "没有软便", "颗粒大小合适", "猫咪玩了一下午"),
    ("声音小不吵人", "操作简单老人也会", "清洗方便", "颜值高", "加热很快"),
)
_BAD = (
    ("用了闷痘", "漏液了半瓶", "搓泥严重", "味道刺鼻", "色号和图片不一样"),
    ("有坏果客服不理人", "都碎了", "日期不新鲜", "太甜了踩雷", "分量缩水"),
    ("毛边扎手", "有划痕", "甲醛味散了一周", "和图片有色差", "盖子盖不严"),
    ("洗一次就起球", "色差大", "偏小一码", "线头很多", "掉色严重"),
    ("有点漏尿", "味道大不敢用", "开线了", "偏薄", "孩子用了红屁股"),
    ("拉链坏了", "渗水", "杆子弯了", "说明书看不懂", "比描述重很多"),
    ("主子闻都不闻", "粉尘大", "吃了软便", "两天就咬坏了", "扣子容易松"),
    ("噪音像拖拉机", "用了三天不通电", "漏水", "塑料味重", "按键失灵"),
)
_GOOD_ENDS = _words("""
    ，会回购 ，种草成功 ，无限回购 ，推荐 ，值这个价 ，闭眼入 ，五星好评 ，已经推荐给同事 ，好评返现两块钱
""")
_BAD_ENDS = _words("""
    ，拔草了 ，避雷 ，智商税 ，真是谢谢您呢 ，退货了 ，不会再买 ，求客服给个说法 ，踩雷 ，也就那样吧
""")
_EMOJI = _words("""
    _ _ _ 👍 😍 🥰 ❤️ 😭 🙄 ✨ 😅 🌸
""")
_POST_OPENINGS = _words("""
    今日种草： 空瓶分享｜ 开箱 平价好物｜ 周末日记： 宝妈必囤： 租房党看过来， 学生党平替：
    团长今日清单： 双11攻略： 蹲一个返场， 测评了三款，
""")
_BAD_POST_OPENINGS = _words("""
    避雷帖！ 拔草合集： 求问怎么办： 踩雷记录： 开箱翻车， 说好的平替呢， 智商税预警： 姐妹们别买，
""")
_POST_ENDS = _words("""
    ，真的绝了 ，链接放评论区 ，有同款吗 ，姐妹们冲 ，理性种草 ，不是广告 ，比「浅岸」平替好用 ，和「不二仓」对比过了
    ，等一个返场 ，后悔没早买 ，拼团还差一个人 ，求链接
""")
_BAD_POST_ENDS = _words("""
    ，避雷 ，拔草了 ，真是谢谢您呢 ，有人一样吗 ，已退货 ，不如「浅岸」 ，客服踢皮球 ，钱包在哭
""")
COMMENTS = _words("""
    求链接 蹲一个 已下单 同款！ 种草了 多少钱呀 真的假的 踩过雷，慎入 拔草了谢谢 有学生价吗 哈哈哈哈 收藏了
    这不就是智商税 楼上说得对 回购三次的路过 求尺码 皮肤敏感能用吗 主子同意了 链接呢链接呢 好看！！
    还差一个人，来拼 敢不敢再贵一点 发货好慢 客服态度不错 謝謝分享 想要同款 码住 避雷+1 蹲返场 平替在哪
""")
_QUERY_WORDS = ("", " 平价", " 送礼", " 学生党", " 平替", " 推荐", " 测评", " 折扣")
SERVICE_TEXTS = _words("""
    什么时候发货 漏液了怎么办 想换一个尺码 退款多久到账 优惠券用不了 尾款付不了 少发了一件 地址填错了
    拼团没成会退吗 坏果怎么赔 发票怎么开 收到的颜色不对
""")
_PLAIN = (
    "这个买来说好过开头时间给爱图质实没为里会帮边发换样线会贵团评业务长张开声节气轻东车问题门听写还进远运"
    "连选边达过头双对现刚红细终经结给绝级约买卖价众优伤值体无满纯样点烟热猫种类组织"
)
_TRADITIONAL = (
    "這個買來說好過開頭時間給愛圖質實沒為裡會幫邊發換樣線會貴團評業務長張開聲節氣輕東車問題門聽寫還進遠運"
    "連選邊達過頭雙對現剛紅細終經結給絕級約買賣價眾優傷值體無滿純樣點煙熱貓種類組織"
)
_TO_TRADITIONAL = str.maketrans(_PLAIN, _TRADITIONAL)
_SLIPS = str.maketrans("的在再做", "得再在作")
#: One text in twenty is written in traditional characters, as many with wrong ones.
_STYLES = 20


def queries() -> tuple[tuple[str, ...], ...]:
    """Search words by category."""
    return tuple(
        (*(thing + word for word in _QUERY_WORDS for thing in category.things), *category.brands)
        for category in CATEGORIES
    )


def reviews(category: Integers, unhappy: Integers, drawn: Integers) -> pa.Array:
    """A review for each buyer; about a third write nothing.

    Args:
        category: category of the item.
        unhappy: 1 = unhappy.
        drawn: random numbers that choose the pieces.
    """
    said = joined(
        _styled(_OPENINGS, drawn, 1),
        _opinions(category, unhappy, drawn, 16),
        _nested((_GOOD_ENDS, _BAD_ENDS), unhappy, drawn, 80),
        _styled(_EMOJI, drawn, 720),
    )
    silent = drawn // 40_000 % 100 < 35
    return pc.if_else(pa.array(silent), NOTHING_WRITTEN, said)


def posts(category: Integers, drawn: Integers) -> pa.Array:
    """The text of each post, about goods of a category."""
    things = [category.things for category in CATEGORIES]
    unhappy = (drawn // 3 % 10 < 3).astype(np.int64)
    return joined(
        _nested((_POST_OPENINGS, _BAD_POST_OPENINGS), unhappy, drawn, 1),
        _nested(things, category, drawn, 16),
        _opinions(category, unhappy, drawn, 128),
        _nested((_POST_ENDS, _BAD_POST_ENDS), unhappy, drawn, 1_280),
        _styled(_EMOJI, drawn, 15_360),
    )


def _opinions(category: Integers, unhappy: Integers, drawn: Integers, step: int) -> pa.Array:
    """What is good or bad about an item of each category."""
    pools = [words for pair in zip(_GOOD, _BAD, strict=True) for words in pair]
    return _nested(pools, category.astype(np.int64) * 2 + unhappy, drawn, step)


def _styled(pool: Sequence[str], drawn: Integers, step: int) -> pa.Array:
    """Entries of a pool, some of them in traditional characters or with slips."""
    return _nested([pool], np.zeros(len(drawn), np.int64), drawn, step)


def _nested(pools: Sequence[Sequence[str]], which: Integers, drawn: Integers, step: int) -> pa.Array:
    """An entry of one of several pools for each row; the row's style is the same for all of its pieces."""
    plain = [word for pool in pools for word in pool]
    words = plain + [word.translate(_TO_TRADITIONAL) for word in plain] + [word.translate(_SLIPS) for word in plain]
    sizes = np.array([len(pool) for pool in pools])
    starts = np.cumsum(sizes) - sizes
    style = drawn // 7 % _STYLES
    variant = np.where(style == 0, 1, np.where(style == 1, 2, 0))
    entry = starts[which] + drawn // step % sizes[which]
    return choose(words, variant * len(plain) + entry)
