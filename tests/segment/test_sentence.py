"""A condition is said in both languages, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from qianmian.core.language import Language
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.query.parse import parse
from qianmian.segment.sentence import sentence
from qianmian.unify.ties.kinds import KINDS
from tests.query.strategies import TREES


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (
            "lifecycle = 'loyal' and net_90d >= 1500 and (region is null or not rfm is null)",
            "生命周期阶段为 忠诚用户，且近 90 天净消费至少 1,500，且（常驻地区为空，或RFM 分群不为空）",
            "Lifecycle stage is loyal; and Net revenue in 90 days is at least 1,500; and "  # noqa: ISC004  # one text
            "(Home region is not known; or RFM segment is known)",
        ),
        (
            "did('Order Completed', category='美妆', channel='app', last='7d') >= 2",
            "近 7 天支付订单（品类为 美妆、渠道为 app）至少 2 次",
            "paid orders (category is 美妆, channel is app): at least 2 times in the last 7 local dates",
        ),
        (
            "not did('Product Viewed')",
            "不满足（累计浏览商品至少 1 次）",
            "not (product views: at least once over all time)",
        ),
        (
            "sequence(did('Product Viewed'), did('Order Completed'), within='2d', last='30d')",
            "近 30 天在 2 天内先后浏览商品、再支付订单",
            "product views, then paid orders, all within 2 days, in the last 30 local dates",
        ),
        (
            "friends(orders_total = 0, kind = 'invite', direction = 'out', strength >= 0.3) >= 2",
            "好友（邀请；由本人发出；亲密度至少 0.3）中至少 2 人满足：累计订单数为 0",
            "at least 2 of their friends (by invitation; to whom the person went; closeness at least 0.3) meet: "  # noqa: ISC004  # one text
            "Orders is 0",
        ),
        (
            "audience(3) and not audience(4, entered_in = 7, cause = 'behaviour')",
            "属于人群 3，且不满足（在第 7 次计算时进入人群 4，原因为新行为）",
            "is in audience 3; and not (entered audience 4 with build 7, by behaviour)",
        ),
        (
            "journey('美妆', last='7d') = 'deciding' or not journey('美妆') in ('bought', 'loyal')",
            "美妆的购买旅程在最近 7 天内进入：决策，或不满足（美妆的购买旅程处于：购买、忠诚）",
            "with 美妆, came within the last 7 days to the stage: deciding; or "  # noqa: ISC004  # one text
            "not (with 美妆, is at the stage: bought, loyal to the category)",
        ),
        ("audience(4, left_in = 7)", "在第 7 次计算时退出人群 4", "left audience 4 with build 7"),
        (
            "within(orders_total > 3, hops = 2)",
            "2 层关系（任何关系的好友）以内有人满足：累计订单数高于 3",
            "somebody within 2 ties (friends by any tie) meets: Orders is above 3",
        ),
    ],
)
def test_a_condition_is_said_in_words(condition, zh, en):
    said = {language: sentence(parse(condition), built_in_tags(), language) for language in Language}
    assert said == {Language.ZH: zh, Language.EN: en}


@settings(max_examples=200, deadline=None)
@given(tree=TREES)
def test_every_condition_has_a_sentence_in_both_languages(tree):
    for language in Language:
        words = sentence(tree, built_in_tags(), language)
        assert words
        assert "{" not in words
        assert "Message" not in words


def test_every_kind_of_tie_has_its_word():
    for kind in KINDS:
        said = sentence(parse(f"friends(orders_total = 0, kind = '{kind}')"), built_in_tags(), Language.ZH)
        assert kind not in said
