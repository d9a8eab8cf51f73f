"""What the doors tell of facts that several sources state, and of the rules by which they are checked."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.profile import ComputedTold
from qianmian.app.contracts.versions import VersionTold
from qianmian.app.fact_rules import KeptFactRules
from qianmian.app.plan import published_facts
from qianmian.app.questions.facts import FactReport
from qianmian.app.workspace import Workspace
from qianmian.unify.facts.rules import built_in_text


class TraitStatementTold(Contract):
    """What a source says of a trait."""

    source: str = Field(description="who says it")
    stated_at: datetime = Field(description="when, UTC")
    value: str | None = Field(description="what; empty = no value of the trait, or not told in a list")
    counts: bool = Field(description="whether it is the source's vote: its latest that can be read")
    supports: bool = Field(description="whether it is for what holds")
    vote: float = Field(description="what it is worth, log-odds that fade with its age beside the newest")


class TraitTold(Contract):
    """A trait of a person, with all that was said of it."""

    person: str = Field(description="id of the person")
    trait: str = Field(description="name of the trait")
    sensitive: bool = Field(description="whether its values are told of one person alone, never in lists")
    value: str | None = Field(description="what holds; empty = not told in a list")
    confidence: float = Field(description="how likely it is right, from 0 to 1")
    stated_at: datetime = Field(description="when a source last stated it, UTC")
    speaking: int = Field(description="sources that state a value")
    supporting: int = Field(description="of them, those that state this one")
    runner_up: str | None = Field(description="the next likely value that is stated; empty = none")
    is_disputed: bool = Field(description="whether the runner-up is at least 10 % likely")
    statements: list[TraitStatementTold] = Field(description="all of them, the newest first")


class PersonTraitsTold(Contract):
    """A person's traits, by name."""

    person: str = Field(description="id of the person")
    traits: list[TraitTold] = Field(description="by name")
    computed: ComputedTold = Field(description="from which build")


class DisputedPeopleTold(Contract):
    """A page of the people whose trait is disputed, the least certain first."""

    trait: str = Field(description="which")
    total: int = Field(description="people on all pages")
    people: list[TraitTold] = Field(description="the trait of each")
    next: str | None = Field(description="cursor of the next page; empty = this is the last")
    computed: ComputedTold = Field(description="from which build")


class TraitCoverageTold(Contract):
    """How far a trait is known."""

    trait: str = Field(description="name of the trait")
    sensitive: bool = Field(description="whether its values are told of one person alone")
    people: int = Field(description="of whom a source states it")
    compared: int = Field(description="of whom at least two sources do")
    contradicted: int = Field(description="of whom not all that speak say the same")
    disputed: int = Field(description="of whom another value is at least 10 % likely")
    confidence: float = Field(description="the mean over the people")
    statements: int = Field(description="ever made, also those that do not count")
    unreadable: int = Field(description="of them, those that are no value of the trait")


class PairAgreementTold(Contract):
    """How well two sources agree on a trait."""

    trait: str = Field(description="name of the trait")
    one: str = Field(description="a source")
    other: str = Field(description="another")
    people: int = Field(description="of whom both speak")
    agree: int = Field(description="of whom they say the same")
    low: float = Field(description="lower bound of the share, 95 %, Wilson")
    high: float = Field(description="its upper bound")
    kappa: float | None = Field(description="Cohen's: 0 = as chance would have it; empty = both say one thing of all")


class SourceAgreementTold(Contract):
    """How often a source says what the others resolve without it."""

    trait: str = Field(description="name of the trait")
    source: str = Field(description="the source")
    trust: float = Field(description="how far it is trusted, as declared")
    people: int = Field(description="of whom it speaks, and another too")
    agree: int = Field(description="of whom it says what the others resolve")
    low: float = Field(description="lower bound of the share, 95 %, Wilson")
    high: float = Field(description="its upper bound")


class FactReportTold(Contract):
    """How far traits are known, and how well sources agree on them."""

    people: int = Field(description="everybody in the shop")
    traits: list[TraitCoverageTold] = Field(description="by name, those of which nothing is said too")
    pairs: list[PairAgreementTold] = Field(description="each two sources that both speak of somebody")
    sources: list[SourceAgreementTold] = Field(description="each source beside all others")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, report: FactReport) -> FactReportTold:
        """The report of the last build."""
        return cls.model_validate({**vars(report.agreement), "people": report.people, "computed": report.computed})


class FactRulesTold(Contract):
    """The fact rules of a shop."""

    own: VersionTold | None = Field(description="the shop's own; empty = those of the product hold")
    built_in: str = Field(description="those that come with the product, as YAML")
    digest: str = Field(description="of the rules that hold")
    is_published: bool = Field(description="whether the last build was made by them; else the next one will be")
    earlier: list[VersionTold] = Field(description="the versions before, newest first")

    @classmethod
    def of(cls, workspace: Workspace) -> FactRulesTold:
        """What holds now."""
        kept = KeptFactRules(workspace.catalogue, workspace.clock)
        versions, holding = [VersionTold.model_validate(one) for one in kept.all()], kept.rules()
        return cls(
            own=versions[0] if versions else None,
            built_in=built_in_text(),
            digest=holding.digest,
            is_published=published_facts(workspace) == holding,
            earlier=versions[1:],
        )
