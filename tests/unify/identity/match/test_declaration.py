"""What a declaration of matching may say, and what is wrong with one that may not."""

from __future__ import annotations

import pytest

from qianmian.core.errors import RulesError
from qianmian.unify.identity.match.declaration import read_matching
from qianmian.unify.identity.match.matching import built_in_text

FINE = "{purpose: match, compare: [name, city], block: [[name]], certain: [[name, city]]}"


def test_what_is_left_out_is_careful() -> None:
    matching = read_matching(FINE, "m.yaml")
    assert (matching.propose_from, matching.accounts_too) == (0.9, False)


def test_the_digest_is_over_what_is_said_however_it_is_written() -> None:
    spaced = FINE.replace(",", " ,").replace("compare", "propose_from: 0.90, compare")
    assert read_matching(spaced, "m.yaml").digest == read_matching(FINE, "m.yaml").digest
    assert read_matching(built_in_text(), "m.yaml").digest != read_matching(FINE, "m.yaml").digest


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("purpose: match", "purpose: My Purpose", r"purpose.*My Purpose"),
        ("purpose: match, ", "", r"purpose.*none"),
        ("[name, city],", "[nam, city],", r"(?s)compare\.0.*nam.*name"),
        ("[[name]]", "[[birth_date]]", r"(?s)block\.0\.0.*birth_date"),
        ("[[name]]", "[]", r"block.*1 to 20 lists"),
        ("[[name]]", "name", r"block.*1 to 20 lists"),
        ("[[name, city]]", "[[]]", r"certain\.0.*list"),
        ("compare", "propose_from: 1, compare", r"propose_from.*below 1.*1"),
        ("compare", "propose_from: true, compare", r"propose_from"),
        ("compare", "accounts_too: 7, compare", r"accounts_too.*7"),
        ("compare", "merge: true, compare", r"merge.*is not a key"),
        (FINE, "", r"(?s)keys and values.*show --built-in"),
    ],
)
def test_what_is_wrong_is_told_with_its_key_and_value(old: str, new: str, told: str) -> None:
    with pytest.raises(RulesError, match=told):
        read_matching(FINE.replace(old, new), "m.yaml")
