"""Clauses of a condition, each counted by itself, in the words of the reader."""

from __future__ import annotations

import pytest

from qianmian.app.questions.clauses import clauses
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import ConditionError, PurposeError
from qianmian.core.language import Language


@pytest.mark.parametrize("join", ["and", "or"])
def test_each_clause_counts_those_who_meet_it_alone(crowd, join):
    texts = ["orders_total >= 2", "did('Order Completed', last='30d')", "not (lifecycle = 'lost' or orders_total = 1)"]
    told = clauses(crowd.shop, f" {join} ".join(texts), Language.ZH, purpose=ANALYSE)
    assert [one.condition for one in told.clauses] == texts
    assert [one.people for one in told.clauses] == [crowd.shop.audience(text, limit=0).size() for text in texts]
    assert len({one.people for one in told.clauses}) > 1
    assert "订单" in told.clauses[0].sentence
    assert told.of_people == crowd.shop.audience(texts[0], limit=0).of_people


def test_what_nothing_joins_is_one_clause_and_what_is_wrong_is_said(crowd):
    [only] = clauses(crowd.shop, "not orders_total >= 2", Language.EN, purpose=ANALYSE).clauses
    assert only.condition == "not orders_total >= 2"
    with pytest.raises(ConditionError):
        clauses(crowd.shop, "orders_total >=", Language.EN, purpose=ANALYSE)
    with pytest.raises(PurposeError):
        clauses(crowd.shop, "orders_total >= 2", Language.EN, purpose="advertise")
