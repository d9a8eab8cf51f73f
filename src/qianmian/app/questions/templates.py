"""Ready audiences with how many people they hold now."""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.app.answers import Computed
from qianmian.app.shop import Shop
from qianmian.core.errors import ConditionError
from qianmian.profile.reading import Reading
from qianmian.segment.audiences import audience, everybody
from qianmian.segment.templates import Template, templates


@dataclass(frozen=True)
class CountedTemplate:
    """An audience to begin with.

    Attributes:
        template: what it is.
        condition: canonical text of whom it holds.
        people: how many; None where the shop cannot tell, as of a trait that is sensitive here.
    """

    template: Template
    condition: str
    people: int | None


@dataclass(frozen=True)
class CountedTemplates:
    """All of them.

    Attributes:
        of_people: people with a profile.
        templates: by goal.
        computed: from which build.
    """

    of_people: int
    templates: list[CountedTemplate]
    computed: Computed


def counted_templates(shop: Shop, *, purpose: str) -> CountedTemplates:
    """Every template, counted once a build.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    with shop.asking(purpose) as (found, computed):
        told: list[CountedTemplate] = found.once(
            "templates", lambda: [_counted(shop, found, one, purpose) for one in templates()]
        )
        return CountedTemplates(everybody(found), told, computed)


def _counted(shop: Shop, found: Reading, one: Template, purpose: str) -> CountedTemplate:
    try:
        asked = audience(found, one.condition, purpose=purpose, check=shop.workspace.purposes.check)
    except ConditionError:
        return CountedTemplate(one, one.condition, None)
    return CountedTemplate(one, asked.condition, asked.size(found))
