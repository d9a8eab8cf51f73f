"""Who is who over HTTP, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from qianmian.app.contracts.identity import ExplainedTold, LargePeopleTold, WhoseTold
from qianmian.app.questions.identity import explain
from qianmian.app.questions.large import large_people
from qianmian.app.questions.links_file import links_csv
from qianmian.app.questions.whose import whose
from qianmian.http.asked import OpenShop, OwnDataPurpose, Purpose, Spoken
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


@router.get("/person", responses=told(400, 403, 404))
def find_person(
    shop: OpenShop,
    purpose: Purpose,
    namespace: Annotated[str, Query(min_length=1, max_length=200, description="kind of identifier; or person")],
    value: Annotated[str, Query(min_length=1, max_length=500, description="its value; or an id, also an old one")],
) -> WhoseTold:
    """Say whose an identifier is and was; an old id of a person leads to whoever has it now."""
    return WhoseTold.model_validate(whose(shop, f"{namespace}:{value}", purpose=purpose))


@router.get("/large", responses=told(400, 403, 404))
def list_large_people(
    shop: OpenShop,
    purpose: Purpose,
    limit: Annotated[int | None, Query(ge=1, description="most that raise no alarm; empty = the setting")] = None,
) -> LargePeopleTold:
    """List the people with more identifiers than a limit, the largest first."""
    return LargePeopleTold.model_validate(large_people(shop, purpose=purpose, limit=limit))


@router.get(
    "/links",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **told(403, 404)},
)
def export_links(shop: OpenShop, purpose: OwnDataPurpose) -> StreamingResponse:
    """Write every statement that the last build read into a CSV file, under pseudonyms, the oldest first."""
    _ = shop.computed  # that nothing was built yet is said before the file begins
    headers = {"content-disposition": 'attachment; filename="links.csv"'}
    return StreamingResponse(links_csv(shop, purpose=purpose), media_type="text/csv", headers=headers)
