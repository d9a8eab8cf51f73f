"""Definitions of tags in words: made from the declaration, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qianmian.core import events
from qianmian.core.language import Language
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.profile.tags.formulas import VALUES, FirstMatch, Kept, Quintile, Test
from qianmian.profile.tags.partial import EVENTS, Condition, Fold, Partial

ZH, EN = Language.ZH, Language.EN
CONSOLE = Path(__file__).parents[2] / "console/src/i18n/zh-CN/words.json"
ORDERS = Partial(Condition("o", (events.ORDER_COMPLETED,), 45), Fold.COUNT)


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("orders_90d", "近 90 天支付订单的次数", "number of paid orders in the last 90 local dates"),
        (
            "first_order_on",
            "首次支付订单的时刻，取当地日期",
            "local date of the first of the paid orders",
        ),
        (
            "net_7d",
            "近 7 天支付订单、订单退款的净额（支付减退款，退款计入其订单的日期）",
            (
                "net money of paid orders, refunds in the last 7 local dates"
                " (paid less refunded, each refund on the date of its order)"
            ),
        ),
        (
            "f_score",
            "下单用户按累计支付订单的次数分为 5 等份，最高的一份得 5 分，值相同则同分",
            (
                "1 to 5 among buyers, by the number of paid orders over all time:"
                " the highest fifth gets 5, equal values get equal scores"
            ),
        ),
    ],
)
def test_a_definition_reads_like_a_sentence(name: str, zh: str, en: str) -> None:
    tag = next(tag for tag in built_in_tags() if tag.name == name)
    assert (tag.definition.what(ZH), tag.definition.what(EN)) == (zh, en)


def test_every_tag_has_one_of_its_own_in_both_languages() -> None:
    for language in Language:
        said = [tag.definition.what(language) for tag in built_in_tags()]
        assert len(set(said)) == len(built_in_tags())


def test_words_and_sql_follow_the_declaration() -> None:
    many = FirstMatch((("loyal", (Test(Kept(ORDERS), ">=", 7),)),), otherwise="lost")
    assert many.sql.split() == "CASE WHEN o_rows >= 7 THEN 'loyal' ELSE 'lost' END".split()
    assert (
        many.said.what(ZH)
        == "依次判断，取第一个成立的：\n近 45 天支付订单的次数至少为 7，则为忠诚用户；\n否则为流失用户"
    )
    least, most = (Quintile("r", Kept(ORDERS), ORDERS, falling=falling).said.what(ZH) for falling in (True, False))
    assert ("最低的一份" in least, "最高的一份" in most) == (True, True)


def test_titles_of_events_and_values_are_those_of_the_console() -> None:
    shown = json.loads(CONSOLE.read_text("utf-8"))
    assert {name: title.what(ZH) for name, title in EVENTS.items()} == {name: shown["event"][name] for name in EVENTS}
    assert {code: title.what(ZH) for code, title in VALUES.items()} == {code: shown["value"][code] for code in VALUES}
