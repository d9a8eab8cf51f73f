"""Kinds of tie: what is left out is the product's, and what is wrong is named with its place."""

from __future__ import annotations

import pytest

from qianmian.core.errors import RulesError
from qianmian.core.messages import Message
from qianmian.unify.ties.declaration import built_in_kinds, read_kinds
from qianmian.unify.ties.kinds import KINDS, TieKinds, built_in_text


def test_the_products_own_text_says_the_products_own_kinds() -> None:
    assert tuple(kind.name for kind in built_in_kinds().kinds) == KINDS
    assert read_kinds(built_in_text(), "kinds.yaml") == built_in_kinds() == read_kinds("", "kinds.yaml")
    assert TieKinds.from_json(built_in_kinds().to_json()) == built_in_kinds()


def test_what_is_left_out_is_the_products() -> None:
    like = next(kind for kind in read_kinds("like: {weight: 2}", Message("tie_kinds")).kinds if kind.name == "like")
    own = next(kind for kind in built_in_kinds().kinds if kind.name == "like")
    assert (like.weight, like.half_life_days, like.made_by) == (2, own.half_life_days, own.made_by)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("friend: {}", "friend: is not a key that kinds of tie have here"),
        ("like: {weight: 0}", "like.weight: must be a number above 0"),
        ("like: {half_life_days: 1.5}", "like.half_life_days: must be a whole number"),
        ("like: {made_by: [{event: A}]}", "must have one of the keys person, object, together, signed_in_on"),
        ("like: {made_by: [{event: A, object: b}]}", "like.made_by.0.of: must be text"),
        ("chat: {made_by: [{events: [A], together: b, most: 1000}]}", "chat.made_by.0.most: must be a whole number"),
        ("household: {made_by: [{signed_in_on: [fridge], most: 2}]}", "must be a namespace of identifiers"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(RulesError) as raised:
        read_kinds(text, "kinds.yaml")
    assert said in str(raised.value)
