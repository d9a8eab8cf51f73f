"""The identity rules of a workspace: their versions, and whom they name as nobody."""

from __future__ import annotations

import re

import sqlalchemy as sa

from qianmian.app.identity_tables import IDENTITY_RULES
from qianmian.app.versions import Version, Versions
from qianmian.app.workspace import Workspace
from qianmian.core.clock import Clock
from qianmian.core.messages import Message
from qianmian.core.people import NAMESPACES
from qianmian.privacy.pseudonyms import node_id, normalise
from qianmian.unify.identity.declaration import built_in_rules, read_rules
from qianmian.unify.identity.rules import Rules


class IdentityRules(Versions):
    """Identity rules, kept in the catalogue; where there are none, those that come with the product hold."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The rules in a catalogue whose tables exist."""
        super().__init__(catalogue, clock, IDENTITY_RULES)

    def rules(self) -> Rules:
        """What holds."""
        current = self.current()
        return read_rules(current.text, Message("identity_rules")) if current else built_in_rules()

    def apply(self, text: str, name: str | Message, *, by: str = "") -> Version:
        """Let rules hold from the next build on; what says the same as the version that holds makes none.

        Raises:
            RulesError: they are none.
        """
        return self._add(text, read_rules(text, name).digest, by)


def blocked_nodes(workspace: Workspace, rules: Rules) -> tuple[int, ...]:
    """The nodes that name nobody by some rules, ascending.

    A word is found by its pseudonym, in both its spellings; a pattern only by reading every identifier in the vault.
    """
    found: set[int] = set()
    for one in rules.blocked:
        found |= set(one.nodes)
        for namespace in (one.namespace,) if one.namespace else NAMESPACES:
            values = {normalise(namespace, text) for word in one.words for text in (word, word.casefold())}
            found |= {node_id(workspace.keys.node, namespace, value)[0] for value in values if value}
    fitting = [(one.namespace, re.compile(one.expression())) for one in rules.blocked if one.patterns]
    for node, identifier in workspace.vault.identifiers() if fitting else ():
        value = identifier.value.casefold()
        if any(namespace in ("", identifier.namespace) and form.match(value) for namespace, form in fitting):
            found.add(node)
    return tuple(sorted(found))
