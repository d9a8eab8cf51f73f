"""The page of the built-in tags, written from their declarations."""

from __future__ import annotations

import re

from qianmian.core.language import Language
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.partial import Partial

_INTRODUCTION = """# Built-in tags

Every tag is declared once: the rows of history that it looks at (its evidence), what is folded from them, and a
formula; the definitions below are made from that. All tags of a build come out of one scan.
`qianmian profile explain NAME TAG` shows a value's rows.

- A **window** of n days is the n local dates that end with the build's date. All time = since the first event.
- **Net** money is what was paid minus refunds that occurred up to the build's instant. In a window a refund counts
  on its order's date; a refund that names no known order counts on its own.
- A **preference** counts age back from the person's own last such event; of equals the one seen last wins. Category,
  brand and price band are what the goods say today; a price band is a third of its category's items by price.
- A **session** ends after 30 minutes of silence (setting `session_minutes`).

"""


def tags_page() -> str:
    """Every built-in tag: name, kind, its definition in both languages, the partials that it needs, and the formula."""
    head = "| tag | 名称 | title | kind | 定义 | definition | needs | formula |\n" + "|---" * 8 + "|\n"
    return _INTRODUCTION + head + "".join(map(_row, built_in_tags()))


def _row(tag: Tag) -> str:
    cells = (
        f"`{tag.name}`",
        tag.zh,
        tag.en,
        tag.kind.value,
        *(tag.definition.what(language).replace("\n", "<br>") for language in (Language.ZH, Language.EN)),
        ", ".join(map(_need, tag.needs)),
        f"`{_readable(tag.formula.sql)}`",
    )
    return f"| {' | '.join(cells)} |\n"


def _need(need: Partial) -> str:
    return f"`{need.name}`"


def _readable(formula: str) -> str:
    plain = re.sub(r"getvariable\('(\w+)'\)(::DATE)?", r"\1", formula)
    return re.sub(r"\s+", " ", plain).replace("|", "\\|")
