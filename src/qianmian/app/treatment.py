"""How a workspace treats the events of a source."""

from __future__ import annotations

from qianmian.app.sources import Sources
from qianmian.app.traffic import traffic_of
from qianmian.app.workspace import Workspace
from qianmian.collect.consent import USUAL, Consent
from qianmian.collect.imports.personal_data import PersonalData
from qianmian.collect.imports.treatment import Treatment


def treatment_of(workspace: Workspace, source: str) -> Treatment:
    """What is declared for a source now; the usual for one that is not kept."""
    kept = next((one for one in Sources(workspace.catalogue, workspace.clock).all() if one.name == source), None)
    return Treatment(
        Consent(kept.consent) if kept else USUAL,
        traffic_of(workspace),
        kept.personal_data if kept else PersonalData.MASK,
    )
