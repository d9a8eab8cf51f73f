"""The kinds of tie of a workspace, and their versions."""

from __future__ import annotations

import sqlalchemy as sa

from qianmian.app.tables import TIE_KINDS
from qianmian.app.versions import Version, Versions
from qianmian.core.clock import Clock
from qianmian.core.messages import Message
from qianmian.unify.ties.declaration import built_in_kinds, read_kinds
from qianmian.unify.ties.kinds import TieKinds


class KeptTieKinds(Versions):
    """Kinds of tie, kept in the catalogue; where there are none, those that come with the product hold."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The kinds in a catalogue whose tables exist."""
        super().__init__(catalogue, clock, TIE_KINDS)

    def kinds(self) -> TieKinds:
        """What holds."""
        current = self.current()
        return read_kinds(current.text, Message("tie_kinds")) if current else built_in_kinds()

    def apply(self, text: str, name: str | Message, *, by: str = "") -> Version:
        """Let kinds hold from the next build on; what says the same as the version that holds makes none.

        Raises:
            RulesError: they are none.
        """
        return self._add(text, read_kinds(text, name).digest, by)
