"""Ready audiences: each is a condition that holds today, in both languages, with the people it has."""

from __future__ import annotations

import pytest

from qianmian.app.questions.templates import counted_templates
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import PurposeError
from qianmian.core.language import Language
from qianmian.segment.templates import GOALS, Template, templates
from tests.app.traces import Scene


def test_there_are_thirty_and_none_says_what_another_does() -> None:
    told = templates()
    assert len(told) >= 30
    assert {one.goal for one in told} == set(GOALS)
    assert len({one.condition for one in told}) == len(told)
    for language in Language:
        assert len({one.titles[language] for one in told}) == len(told)
        assert all(one.uses[language] for one in told)


@pytest.mark.parametrize("template", templates(), ids=lambda one: one.name)
def test_each_is_a_condition_that_holds(crowd: Scene, template: Template) -> None:
    counted = crowd.shop.audience(template.condition, limit=0)
    assert 0 <= counted.size() < counted.of_people


def test_all_are_counted(crowd: Scene) -> None:
    told = counted_templates(crowd.shop, purpose=ANALYSE)
    assert [one.template for one in told.templates] == list(templates())
    for one in told.templates:
        assert one.people == crowd.shop.audience(one.condition, limit=0).size()
    assert sum(bool(one.people) for one in told.templates) >= 2
    with pytest.raises(PurposeError):
        counted_templates(crowd.shop, purpose="curiosity")
