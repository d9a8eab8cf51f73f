"""Ties over HTTP: a person's, what speaks for them, and the kinds that the shop declares."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from qianmian.app.contracts.ties import (
    PersonTiesTold,
    TieEvidenceTold,
    TieKindsTold,
    TieSummaryTold,
    kinds_difference,
)
from qianmian.app.contracts.versions import DifferenceTold
from qianmian.app.questions.tie_summary import tie_summary
from qianmian.app.questions.ties import Page, tie_evidence, ties
from qianmian.app.tie_kinds import KeptTieKinds
from qianmian.core.messages import Message
from qianmian.http.asked import Asking, OpenShop, Purpose
from qianmian.http.errors import told
from qianmian.http.people import Cursor, Person
from qianmian.unify.ties.declaration import MOST_BYTES, read_kinds

router = APIRouter(tags=["unify"])


class TieKindsAsked(BaseModel):
    """Kinds of tie to check or to apply."""

    text: str = Field(max_length=MOST_BYTES, description="YAML, see docs/guides/ties.md")


@router.get("/api/people/{person}/ties", responses=told(400, 403, 404))
def list_ties(  # what can be asked
    shop: OpenShop,
    purpose: Purpose,
    person: Person,
    kind: Annotated[str | None, Query(max_length=20, description="only people tied by this kind")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="people on a page")] = 20,
) -> PersonTiesTold:
    """List the people to whom a person is tied, the strongest first."""
    return PersonTiesTold.model_validate(ties(shop, f"person:{person}", Page(kind, cursor, limit), purpose=purpose))


@router.get("/api/people/{person}/ties/{other}", responses=told(400, 403, 404))
def show_tie(shop: OpenShop, purpose: Purpose, person: Person, other: Person) -> TieEvidenceTold:
    """Show the ties between two people with the first and the last event of each."""
    found = tie_evidence(shop, f"person:{person}", f"person:{other}", purpose=purpose)
    return TieEvidenceTold.model_validate(found)


@router.get("/api/ties/summary", responses=told(403, 404))
def show_tie_summary(shop: OpenShop, purpose: Purpose) -> TieSummaryTold:
    """Show what the last build found of each kind of tie."""
    return TieSummaryTold.model_validate(tie_summary(shop, purpose=purpose))


@router.get("/api/ties/kinds", responses=told(403))
def show_tie_kinds(shop: OpenShop, _purpose: Purpose) -> TieKindsTold:
    """Show which events tie people, and whether the last build was made so."""
    return TieKindsTold.of(shop.workspace)


@router.post("/api/ties/kinds/check", responses=told(403, 422))
def check_tie_kinds(shop: OpenShop, _purpose: Purpose, asked: TieKindsAsked) -> DifferenceTold:
    """Tell whether kinds of tie can be applied, and which differ from those that hold."""
    holding = KeptTieKinds(shop.workspace.catalogue, shop.workspace.clock).kinds()
    return kinds_difference(read_kinds(asked.text, Message("tie_kinds")), holding)


@router.put("/api/ties/kinds", responses=told(422))
def apply_tie_kinds(shop: OpenShop, caller: Asking, asked: TieKindsAsked) -> TieKindsTold:
    """Let kinds of tie hold from the next build on, for all the past too."""
    workspace = shop.workspace
    KeptTieKinds(workspace.catalogue, workspace.clock).apply(asked.text, Message("tie_kinds"), by=caller.account)
    return TieKindsTold.of(workspace)
