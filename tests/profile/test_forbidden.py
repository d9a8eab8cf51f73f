"""What no tag may say of people is refused by its words, in both languages; what only sounds alike is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qianmian.core.errors import RulesError
from qianmian.core.language import Language
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.profile.tags.declaration.forbidden import CATEGORIES, check_lawful, forbidden

ONE = next(tag for tag in built_in_tags() if tag.name == "lifecycle")


@pytest.mark.parametrize(
    ("told", "word", "category"),
    [
        ({"zh": "少数民族用户"}, "民族", "race"),
        ({"name": "religion_guess"}, "religion", "religion"),
        ({"en": "Party-members"}, "party member", "politics"),
        ({"values": ("diabetic", "other")}, "diabetic", "health"),
        ({"zh": "可能怀孕"}, "怀孕", "health"),
        ({"zh": "性取向推断"}, "性取向", "sexual_life"),
        ({"en": "Trade union"}, "trade union", "union"),
    ],
)
def test_refused(told: dict[str, object], word: str, category: str) -> None:
    tag = replace(ONE, **told)  # type: ignore[arg-type]
    assert forbidden(tag) == (word, category)
    with pytest.raises(RulesError) as refused:
        check_lawful([tag])
    said = refused.value.message.what(Language.ZH)
    assert word in said
    assert CATEGORIES[category].what(Language.ZH) in said


@pytest.mark.parametrize(
    "told",
    [
        {"en": "Embrace of new brands"},
        {"name": "terrace_furniture"},
        {"zh": "健康零食偏好"},
        {"en": "Patience"},
        {"zh": "派对用品"},
    ],
)
def test_what_only_sounds_alike(told: dict[str, object]) -> None:
    assert forbidden(replace(ONE, **told)) is None  # type: ignore[arg-type]


def test_no_built_in_tag_is_refused() -> None:
    check_lawful(built_in_tags())
