"""What data may be used for: purposes with their legal basis. A purpose that nobody registered is denied."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import sqlalchemy as sa

from qianmian.core.errors import InputError, PurposeError
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.tables import PURPOSES

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TABLE = declared(PURPOSES)


class Basis(Enum):
    """Legal bases: Article 13 of China's PIPL and Article 6 of the GDPR.

    ``legitimate_interests`` is the GDPR's alone: the PIPL does not know it.
    """

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"


@dataclass(frozen=True)
class Purpose:
    """A purpose for which this workspace may use data."""

    name: str
    basis: Basis
    registered_at: datetime


class PurposeRegistry:
    """The purposes of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine) -> None:
        """The purposes in a catalogue whose tables exist."""
        self._catalogue = catalogue

    def register_first(self, at: datetime) -> None:
        """Register what every workspace starts with: ``operate`` on contract, ``analyse`` on consent."""
        self.register("operate", Basis.CONTRACT, at)
        self.register("analyse", Basis.CONSENT, at)

    def register(self, name: str, basis: Basis, at: datetime) -> None:
        """Allow a purpose on a legal basis; a purpose registered before gets the new basis.

        Raises:
            InputError: the name is not lower-case letters, digits and underscores.
        """
        if not _NAME.fullmatch(name):
            raise InputError("purpose_name", given=name[:60])
        with self._catalogue.begin() as connection:
            connection.execute(sa.delete(_TABLE).where(_TABLE.c.name == name))
            row = {"name": name, "basis": basis.value, "registered_at": microseconds(at)}
            connection.execute(sa.insert(_TABLE).values(row))

    def remove(self, name: str) -> None:
        """Deny a purpose from now on.

        Raises:
            PurposeError: it is not registered.
        """
        self.check(name)
        with self._catalogue.begin() as connection:
            connection.execute(sa.delete(_TABLE).where(_TABLE.c.name == name))

    def check(self, purpose: str) -> None:
        """Let a registered purpose pass.

        Raises:
            PurposeError: the purpose is not registered; the hint says how to.
        """
        names = [known.name for known in self.registered()]
        if purpose not in names:
            raise PurposeError("unknown_purpose", purpose=purpose[:60], registered=names)

    def registered(self) -> list[Purpose]:
        """The purposes in the order of their names."""
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(_TABLE).order_by(_TABLE.c.name)).all()
        return [Purpose(row.name, Basis(row.basis), instant_of(row.registered_at)) for row in rows]
