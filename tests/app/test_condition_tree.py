"""A condition in parts says what its text says: text, JSON and tree are one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter, ValidationError

from qianmian.app.condition_tree import condition_told, tree_of
from qianmian.app.contracts.condition import ConditionTold
from qianmian.core.errors import ConditionError
from qianmian.query.bind import bind
from qianmian.query.parse import parse
from tests.query.strategies import TREES
from tests.query.vocabulary import VOCABULARY

CONDITION: TypeAdapter[ConditionTold] = TypeAdapter(ConditionTold)
#: Conditions and their parts, on which the console tests its builder.
OF_THE_CONSOLE = Path(__file__).parents[2] / "console" / "test" / "conditions.json"


@settings(max_examples=300, deadline=None)
@given(tree=TREES)
def test_every_tree_comes_back_from_its_json(tree):
    written = parse(str(bind(tree, VOCABULARY)))
    told = CONDITION.dump_json(condition_told(written))
    assert tree_of(CONDITION.validate_json(told)) == written


@pytest.mark.parametrize("told", json.loads(OF_THE_CONSOLE.read_text("utf-8")), ids=lambda told: told["condition"])
def test_the_console_builds_from_the_parts_that_it_is_told(told):
    tree = parse(told["condition"])
    assert str(tree) == told["condition"]
    assert CONDITION.dump_python(condition_told(tree), mode="json") == told["tree"]


def test_a_group_of_one_is_what_it_holds():
    told = CONDITION.validate_python({"type": "and", "terms": [{"type": "null", "name": "city"}]})
    assert str(tree_of(told)) == "city is null"


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "compare", "name": "city = 'x' or region", "operator": "=", "value": {"type": "text", "text": "a"}},
        {"type": "compare", "name": "city", "operator": "or", "value": {"type": "text", "text": "a"}},
        {"type": "compare", "name": "spend_90d", "operator": "=", "value": {"type": "number", "number": "1 or 1 = 1"}},
        {"type": "sequence", "steps": [{"event": "Product Viewed"}]},
        {"type": "within", "term": {"type": "null", "name": "city"}, "hops": 9},
        {"type": "and", "terms": []},
        {"type": "sql", "text": "DROP TABLE profiles"},
    ],
)
def test_what_is_no_condition_is_no_json_of_one(wrong):
    with pytest.raises(ValidationError):
        CONDITION.validate_python(wrong)


SEEN = [{"event": "Product Viewed"}, {"event": "Order Completed"}]


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        ({"type": "sequence", "steps": SEEN, "within": "0d"}, "'0d' is no stretch of time"),
        ({"type": "sequence", "steps": SEEN, "within": "9999w"}, "'9999w' is no stretch of time"),
        ({"type": "did", **SEEN[0], "window": {"last_days": 7, "to_on": "2026-10-01"}}, "there is one window"),
    ],
)
def test_a_part_that_says_nothing_or_two_things_is_refused_and_not_left_out(wrong, mistake):
    with pytest.raises(ConditionError, match=mistake):
        tree_of(CONDITION.validate_python(wrong))
