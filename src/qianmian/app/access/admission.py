"""Admission: who a request comes from, by the session of its browser or by its token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from qianmian.app.access.accounts import Accounts, spelled
from qianmian.app.access.attempts import Attempts
from qianmian.app.access.sessions import Session, Sessions
from qianmian.app.access.token_file import FILE_NAME, api_token, is_same
from qianmian.app.access.tokens import ApiTokens
from qianmian.app.workspace import Workspace
from qianmian.core.errors import SignInError, TokenError


@dataclass(frozen=True)
class Caller:
    """Who a request comes from.

    Attributes:
        account: the account that is signed in or made the token; empty = whoever reads the workspace's token file.
        session: the session of the browser; None if a token was shown.
    """

    account: str
    session: Session | None = None


class Admission:
    """Lets in who has a session or a token of an open workspace."""

    def __init__(self, workspace: Workspace) -> None:
        """For one process that serves the workspace."""
        settings, catalogue, clock = workspace.settings, workspace.catalogue, workspace.clock
        self.accounts = Accounts(catalogue, clock)
        self.tokens = ApiTokens(catalogue, clock)
        self.sessions = Sessions(
            catalogue,
            clock,
            idle=timedelta(hours=settings.sign_in_idle_hours),
            longest=timedelta(days=settings.sign_in_days),
        )
        self._attempts = Attempts(clock)
        self._entropy = workspace.entropy
        self._file_token = api_token(workspace.data / "keys", workspace.entropy)

    def by_token(self, text: str) -> Caller:
        """Who shows a token.

        Raises:
            TokenError: it is missing, wrong or withdrawn.
        """
        if is_same(text, self._file_token):
            return Caller("")
        token = self.tokens.find(text)
        if token is None:
            raise TokenError("wrong_token", file=FILE_NAME)
        return Caller(token.account)

    def by_session(self, secret: str) -> Caller:
        """Who holds a session.

        Raises:
            SignInError: nobody does: it was never begun, or has ended.
        """
        session = self.sessions.find(secret) if secret else None
        if session is None:
            raise SignInError("not_signed_in")
        return Caller(session.account, session)

    def sign_in(self, account: str, password: str) -> tuple[str, Caller]:
        """Begin a session; returns what the browser is to hold.

        Raises:
            SignInError: account or password is wrong; which of them is not told.
            TooManyAttemptsError: somebody tries too often.
        """
        self._check_password(account, password)
        secret, session = self.sessions.begin(spelled(account), self._entropy)
        return secret, Caller(session.account, session)

    def change_password(self, caller: Caller, current: str, new: str) -> tuple[str, Caller]:
        """Give the caller's account another password; every other session of it ends, this browser gets a new one.

        Raises:
            SignInError: the current password is wrong.
            TooManyAttemptsError: somebody tries too often.
            InputError: the new password is too short.
        """
        self._check_password(caller.account, current)
        self.accounts.set_password(caller.account, new)
        secret, session = self.sessions.begin(caller.account, self._entropy)
        return secret, Caller(session.account, session)

    def add_token(self, caller: Caller, name: str) -> str:
        """Make a token for a program; its text is told once."""
        return self.tokens.add(name, caller.account, self._entropy)

    def _check_password(self, account: str, password: str) -> None:
        name = spelled(account)
        self._attempts.admit(name)
        if not self.accounts.is_right(name, password):
            raise SignInError("wrong_password")
        self._attempts.clear(name)
