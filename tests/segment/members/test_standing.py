"""What a condition means has a fingerprint: it changes with whatever the condition rests on, and with nothing else."""

from __future__ import annotations

import pytest

from qianmian.profile.journey.definition import read_rules
from qianmian.query.parse import parse
from qianmian.segment.members import standing
from tests.profile.journey.plain import RULES


@pytest.mark.parametrize(
    ("condition", "changes"),
    [
        ("journey('美妆') = 'deciding'", True),
        ("friends(not journey('美妆') = 'deciding') >= 2", True),
        ("did('Product Added')", False),
    ],
)
def test_other_rules_of_journeys_make_another_condition_only_of_one_that_asks_for_them(monkeypatch, condition, changes):
    before = standing.made_of(parse(condition), [], "", "")
    other = read_rules({"stages": {**RULES, "loyal": {**RULES["loyal"], "orders": 3}}})
    monkeypatch.setattr(standing, "journey_rules", lambda: other)
    assert (standing.made_of(parse(condition), [], "", "") != before) is changes
