"""The shop's context over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from qianmian.app.contracts.context import FoundFactsTold
from qianmian.app.questions.context import ContextKind, facts
from qianmian.http.asked import OpenShop, Purpose
from qianmian.http.errors import told

router = APIRouter(prefix="/api/context", tags=["collect"])


@router.get("", responses=told(400, 403))
def find_facts(  # every filter is a parameter
    shop: OpenShop,
    purpose: Purpose,
    kind: Annotated[ContextKind | None, Query(description="of which kind; empty = any")] = None,
    text: Annotated[str, Query(max_length=200, description="letters in name, number or attributes; empty = all")] = "",
    cursor: Annotated[str | None, Query(max_length=40_000, description="where the last page ended: its `next`")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="facts on a page")] = 50,
) -> FoundFactsTold:
    """Find facts of the context: regions, the calendar, policies."""
    return FoundFactsTold.model_validate(facts(shop, purpose=purpose, kind=kind, text=text, after=cursor, limit=limit))
