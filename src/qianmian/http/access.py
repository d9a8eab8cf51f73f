"""Sign-in over HTTP: the session of a browser, its password, and tokens for programs."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from qianmian.app.access.admission import Caller
from qianmian.app.access.passwords import LONGEST, SHORTEST
from qianmian.app.answers import Computed
from qianmian.app.contracts.access import ApiTokenTold, EndedTold, MadeTokenTold, SessionTold
from qianmian.app.shop import Shop
from qianmian.core.errors import NotBuiltError
from qianmian.http.asked import Admitting, Asking, OpenShop, SignedIn
from qianmian.http.cookie import give, take_back
from qianmian.http.errors import told

#: Signing in is the one thing that is asked for without being known.
entrance = APIRouter(prefix="/api", tags=["access"])
router = APIRouter(prefix="/api", tags=["access"])

TokenName = Annotated[str, Path(max_length=60, description="name of the token")]


class SignInAsked(BaseModel):
    """Who wants to sign in."""

    user: str = Field(max_length=200, description="name of the account")
    password: str = Field(max_length=LONGEST, description="its password")


class PasswordAsked(BaseModel):
    """A password in the place of another."""

    current: str = Field(max_length=LONGEST, description="the password until now")
    new: str = Field(
        min_length=SHORTEST, max_length=LONGEST, description=f"the password from now on, {SHORTEST} signs or more"
    )


class TokenAsked(BaseModel):
    """What a token is for."""

    name: str = Field(min_length=1, max_length=60, description="such as the program that will use it")


@entrance.post("/session", responses=told(403, 429))
def sign_in(shop: OpenShop, admission: Admitting, response: Response, asked: SignInAsked) -> SessionTold:
    """Sign a browser in: it gets a cookie that no script can read."""
    secret, caller = admission.sign_in(asked.user, asked.password)
    give(response, secret, shop.workspace.settings)
    return _session(shop, caller)


@router.get("/session", responses=told())
def session(shop: OpenShop, caller: Asking) -> SessionTold:
    """Tell who asks, and of which shop."""
    return _session(shop, caller)


@router.delete("/session", responses=told(403))
def sign_out(shop: OpenShop, admission: Admitting, caller: Asking, response: Response) -> EndedTold:
    """Sign this browser out."""
    take_back(response, shop.workspace.settings)
    return EndedTold(ended=admission.sessions.end(caller.session) if caller.session else 0)


@router.delete("/sessions", responses=told(403))
def sign_out_everywhere(shop: OpenShop, admission: Admitting, caller: SignedIn, response: Response) -> EndedTold:
    """Sign every browser of the account out, this one too."""
    take_back(response, shop.workspace.settings)
    return EndedTold(ended=admission.sessions.end_all(caller.account))


@router.put("/session/password", responses=told(400, 403, 429))
def change_password(
    shop: OpenShop, admission: Admitting, caller: SignedIn, response: Response, asked: PasswordAsked
) -> SessionTold:
    """Change the password of the account; every other browser is signed out."""
    secret, renewed = admission.change_password(caller, asked.current, asked.new)
    give(response, secret, shop.workspace.settings)
    return _session(shop, renewed)


@router.get("/tokens", responses=told())
def list_tokens(admission: Admitting) -> list[ApiTokenTold]:
    """List the tokens without their secrets."""
    return [ApiTokenTold.of(token) for token in admission.tokens.all()]


@router.post("/tokens", responses=told(400, 403))
def add_token(admission: Admitting, caller: SignedIn, asked: TokenAsked) -> MadeTokenTold:
    """Make a token for a program; it is told here and never again."""
    return MadeTokenTold(name=asked.name, token=admission.add_token(caller, asked.name))


@router.delete("/tokens/{name}", responses=told(403, 404))
def remove_token(admission: Admitting, _caller: SignedIn, name: TokenName) -> list[ApiTokenTold]:
    """Withdraw a token; answers what is left."""
    admission.tokens.remove(name)
    return list_tokens(admission)


def _session(shop: Shop, caller: Caller) -> SessionTold:
    return SessionTold.of(caller, shop.workspace.settings, version("qianmian"), _last_build(shop))


def _last_build(shop: Shop) -> Computed | None:
    try:
        return shop.computed
    except NotBuiltError:
        return None
