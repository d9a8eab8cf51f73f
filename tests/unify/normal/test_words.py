"""Words: what means the same is read as one word, by laws that hold for any vocabulary and any text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qianmian.core.errors import CleaningError
from qianmian.unify.clean.declaration import built_in_cleaning, read_cleaning
from qianmian.unify.normal.rates import Rate
from qianmian.unify.normal.rules import CASES, WORD_FIELDS, Text, Vocabulary
from qianmian.unify.normal.words import Read, Words
from qianmian.world.goods import BRAND_NAMES, CATEGORIES
from qianmian.world.regions import CITIES

CHINA = Words(vocabularies=(Vocabulary("region", comes_with="china"),))
#: Few letters, so that words meet.
LETTERS = st.text("aAßＡ 　/>İé", min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("上海", "上海市/上海市"),
        ("shanghai", "上海市/上海市"),
        ("上海-上海", "上海市/上海市"),
        ("广东省 广州市", "广东省/广州市"),
        ("广东广州", "广东省/广州市"),
        ("广州", "广东省/广州市"),
        ("吉林", "吉林省"),
        ("吉林市", "吉林省/吉林市"),
        ("广西", "广西壮族自治区"),
        ("Hong Kong", "香港特别行政区/香港特别行政区"),
        ("火星", "火星"),
    ],
)
def test_regions_are_known_by_what_people_call_them(raw: str, word: str) -> None:
    assert CHINA.read("region", "shop", raw).word == word


def test_the_words_of_the_generated_shop_are_read_as_they_are() -> None:
    words = built_in_cleaning().reading
    names = {name for category in CATEGORIES for name in (category.name, category.later)}
    for field, some in (("region", CITIES), ("brand", BRAND_NAMES), ("category", names)):
        assert [words.read(field, "shop", one).word for one in some] == list(some)
    assert [CHINA.read("region", "shop", one).word for one in CITIES] == list(CITIES)


@given(
    raw=LETTERS, field=st.sampled_from(WORD_FIELDS), case=st.sampled_from(CASES), known=st.lists(LETTERS, max_size=4)
)
@example(raw="> >", field="category", case="keep", known=[])
def test_what_was_read_is_read_as_itself(raw: str, field: str, case: str, known: list[str]) -> None:
    words = Words(Text(WORD_FIELDS, case), (Vocabulary(field, words=(("canon", tuple(known)),)),), ("a/é", "A"))
    once = words.read(field, "shop", raw).word
    assert words.read(field, "shop", once).word == once


@given(st.permutations("abcd"))
def test_the_first_vocabulary_that_knows_a_word_reads_it_and_later_ones_lead_to_it(names: list[str]) -> None:
    [one, two, three, four] = names
    some = (Vocabulary("brand", words=((one, (two,)),)), Vocabulary("brand", words=((two, (three, one)),)))
    read = {name: Words(None, some).read("brand", "", name).word for name in names}
    assert read == {one: one, two: one, three: one, four: four}


def test_a_sources_own_vocabulary_comes_first_and_for_nobody_else() -> None:
    own = Vocabulary("category", "tmall", (("护肤/面霜", ("霜",)),))
    words = Words(None, (Vocabulary("category", words=(("食品/糖霜", ("霜", "糖")),)), own))
    read = [words.read("category", source, raw).word for source in ("tmall", "jd") for raw in ("霜", "糖")]
    assert read == ["护肤/面霜", "食品/糖霜", "食品/糖霜", "食品/糖霜"]


def test_the_tree_knows_paths_however_they_are_written_and_last_parts_that_are_unique() -> None:
    words = Words(Text(("category",)), (), ("护肤/面霜", "护肤/套装", "彩妆/套装"))
    asked = ("护肤 > 面霜", "面霜", "套装", "护肤", "护肤/面霜/", "宠物>猫粮")
    assert [words.read("category", "s", raw) for raw in asked] == [
        Read("护肤/面霜", "categories"), Read("护肤/面霜", "categories"), Read("套装"), Read("护肤", "categories"),
        Read("护肤/面霜", "categories"), Read("宠物/猫粮", "text"),
    ]  # fmt: skip


def test_rules_that_were_sent_to_a_task_read_the_same() -> None:
    words = read_cleaning(OWN, "own.yaml").reading
    assert Words.from_json(words.to_json()) == words
    assert words.digest != CHINA.digest


OWN = """
text: {fields: [brand], case: upper}
words:
  - {field: region, words: china}
  - {field: brand, source: tmall, words: {耐克: [Nike, NIKE 官方]}}
categories: [护肤 / 面霜]
rates: [{currency: USD, rate: 7.2, since: 2026-02-01}, {currency: USD, rate: 7.1, since: 2026-01-01}]
"""


def test_sections_are_read_as_they_are_meant() -> None:
    told = read_cleaning(OWN, "own.yaml")
    assert told.words[1] == Vocabulary("brand", "tmall", (("耐克", ("Nike", "NIKE 官方")),))
    assert (told.text, told.categories) == (Text(("brand",), "upper"), ("护肤/面霜",))
    assert told.rates == (Rate("USD", 7.1, "2026-01-01"), Rate("USD", 7.2, "2026-02-01"))
    assert told.digest != built_in_cleaning().digest


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("text: {fields: [colour]}", "text.fields.0"),
        ("text: {fields: [brand], case: Title}", "text.case"),
        ("words: [{field: brand, words: china}]", "words.0.words"),
        ("words: [{field: region, source: pos, words: {a: [b]}}]", "words.0.source"),
        ("words: [{field: brand, words: {a: b}}]", "words.0.words.a"),
        ("words: [{field: brand, words: {a: [x], b: [X]}}]", "words.0.words.b"),
        ("words: [{field: region, words: {a: ['/']}}]", "words.0.words.a"),
        ("categories: [a//b]", "categories.0"),
        ("units: [{property: weight, to: kg}]", "units.0.of"),
        ("units: [{property: weight, to: kg, of: {g: 0}}]", "units.0.of.g"),
        ("units: [{property: weight, to: '', of: {g: 0.001}}]", "units.0.to"),
        ("units: [{to: kg, of: {g: 0.001}}]", "units.0.property"),
        ("units: [{property: w, to: kg, of: {g: 1}}, {property: w, to: g, of: {kg: 1}}]", "units.1.property"),
        ("rates: [{currency: usd, rate: 7, since: 2026-01-01}]", "rates.0.currency"),
        ("rates: [{currency: USD, rate: 0, since: 2026-01-01}]", "rates.0.rate"),
        ("rates: [{currency: USD, rate: 7, since: soon}]", "rates.0.since"),
        ("rates: [{currency: USD, rate: 7, since: 2026-01-01}, {currency: USD, rate: 8, since: 2026-01-01}]", "rates"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(text: str, key: str) -> None:
    with pytest.raises(CleaningError) as told:
        read_cleaning(text, "own.yaml")
    assert told.value.message.values["key"] == key
