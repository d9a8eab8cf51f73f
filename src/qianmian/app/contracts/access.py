"""What the doors tell of who is signed in, of accounts and of tokens."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from qianmian.app.access.admission import Caller
from qianmian.app.access.tokens import ApiToken
from qianmian.app.answers import Computed
from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.profile import ComputedTold
from qianmian.core.settings import Settings


class ShopTold(Contract):
    """The shop that a workspace holds."""

    name: str = Field(description="name of the shop")
    time_zone: str = Field(description="IANA zone that decides what a local date is")
    currency: str = Field(description="ISO 4217 code")
    language: str = Field(description="language of the workspace: zh-CN or en")


class SessionTold(Contract):
    """Who asks, and of which shop."""

    user: str = Field(description="account that is signed in or made the token; empty = the workspace's own token")
    signed_in_at: datetime | None = Field(description="when the browser signed in; empty = a token was shown")
    expires_at: datetime | None = Field(description="when it is signed out in any case")
    shop: ShopTold = Field(description="the shop")
    version: str = Field(description="version of the product")
    computed: ComputedTold | None = Field(description="the last build; empty = nothing was built yet")

    @classmethod
    def of(cls, caller: Caller, settings: Settings, version: str, computed: Computed | None) -> SessionTold:
        """The caller beside the shop."""
        session = caller.session
        return cls(
            user=caller.account,
            signed_in_at=session.began_at if session else None,
            expires_at=session.expires_at if session else None,
            shop=ShopTold.model_validate(settings),
            version=version,
            computed=ComputedTold.of(computed) if computed else None,
        )


class EndedTold(Contract):
    """Sessions that were ended."""

    ended: int = Field(description="browsers that are signed out now")


class AccountTold(Contract):
    """Somebody who may sign in."""

    account: str = Field(description="name of the account")
    created_at: datetime = Field(description="when it was made")
    changed_at: datetime = Field(description="when its password was last set")


class ApiTokenTold(Contract):
    """A token without its secret."""

    name: str = Field(description="what its owner calls it")
    account: str = Field(description="who made it")
    shown: str = Field(description="its beginning and its last four signs")
    created_at: datetime = Field(description="when it was made")
    used_at: datetime | None = Field(description="when it was last used, to an hour; empty = never")

    @classmethod
    def of(cls, token: ApiToken) -> ApiTokenTold:
        """The token as a list shows it."""
        return cls(
            name=token.name,
            account=token.account,
            shown=f"qm_…{token.ending}",
            created_at=token.created_at,
            used_at=token.used_at,
        )


class MadeTokenTold(Contract):
    """A token that was just made."""

    name: str = Field(description="what its owner calls it")
    token: str = Field(description="the token; it is told here and never again")
