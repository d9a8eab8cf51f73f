"""What routes ask of a request: the open shop, and a purpose that is registered."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Query, Request
from fastapi.security import HTTPBearer

from qianmian.app.background import Background
from qianmian.app.shop import ANALYSE, OPERATE, Shop

#: Only for the documentation: the gate has checked the token before any body was read.
bearer = HTTPBearer(auto_error=False, description="the token in data/keys/api.token")


def _shop(request: Request) -> Shop:
    return cast(Shop, request.app.state.shop)


def _background(request: Request) -> Background:
    return cast(Background, request.app.state.background)


OpenShop = Annotated[Shop, Depends(_shop)]
Jobs = Annotated[Background, Depends(_background)]
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
