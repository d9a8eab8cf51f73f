"""Who is who over HTTP, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from qianmian.app.contracts.identity import ExplainedTold
from qianmian.app.questions.identity import explain
from qianmian.http.asked import OpenShop, Purpose, Spoken
from qianmian.http.errors import told

router = APIRouter(prefix="/api/identity", tags=["unify"])

_NAME = "namespace:value, a bare user_id, person:<id>, or id:<id> of an answer"


@router.get("/explain", responses=told(400, 403, 404))
def explain_identity(
    shop: OpenShop,
    purpose: Purpose,
    language: Spoken,
    a: Annotated[str, Query(min_length=1, max_length=500, description=_NAME)],
    b: Annotated[
        str | None, Query(min_length=1, max_length=500, description="the same; empty = all that a's person has")
    ] = None,
) -> ExplainedTold:
    """Say which statements join two identifiers, or where their chain breaks; of one, what holds its person."""
    return ExplainedTold.model_validate(explain(shop, a, b, purpose=purpose), context=language)
