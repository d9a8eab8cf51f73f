"""The identity rules of a workspace: their versions, and whom they name as nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from qianmian.app.identity_tables import IDENTITY_RULES
from qianmian.app.workspace import Workspace
from qianmian.core.clock import Clock
from qianmian.core.messages import Message
from qianmian.core.people import NAMESPACES
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.pseudonyms import node_id, normalise
from qianmian.unify.identity.declaration import built_in_rules, read_rules
from qianmian.unify.identity.rules import Rules


@dataclass(frozen=True)
class IdentityRulesVersion:
    """Identity rules, as they were applied.

    Attributes:
        version: grows by one.
        text: as their author wrote them.
        digest: over what they say, however it was written.
        applied_by: account; empty = the command line or the workspace's own token.
        applied_at: when; they hold from the next build on.
    """

    version: int
    text: str
    digest: str
    applied_by: str
    applied_at: datetime


class IdentityRules:
    """Identity rules, kept in the catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The rules in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._rules = declared(IDENTITY_RULES, sa.MetaData())

    def all(self) -> list[IdentityRulesVersion]:
        """The versions, newest first."""
        query = sa.select(self._rules).order_by(self._rules.c.version.desc())
        with self._catalogue.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [IdentityRulesVersion(**{**row, "applied_at": instant_of(row["applied_at"])}) for row in rows]

    def current(self) -> IdentityRulesVersion | None:
        """The version that holds; None = those that come with the product do."""
        return next(iter(self.all()), None)

    def rules(self) -> Rules:
        """What holds."""
        current = self.current()
        return read_rules(current.text, Message("identity_rules")) if current else built_in_rules()

    def apply(self, text: str, name: str | Message, *, by: str = "") -> IdentityRulesVersion:
        """Let rules hold from the next build on; what says the same as the version that holds makes none.

        Raises:
            RulesError: they are none.
        """
        digest, current = read_rules(text, name).digest, self.current()
        if current and current.digest == digest:
            return current
        number = current.version + 1 if current else 1
        version = IdentityRulesVersion(number, text, digest, by, self._clock.now())
        row = {**vars(version), "applied_at": microseconds(version.applied_at)}
        with self._catalogue.begin() as connection:
            connection.execute(sa.insert(self._rules).values(**row))
        return version


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
