"""What a build is told of the saved audiences, and what it noted of them."""

from __future__ import annotations

from qianmian.app.plan import LEADER, Build
from qianmian.app.told import withheld_tags
from qianmian.app.workspace import Workspace
from qianmian.engines.base import Json
from qianmian.profile.tags.cuts import Totals
from qianmian.segment.members.standing import Counted, from_json, standing_to_json


def members_params(build: Build, totals: Totals) -> dict[str, Json]:
    """What the members task of a build is told; see `qianmian.segment.members.count.count_members`."""
    return {
        "only": 0,
        "newest": build.batch,
        "audiences": standing_to_json(build.audiences),
        "counted": build.counted,
        "tags": build.tags.to_json(),
        "totals": totals.to_json(),
        "kinds": build.kinds.to_json(),
        "withheld": withheld_tags(build.tags, build.facts),
        "meaning": build.meaning,
        "erased": list(build.erased),
    }


def counted_audiences(workspace: Workspace) -> dict[int, Counted]:
    """How far the last build counted each audience, by its number."""
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    return from_json(workspace.lake.notes(snapshot, LEADER).get("audiences", ""))
