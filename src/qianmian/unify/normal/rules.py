"""What a shop declares of words: how they are written, which mean the same, and the tree of its categories."""

from __future__ import annotations

from dataclasses import dataclass

#: Words of events; every source's are read alike.
EVENT_WORDS = ("region", "channel", "device_type")
#: Words of goods: field → column of items. A source's own vocabulary comes before what holds for all.
ITEM_WORDS = {"category": "category_id", "brand": "brand_id"}
WORD_FIELDS = (*EVENT_WORDS, *ITEM_WORDS)
CASES = ("keep", "lower", "upper")


@dataclass(frozen=True)
class Text:
    """How words are written: full width becomes half width (NFKC), spaces at the ends go, several become one.

    Attributes:
        fields: words of which fields.
        case: what becomes of letters: one of `CASES`.
    """

    fields: tuple[str, ...]
    case: str = "keep"


@dataclass(frozen=True)
class Vocabulary:
    """Words of a field that mean the same.

    Attributes:
        field: one of `WORD_FIELDS`.
        source: of which source's goods; empty = of all.
        words: each word that is used, with those that are read as it.
        comes_with: name of a vocabulary that comes with the product; empty = it is the shop's own.
    """

    field: str
    source: str = ""
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    comes_with: str = ""
