"""A purpose that nobody registered is denied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from qianmian.core.errors import InputError, PurposeError
from qianmian.privacy.purposes import Basis, Purpose, PurposeRegistry
from qianmian.privacy.tables import PURPOSES
from tests.databases import Database

AT = datetime(2026, 11, 11, tzinfo=UTC)


@pytest.fixture
def catalogue(database: Database) -> Iterator[sa.Engine]:
    engine = database.open(PURPOSES)
    yield engine
    engine.dispose()


def test_nothing_is_allowed_before_it_is_registered(catalogue: sa.Engine) -> None:
    with pytest.raises(PurposeError, match="registered: none") as caught:
        PurposeRegistry(catalogue).check("analyse")
    assert "qianmian purpose add analyse --basis" in caught.value.hint


def test_a_workspace_starts_with_operate_and_analyse(catalogue: sa.Engine) -> None:
    registry = PurposeRegistry(catalogue)
    registry.register_first(AT)
    registry.check("operate")
    registry.check("analyse")
    with pytest.raises(PurposeError, match="'advertise' is not registered; registered: analyse, operate"):
        registry.check("advertise")


def test_a_registration_survives_and_its_basis_can_change(catalogue: sa.Engine) -> None:
    PurposeRegistry(catalogue).register("advertise", Basis.CONTRACT, AT)
    again = PurposeRegistry(catalogue)
    again.register("advertise", Basis.CONSENT, AT + timedelta(days=1))
    assert again.registered() == [Purpose("advertise", Basis.CONSENT, AT + timedelta(days=1))]


def test_a_removed_purpose_is_denied(catalogue: sa.Engine) -> None:
    registry = PurposeRegistry(catalogue)
    registry.register_first(AT)
    registry.remove("analyse")
    for action in (registry.check, registry.remove):
        with pytest.raises(PurposeError, match="'analyse' is not registered"):
            action("analyse")


@pytest.mark.parametrize("name", ["", "Advertise", "a b", "1st", "'; DROP TABLE purposes; --", "x" * 41])
def test_a_purpose_has_a_plain_name(catalogue: sa.Engine, name: str) -> None:
    with pytest.raises(InputError, match="lower-case"):
        PurposeRegistry(catalogue).register(name, Basis.CONSENT, AT)
