"""What the scan must find it finds; what must not be there is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from qianmian.app.shop import Shop
from tests.faults.bytescan import control, identifiers, leaks, leaving, make_shop, others, remains, subject_of
from tests.faults.parts.needles import Needles, spellings


def test_a_marker_in_any_column_of_any_table_and_in_any_other_file_is_found(tmp_path: Path):
    assert control(tmp_path) == []


@pytest.mark.parametrize("before", range(3))
def test_a_value_is_found_in_every_spelling_wherever_it_stands(before: int):
    needles = Needles(["mìng.li@Example.com"])
    told = dict(spellings("mìng.li@Example.com"))
    assert len(told) == 16
    for spelling, text in told.items():
        found = [needle.spelling for needle in needles.find(bytes(before) + text + b"\0")]
        assert found, spelling
    assert not list(needles.find(b"somebody@Example.com" * 10))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scanned")


@pytest.fixture(scope="module")
def shop(root: Path) -> Shop:
    return make_shop(root, people=300)


def test_no_raw_identifier_lies_anywhere_in_a_workspace(shop: Shop, root: Path):
    values = identifiers(root)
    assert len(values) > 1_500
    assert leaks(shop, values) == []


def test_nothing_of_erased_people_is_left_and_everybody_else_is_as_before(shop: Shop, root: Path):
    names = leaving(shop, root, 10)
    subject = subject_of(shop, names)
    assert len(remains(shop, subject)) > 500
    before = others(shop, subject)

    shop.erase(shop.plan_erase(names))

    assert remains(shop, subject) == []
    assert others(shop, subject) == before
    assert all(before[name] for name in ("events", "links", "persons", "partials", "history", "refused"))
