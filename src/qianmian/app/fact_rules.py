"""The fact rules of a workspace, and their versions."""

from __future__ import annotations

import sqlalchemy as sa

from qianmian.app.tables import FACT_RULES
from qianmian.app.versions import Version, Versions
from qianmian.core.clock import Clock
from qianmian.core.messages import Message
from qianmian.unify.facts.declaration import built_in_rules, read_rules
from qianmian.unify.facts.rules import FactRules


class KeptFactRules(Versions):
    """Fact rules, kept in the catalogue; where there are none, those that come with the product hold."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The rules in a catalogue whose tables exist."""
        super().__init__(catalogue, clock, FACT_RULES)

    def rules(self) -> FactRules:
        """What holds."""
        current = self.current()
        return read_rules(current.text, Message("fact_rules")) if current else built_in_rules()

    def apply(self, text: str, name: str | Message, *, by: str = "") -> Version:
        """Let rules hold from the next build on; what says the same as the version that holds makes none.

        Raises:
            RulesError: they are none.
        """
        return self._add(text, read_rules(text, name).digest, by)
