"""What the doors tell of who is who: why, by which statements, and since when."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract, Words
from qianmian.app.contracts.profile import ComputedTold
from qianmian.app.questions.identity import Verdict
from qianmian.unify.identity.why import Said


class StatementTold(Contract):
    """One piece of evidence: an event that says so."""

    at: datetime = Field(description="when it happened, UTC")
    source: str = Field(description="data source")
    event_id: str = Field(description="the source's id of the event")
    rule: str = Field(description="the rule that saw it: same_event, sign_in or order_number")


class HeldIdentifierTold(Contract):
    """An identifier in a time in which it was one person's."""

    id: str = Field(description="by which it can be asked for again, as id:<id>")
    namespace: str = Field(description="what kind it is")
    value: str | None = Field(description="masked; empty = it was erased")
    since: datetime | None = Field(description="when this time began, UTC; empty = it has no beginning")
    until: datetime | None = Field(description="when the next began, UTC; empty = it is open")
    person: str | None = Field(description="whose it is by the last build; empty = the build does not know this time")
    user: str | None = Field(description="id of the user_id that was signed in; empty = nobody")


class DecidedTold(Contract):
    """What somebody decided by hand."""

    decision: int = Field(description="its number")
    by: str = Field(description="account; empty = the command line or the workspace's token")
    at: datetime = Field(description="when, UTC")
    reason: str = Field(description="why")


class ConnectedTold(Contract):
    """What was said of two identifiers."""

    left: str = Field(description="id of the stronger one: the user_id that was signed in, or who paid")
    right: str = Field(description="id of the other")
    said: Said = Field(description="in which way they belong together")
    joins: bool = Field(description="whether it makes them one person; else something stronger was said")
    total: int = Field(description="statements of this kind; an import keeps the first of a run of equal ones")
    first: StatementTold = Field(description="the oldest")
    last: StatementTold = Field(description="the newest")
    statements: list[StatementTold] = Field(description="the oldest of them, at most 20")
    by_rule: bool = Field(description="whether it would join them but for the identity rules")
    decided: DecidedTold | None = Field(
        description="the decision by hand that joins them, or but for which it would join them"
    )


class ChainStepTold(Contract):
    """One step from an identifier to the next."""

    start: str = Field(description="id of the one")
    end: str = Field(description="id of the next")
    edge: int | None = Field(description="its place in edges, from 0; empty = the same identifier in other hands")
    joins: bool = Field(description="whether both are one person by it; else the chain breaks here")
    words: Words = Field(description="the same as a sentence")


class ExplainedTold(Contract):
    """Why identifiers are one person, or are not."""

    verdict: Verdict = Field(description="what the evidence says")
    starts: list[str] = Field(description="ids of what was asked for first, one for each time in other hands")
    ends: list[str] = Field(description="the same of what was asked for second; empty if one thing was asked for")
    identifiers: list[HeldIdentifierTold] = Field(description="those of these people, and those they were seen with")
    edges: list[ConnectedTold] = Field(description="what was said of these, the oldest first")
    steps: list[ChainStepTold] = Field(
        description="the chain from the first to the second; of one person, the fewest statements that hold it together"
    )
    is_cut: bool = Field(description="whether there is more evidence than was read")
    is_outdated: bool = Field(description="whether the last build says otherwise, for evidence was taken back since")
    computed: ComputedTold = Field(description="from which build")


class HeldTimeTold(Contract):
    """A time in which an identifier was one person's."""

    since: datetime | None = Field(description="when it began, UTC; empty = it has no beginning")
    until: datetime | None = Field(description="when the next began, UTC; empty = it is open")
    person: str = Field(description="id of the person")


class MovedTold(Contract):
    """A build came to believe something else."""

    version: int = Field(description="which version of who is who it was")
    old: str = Field(description="id of the person before")
    new: str | None = Field(description="id of the person since; empty = what was moved is gone")
    identifiers: int = Field(description="how many identifiers moved")


class WhoseTold(Contract):
    """Whose an identifier, or an id of a person, is."""

    name: str = Field(description="what was asked for, masked")
    person: str | None = Field(description="id of the person now; empty = nobody's any more")
    times: list[HeldTimeTold] = Field(description="whose it was when, the oldest first")
    moved: list[MovedTold] = Field(description="what builds changed about it, the oldest first")
    computed: ComputedTold = Field(description="from which build")


class HubTold(Contract):
    """The identifier that holds most of a person together."""

    namespace: str = Field(description="its kind")
    value: str | None = Field(description="masked; empty = it was erased")
    beside: int = Field(description="how many of the person's other identifiers were seen with it")


class LargePersonTold(Contract):
    """Somebody with many identifiers."""

    person: str = Field(description="id of the person")
    identifiers: int = Field(description="how many; order numbers are not counted")
    namespaces: dict[str, int] = Field(description="how many of each kind, the commonest first")
    hub: HubTold | None = Field(description="the one that most others were seen with; empty = evidence was taken back")


class LargePeopleTold(Contract):
    """People with more identifiers than a limit."""

    limit: int = Field(description="most identifiers that raise no alarm: the setting most_identifiers")
    total: int = Field(description="how many people have more")
    people: list[LargePersonTold] = Field(description="those with most, the largest first")
    computed: ComputedTold = Field(description="from which build")
