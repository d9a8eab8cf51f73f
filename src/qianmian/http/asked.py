"""What routes ask of a request: the open shop, who asks, and a purpose that is registered."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Query, Request
from fastapi.security import HTTPBearer

from qianmian.app.access.admission import Admission, Caller
from qianmian.app.background import Background
from qianmian.app.shop import ANALYSE, OPERATE, Shop
from qianmian.core.errors import SignInError
from qianmian.core.language import Language
from qianmian.http.language import spoken

#: Only for the documentation: the gate has checked the token before any body was read.
bearer = HTTPBearer(auto_error=False, description="a token; the console's cookie does as well")


def _shop(request: Request) -> Shop:
    return cast(Shop, request.app.state.shop)


def _background(request: Request) -> Background:
    return cast(Background, request.app.state.background)


def _admission(request: Request) -> Admission:
    return cast(Admission, request.app.state.admission)


def asking(request: Request) -> Caller:
    """Who the gate let in; a route behind it that nobody was let in to answers nothing.

    Raises:
        SignInError: nobody was.
    """
    caller = getattr(request.state, "caller", None)
    if not isinstance(caller, Caller):
        raise SignInError("not_signed_in")
    return caller


def _signed_in(caller: Annotated[Caller, Depends(asking)]) -> Caller:
    if caller.session is None:
        raise SignInError("no_tokens_here")
    return caller


#: The language in which people read the answer.
Spoken = Annotated[Language, Depends(spoken)]
OpenShop = Annotated[Shop, Depends(_shop)]
Jobs = Annotated[Background, Depends(_background)]
Admitting = Annotated[Admission, Depends(_admission)]
Asking = Annotated[Caller, Depends(asking)]
#: Somebody who signed in with a password: what makes or changes credentials takes no token.
SignedIn = Annotated[Caller, Depends(_signed_in)]
PurposeName = Annotated[str, Query(max_length=60, description="what the data is looked up for; must be registered")]


def _analyse(shop: OpenShop, purpose: PurposeName = ANALYSE) -> str:
    shop.workspace.purposes.check(purpose)
    return purpose


def _operate(shop: OpenShop, purpose: PurposeName = OPERATE) -> str:
    shop.workspace.purposes.check(purpose)
    return purpose


#: A purpose that was checked before the route runs.
Purpose = Annotated[str, Depends(_analyse)]
#: The same where people are handed their own data.
OwnDataPurpose = Annotated[str, Depends(_operate)]
