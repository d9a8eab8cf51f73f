"""Making a sync: what it names must be here; and what it may be made of."""

from __future__ import annotations

from collections.abc import Mapping

from qianmian.app.audiences import SavedAudiences
from qianmian.app.campaigns.choices import choices
from qianmian.app.campaigns.sinks import receivers
from qianmian.app.contracts.syncs import SyncChoicesTold
from qianmian.app.shop import Shop
from qianmian.app.syncs.places import databases
from qianmian.app.syncs.syncs import Sync, SyncDraft, Syncs
from qianmian.core.errors import InputError


def make(shop: Shop, draft: SyncDraft, *, by: str = "") -> Sync:
    """Make a sync; nothing leaves before its first run.

    Raises:
        InputError: a part is odd, or the audience is deleted.
        UnknownNameError: there is no such audience or tag.
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    workspace = shop.workspace
    with shop.asking(draft.purpose) as (found, computed):
        for name in draft.tags:
            found.tag(name)
    if draft.audience and SavedAudiences(workspace.catalogue, workspace.clock).get(draft.audience).deleted_at:
        raise InputError("sync_audience_deleted", audience=draft.audience)
    return Syncs(workspace.catalogue, workspace.clock).add(draft, workspace.entropy, built=computed.build, by=by)


def sync_choices(shop: Shop, environment: Mapping[str, str], *, purpose: str) -> SyncChoicesTold:
    """What a sync may be made of here.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    known = choices(shop, environment, purpose=purpose)
    return SyncChoicesTold(
        sinks=list(receivers(environment)),
        databases=list(databases(environment)),
        purposes=known.purposes,
        namespaces=known.namespaces,
        approval=shop.workspace.settings.approval,
    )
