"""What uses an audience or a tag; an audience that is used is not deleted."""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.app.audiences import SavedAudience, SavedAudiences
from qianmian.app.campaigns.campaigns import Campaigns
from qianmian.app.syncs.syncs import Syncs
from qianmian.app.workspace import Workspace
from qianmian.core.errors import InputError
from qianmian.core.language import Language
from qianmian.core.messages import Message
from qianmian.query.parse import parse
from qianmian.query.parts import named_audiences

_JOINT = {Language.ZH: "、", Language.EN: ", "}


@dataclass(frozen=True)
class Use:
    """Something that uses an audience or a tag.

    Attributes:
        kind: audience, sync or campaign.
        number: its number.
        name: what its owner calls it.
    """

    kind: str
    number: int
    name: str

    @property
    def words(self) -> Message:
        """What it is, in one line."""
        match self.kind:
            case "audience":
                return Message("use_audience", number=self.number, name=self.name)
            case "sync":
                return Message("use_sync", number=self.number, name=self.name)
            case _:
                return Message("use_campaign", number=self.number, name=self.name)


def uses_of_audience(workspace: Workspace, audience: int) -> list[Use]:
    """Which audiences and campaigns that are not sent name an audience, and which syncs tell its people."""
    saved = SavedAudiences(workspace.catalogue, workspace.clock).all()
    drafts = [one for one in Campaigns(workspace.catalogue, workspace.clock).all() if one.state != "sent"]
    uses = [Use("audience", one.audience, one.name) for one in saved if audience in _named(one.condition)]
    uses += [
        Use("sync", one.sync, one.name)
        for one in Syncs(workspace.catalogue, workspace.clock).all()
        if one.audience == audience
    ]
    return uses + [Use("campaign", one.campaign, one.name) for one in drafts if audience in _named(one.condition)]


def uses_of_tag(workspace: Workspace, tag: str) -> list[Use]:
    """Which syncs tell a tag's values."""
    syncs = Syncs(workspace.catalogue, workspace.clock).all()
    return [Use("sync", one.sync, one.name) for one in syncs if tag in one.tags]


def delete_unused(workspace: Workspace, audience: int, language: Language) -> SavedAudience:
    """Delete an audience that nothing uses.

    Raises:
        UnknownNameError: there is none with that number.
        InputError: something uses it; tells what.
    """
    if uses := uses_of_audience(workspace, audience):
        named = _JOINT[language].join(one.words.what(language) for one in uses)
        raise InputError("audience_used", audience=audience, uses=named)
    return SavedAudiences(workspace.catalogue, workspace.clock).delete(audience)


def _named(condition: str) -> set[int]:
    return set(named_audiences(parse(condition)))
