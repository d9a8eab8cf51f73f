"""What the doors tell of identity rules, and of what others would change."""

from __future__ import annotations

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.versions import VersionTold
from qianmian.app.identity_rules import IdentityRules
from qianmian.app.identity_simulation import Cluster, Example, Simulation
from qianmian.app.plan import published_rules
from qianmian.app.versions import Version
from qianmian.app.workspace import Workspace
from qianmian.core.people import id_text
from qianmian.unify.identity.declaration import built_in_rules
from qianmian.unify.identity.rules import built_in_text


class IdentityRulesTold(Contract):
    """The identity rules of a shop."""

    own: VersionTold | None = Field(description="the shop's own; empty = those of the product hold")
    built_in: str = Field(description="the rules that come with the product, as YAML")
    digest: str = Field(description="of the rules that hold")
    is_published: bool = Field(description="whether the last build was made by them; else the next one will be")
    earlier: list[VersionTold] = Field(description="the versions before, newest first")

    @classmethod
    def of(cls, workspace: Workspace) -> IdentityRulesTold:
        """What holds now."""
        versions = IdentityRules(workspace.catalogue, workspace.clock).all()
        told = [VersionTold.model_validate(one) for one in versions]
        digest = versions[0].digest if versions else built_in_rules().digest
        return cls(
            own=told[0] if told else None,
            built_in=built_in_text(),
            digest=digest,
            is_published=published_rules(workspace) == digest,
            earlier=told[1:],
        )


class IdentityRulesAppliedTold(VersionTold):
    """Rules that were applied, and whether people are what they say already."""

    is_published: bool = Field(description="whether the last build was made by them; else the next one will be")

    @classmethod
    def applied(cls, workspace: Workspace, version: Version) -> IdentityRulesAppliedTold:
        """The version, beside the last build."""
        return cls(**vars(version), is_published=published_rules(workspace) == version.digest)


class ClusterTold(Contract):
    """Somebody with many identifiers."""

    person_id: str = Field(description="who")
    identifiers: int = Field(description="how many")

    @classmethod
    def of(cls, some: tuple[Cluster, ...]) -> list[ClusterTold]:
        """The largest first."""
        return [cls(person_id=id_text(one.person_id), identifiers=one.identifiers) for one in some]


class NameTold(Contract):
    """An identifier, masked."""

    namespace: str = Field(description="kind of identifier")
    value: str = Field(description="masked")


class ChangedPersonTold(Contract):
    """Somebody who would change."""

    person_id: str = Field(description="who by the rules that hold")
    becomes: list[str] = Field(description="who by the others; empty = nobody")
    names: list[NameTold] = Field(description="some identifiers, masked")
    identifiers: int = Field(description="how many there are")
    joined_by: int = Field(description="how many other people would become the same")

    @classmethod
    def of(cls, one: Example) -> ChangedPersonTold:
        """The example, its ids as text."""
        return cls(
            person_id=id_text(one.person_id),
            becomes=[id_text(person) for person in one.becomes if person],
            names=[NameTold(namespace=namespace, value=value) for namespace, value in one.names],
            identifiers=one.identifiers,
            joined_by=one.joined_by,
        )


class AffectedTold(Contract):
    """A saved audience with members who would change."""

    audience: int = Field(description="its number")
    name: str = Field(description="what its owner calls it")
    people: int = Field(description="its members by the last build")
    changed: int = Field(description="how many of them would change")


class SimulationTold(Contract):
    """The people of the lake's history by the rules that hold, and by others."""

    people_before: int = Field(description="by the rules that hold")
    people_after: int = Field(description="by the others")
    merges: int = Field(description="people of the others who are several by those that hold")
    splits: int = Field(description="people by those that hold who are several by the others")
    nobody: int = Field(description="identifiers that would name nobody any more")
    changed: int = Field(description="people who would lose or gain something")
    largest_before: list[ClusterTold] = Field(description="who has the most identifiers, by the rules that hold")
    largest_after: list[ClusterTold] = Field(description="the same by the others")
    named: list[ChangedPersonTold] = Field(description="who was asked for, whether they would change or not")
    examples: list[ChangedPersonTold] = Field(description="some of those who would change, the largest first")
    audiences: list[AffectedTold] = Field(description="saved audiences with members who would change")

    @classmethod
    def of(cls, found: Simulation) -> SimulationTold:
        """The simulation, its ids as text."""
        clusters = {name: ClusterTold.of(getattr(found, name)) for name in ("largest_before", "largest_after")}
        people = {name: [ChangedPersonTold.of(one) for one in getattr(found, name)] for name in ("named", "examples")}
        audiences = [AffectedTold.model_validate(one) for one in found.audiences]
        return cls(**{**vars(found), **clusters, **people, "audiences": audiences})
