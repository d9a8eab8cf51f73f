"""What a shop declares and decides, read at one moment: more may come while a build runs."""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.app.cleaning import CleaningRules
from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.fact_rules import KeptFactRules
from qianmian.app.identity_decisions import Decision, IdentityDecisions
from qianmian.app.identity_rules import IdentityRules
from qianmian.app.tie_kinds import KeptTieKinds
from qianmian.app.workspace import Workspace
from qianmian.profile.tags.declaration.document import Declaration
from qianmian.unify.clean.rules import Cleaning
from qianmian.unify.facts.rules import FactRules
from qianmian.unify.identity.rules import Rules
from qianmian.unify.ties.kinds import TieKinds


@dataclass(frozen=True)
class Declarations:
    """What a build goes by.

    Attributes:
        cleaning: how data are read, cleaned and filled.
        tags: the shop's own.
        rules: of identity.
        decisions: about who is who, the newest first.
        kinds: of tie.
        facts: how sources are weighed.
    """

    cleaning: Cleaning
    tags: Declaration
    rules: Rules
    decisions: list[Decision]
    kinds: TieKinds
    facts: FactRules


def declarations(workspace: Workspace) -> Declarations:
    """What the shop declares now."""
    kept = workspace.catalogue, workspace.clock
    return Declarations(
        cleaning=CleaningRules(*kept).cleaning(),
        tags=DeclaredTags(*kept).declaration(),
        rules=IdentityRules(*kept).rules(),
        decisions=IdentityDecisions(*kept).all(),
        kinds=KeptTieKinds(*kept).kinds(),
        facts=KeptFactRules(*kept).rules(),
    )
