"""What an event says its person agreed to, as purposes: Segment's categories, or a list in any of the protocols."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from qianmian.collect.imports.shape import Shape
from qianmian.core.errors import InputError

#: Stated, and nothing is agreed to; an empty column = nothing is stated.
NOTHING = "none"
#: Purposes, and the categories that mean them, in small letters: of consent banners, and of their vendors.
MEANINGS: Mapping[str, tuple[str, ...]] = {
    "operate": ("necessary", "strictly_necessary", "essential", "required", "c0001", "必要"),
    "analyse": ("analytics", "analysis", "statistics", "performance", "measurement", "c0002", "统计", "分析"),
    "personalise": ("personalization", "personalisation", "preferences", "functional", "c0003", "个性化", "偏好"),
    "marketing": ("advertising", "ads", "targeting", "retargeting", "sale_of_info", "c0004", "营销", "广告"),
}
_PURPOSE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_CATEGORIES, _LONGEST = 100, 60


@dataclass(frozen=True)
class Consent:
    """Which category means which purpose.

    Attributes:
        own: category → purpose, as a source declares them; before `MEANINGS`.
    """

    own: Mapping[str, str] = field(default_factory=dict)

    @property
    def purposes(self) -> dict[str, str]:
        """Every known category → its purpose; a purpose means itself."""
        known = {category: purpose for purpose, categories in MEANINGS.items() for category in (purpose, *categories)}
        return known | {spelled(category): purpose for category, purpose in self.own.items()}

    def read(self, shape: Shape) -> None:
        """Have the typed layer tell ``consent`` as purposes.

        A purpose that several categories mean is agreed to if none of them is refused. A category that means no known
        purpose stays under its own name, which no registered purpose has.
        """
        if "consent" not in shape.mapping.fields:
            return
        shape.columns["told_consent"] = shape.columns.pop("consent")
        told, meaning = "told_consent", self._meaning(shape.words.bind)
        preferences = f"coalesce({told}::JSON -> '$.categoryPreferences', {told}::JSON)"
        entries = f"""map_entries(from_json({preferences}, '"MAP(VARCHAR, VARCHAR)"'))"""
        pair = f"struct_pack(purpose := {meaning('e.key')}, agreed := e.value = 'true')"
        pairs = f"list_transform({entries}, lambda e: {pair})"
        shape.parsed["stated_consent"] = f"CASE WHEN starts_with({told}, '{{') AND json_valid({told}) THEN {pairs} END"
        agreed, refused = _chosen("e.agreed"), _chosen("NOT coalesce(e.agreed, false)")
        kept = f"list_sort(list_distinct(list_filter({agreed}, lambda p: NOT list_contains({refused}, p))))"
        bare = f"string_split(regexp_replace({told}, '[\\[\\]\"]', '', 'g'), ',')"
        shape.derived["consent"] = (
            f"CASE WHEN starts_with({told}, '{{') THEN CASE WHEN len(stated_consent) > 0 "
            f"THEN coalesce(nullif(array_to_string({kept}, ','), ''), '{NOTHING}') END "
            f"WHEN {told} IS NOT NULL THEN array_to_string(list_transform({bare}, lambda c: {meaning('c')}), ',') END"
        )

    def _meaning(self, bind: Callable[[str], str]) -> Callable[[str], str]:
        """SQL of what a category means, from SQL of the category."""
        cases = " ".join(f"WHEN {bind(category)} THEN {bind(purpose)}" for category, purpose in self.purposes.items())

        def meaning(category: str) -> str:
            spelling = f"regexp_replace(lower(trim({category})), '[,\\s]+', '_', 'g')"
            return f"CASE {spelling} {cases} ELSE {spelling} END"

        return meaning


#: The categories that come with the product.
USUAL = Consent()


def spelled(category: str) -> str:
    """The one spelling of a category.

    >>> spelled(" Strictly Necessary ")
    'strictly_necessary'
    """
    return re.sub(r"[,\s]+", "_", category.strip().lower())


def check_meanings(own: Mapping[str, str]) -> None:
    """Let a source's own categories pass.

    Raises:
        InputError: there are too many, a category is too long, or a purpose is no name of one.
    """
    if len(own) > _MOST_CATEGORIES:
        raise InputError("consent_too_many", most=_MOST_CATEGORIES)
    for category, purpose in own.items():
        if not category.strip() or len(category) > _LONGEST or not category.isprintable():
            raise InputError("consent_category", given=category[:_LONGEST], most=_LONGEST)
        if not _PURPOSE.fullmatch(purpose):
            raise InputError("purpose_name", given=purpose[:60])


def _chosen(test: str) -> str:
    return f"list_transform(list_filter(stated_consent, lambda e: {test}), lambda e: e.purpose)"
