"""What the doors tell of the definitions of tags."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from qianmian.app.contracts.base import Contract, Value
from qianmian.app.contracts.profile import ComputedTold, ShareTold, TagTold
from qianmian.app.contracts.versions import DifferenceTold, VersionTold
from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.questions.definitions import Definition, Tried
from qianmian.app.workspace import Workspace
from qianmian.core.language import Language
from qianmian.core.people import id_text
from qianmian.profile.tags.declaration.document import Declaration
from qianmian.profile.tags.stays import has_stays


class TagStateTold(Contract):
    """A tag that is declared, and whether it is told of people."""

    tag: TagTold = Field(description="the definition")
    state: str = Field(
        description="told; outdated = told as the last build knew it; waiting = told from the next build on; "
        "failed = its SELECT failed, what it answered before stands"
    )


class ListedTagTold(TagTold):
    """The definition of a tag, and whether it is told of people."""

    state: str = Field(description="told, outdated, waiting or failed")


class NamedAudienceTold(Contract):
    """A saved audience by its name."""

    audience: int = Field(description="number of the audience")
    name: str = Field(description="what its owner calls it")


class TagChangeTold(Contract):
    """A version of the shop's tags in which one is declared anew."""

    version: int = Field(description="grows by one")
    applied_by: str = Field(description="account; empty = the command line or the workspace's token")
    applied_at: datetime = Field(description="when")


class TagEntriesTold(Contract):
    """Tags as plain values, as their author said them; whether they can be declared is not checked."""

    entries: dict[str, dict[str, Any]] = Field(description="keys and values, by name of the tag")


class TagTextTold(Contract):
    """Tags as text."""

    text: str = Field(description="the YAML")


class TagDefinitionTold(TagStateTold):
    """A tag with what its author said, and what rests on it."""

    failure: str | None = Field(description="why its SELECT failed at the last build; empty = it did not")
    entry: dict[str, Any] | None = Field(description="what its author said, by key; empty = it is built in")
    used_by: tuple[str, ...] = Field(description="names of tags that are made of its value")
    has_stays: bool = Field(description="whether builds keep what it says person by person")
    audiences: list[NamedAudienceTold] = Field(description="saved audiences whose conditions name it")
    changes: list[TagChangeTold] = Field(description="when it was declared, and by whom, newest first")

    @classmethod
    def of(cls, found: Definition, language: Language) -> TagDefinitionTold:
        """The definition, ready to be told."""
        return cls(
            tag=TagTold.of(found.tag),
            state=found.state,
            failure=None if found.failure is None else found.failure.what(language),
            entry=found.entry,
            used_by=found.used_by,
            has_stays=has_stays(found.tag),
            audiences=[NamedAudienceTold.model_validate(one) for one in found.audiences],
            changes=[TagChangeTold.model_validate(one) for one in found.changes],
        )


class TagDefinitionsTold(Contract):
    """The tags that a shop declares."""

    current: VersionTold | None = Field(description="what holds; empty = the shop never declared any")
    earlier: list[VersionTold] = Field(description="the versions before, newest first")
    names: list[str] = Field(description="names of the tags that are declared")

    @classmethod
    def of(cls, workspace: Workspace) -> TagDefinitionsTold:
        """What holds now."""
        kept = DeclaredTags(workspace.catalogue, workspace.clock)
        versions = [VersionTold.model_validate(one) for one in kept.all()]
        return cls(
            current=versions[0] if versions else None,
            earlier=versions[1:],
            names=[tag.name for tag in kept.declaration().tags],
        )


class TriedPersonTold(Contract):
    """What a tag would say of one person."""

    person: str = Field(description="id of the person, 13 characters")
    value: Value = Field(description="what it would say; empty = nothing")
    before: Value = Field(description="what it says now; empty = nothing, or it is new")


class TriedTagTold(Contract):
    """What a tag that is being written would say."""

    tag: TagTold = Field(description="the definition")
    people: int = Field(description="people it was tried on")
    of_people: int = Field(description="people with a profile")
    covered: int = Field(description="of those tried, for whom it has a value")
    shares: list[ShareTold] = Field(description="its commonest values, or ranges of equal size, over those tried")
    changed: int | None = Field(description="of those tried, of whom it says something else than now; empty = new")
    examples: list[TriedPersonTold] = Field(description="some of them")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, tried: Tried) -> TriedTagTold:
        """The trial, ready to be told."""
        summary, found = tried.trial.summary, tried.trial
        return cls(
            tag=TagTold.of(tried.tag),
            people=summary.people,
            of_people=tried.of_people,
            covered=summary.covered,
            shares=[ShareTold.model_validate(share) for share in summary.shares],
            changed=found.changed,
            examples=[
                TriedPersonTold(person=id_text(one.person), value=one.value, before=one.before)
                for one in found.examples
            ],
            computed=ComputedTold.of(tried.computed),
        )


def difference(given: Declaration, holding: Declaration) -> DifferenceTold:
    """The names of the tags that are declared otherwise than what holds, or are gone."""
    names = {*given.entries, *holding.entries}
    differ = sorted(name for name in names if given.entries.get(name) != holding.entries.get(name))
    return DifferenceTold(digest=given.digest, differences=differ)
