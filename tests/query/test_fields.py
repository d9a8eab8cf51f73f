"""A vocabulary names only what can safely stand in SQL and be compared."""

from __future__ import annotations

import pytest

from qianmian.core.tables import Type
from qianmian.query.fields import HistoryField, TagField


@pytest.mark.parametrize("name", ['a"b', "a b", "a;b", "", "1a", "and", "Last"])
def test_a_name_that_is_no_identifier_or_reserved_is_refused(name):
    with pytest.raises(ValueError, match="cannot be named"):
        TagField(name, Type.TEXT)
    with pytest.raises(ValueError, match="cannot be named"):
        HistoryField("fine", name, Type.TEXT)


@pytest.mark.parametrize("unfit", [Type.ID, Type.JSON])
def test_a_type_that_conditions_do_not_compare_is_refused(unfit):
    with pytest.raises(ValueError, match="conditions compare no such values"):
        TagField("fine", unfit)


def test_a_coded_field_is_written_as_text():
    with pytest.raises(ValueError, match="is coded, so its author writes text"):
        HistoryField("fine", "fine", Type.MONEY, coded=True)
