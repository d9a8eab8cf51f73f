"""Accounts: the people who may sign in to the console, each with a password of their own."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from qianmian.app.access import passwords
from qianmian.app.tables import ACCOUNTS, API_TOKENS, CONSOLE_SESSIONS
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.privacy.database import declared, instant_of, microseconds

#: Name of the account that `qianmian init` makes.
OWNER = "owner"
_NAME = re.compile(r"[\w.@+-]{1,60}")


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in.

    Attributes:
        account: name of the account.
        created_at: when it was made.
        changed_at: when its password was last set.
    """

    account: str
    created_at: datetime
    changed_at: datetime


class Accounts:
    """The accounts of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The accounts in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(ACCOUNTS)
        self._owned = (declared(CONSOLE_SESSIONS), declared(API_TOKENS))

    def all(self) -> list[Account]:
        """All accounts, by name."""
        columns = self._table.c.account, self._table.c.created_at, self._table.c.changed_at
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(*columns).order_by(self._table.c.account)).all()
        return [Account(name, instant_of(created), instant_of(changed)) for name, created, changed in rows]

    def add(self, account: str, password: str) -> Account:
        """Make an account.

        Raises:
            InputError: there is one with that name, the name has odd signs, or the password is too short.
        """
        name = spelled(account)
        if not _NAME.fullmatch(name):
            raise InputError("account_name")
        now = self._clock.now()
        row = {"account": name, "password_hash": passwords.hashed(password)}
        instants = {"created_at": microseconds(now), "changed_at": microseconds(now)}
        try:
            with self._catalogue.begin() as connection:
                connection.execute(sa.insert(self._table).values(**row, **instants))
        except sa.exc.IntegrityError:
            raise InputError("account_exists", account=name) from None
        return Account(name, now, now)

    def set_password(self, account: str, password: str) -> None:
        """Give an account another password; every session of the account ends, its tokens stay.

        Raises:
            UnknownNameError: there is no such account.
            InputError: the password is too short.
        """
        name, stored = spelled(account), passwords.hashed(password)
        change = sa.update(self._table).where(self._table.c.account == name)
        with self._catalogue.begin() as connection:
            values = {"password_hash": stored, "changed_at": microseconds(self._clock.now())}
            if not connection.execute(change.values(**values)).rowcount:
                raise UnknownNameError("no_account")
            sessions = self._owned[0]
            connection.execute(sa.delete(sessions).where(sessions.c.account == name))

    def remove(self, account: str) -> None:
        """Remove an account with its sessions and tokens.

        Raises:
            UnknownNameError: there is no such account.
            InputError: it is the last one.
        """
        name = spelled(account)
        with self._catalogue.begin() as connection:
            # a server lets two remove the last two at once, unless the second waits here
            connection.execute(sa.select(self._table.c.account).with_for_update())
            if not connection.execute(sa.delete(self._table).where(self._table.c.account == name)).rowcount:
                raise UnknownNameError("no_account")
            if not connection.execute(sa.select(sa.func.count()).select_from(self._table)).scalar():
                raise InputError("last_account", account=name)
            for table in self._owned:
                connection.execute(sa.delete(table).where(table.c.account == name))

    def is_right(self, account: str, password: str) -> bool:
        """Whether an account has that password; takes as long if there is no such account."""
        wanted = sa.select(self._table.c.password_hash).where(self._table.c.account == spelled(account))
        with self._catalogue.connect() as connection:
            stored = connection.execute(wanted).scalar()
        return passwords.is_right(stored, password)


def spelled(account: str) -> str:
    """The one spelling of an account's name.

    >>> spelled(" Ｏwner ")
    'owner'
    """
    return unicodedata.normalize("NFKC", account).strip().casefold()
