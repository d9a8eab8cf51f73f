"""What a campaign may be made of here: receivers, purposes, and kinds of identifiers."""

from __future__ import annotations

from collections.abc import Mapping

from qianmian.app.campaigns.sinks import FILE, receivers
from qianmian.app.contracts.campaigns import CampaignChoicesTold
from qianmian.app.shop import Shop
from qianmian.lake.connection import fetch

#: An order's number is whoever's who paid it: nobody is written to under it.
_BORNE = """
SELECT namespace, count(DISTINCT person_id) AS people FROM persons JOIN nodes USING (node_id)
WHERE until IS NULL AND NOT starts_with(namespace, 'order:') AND person_id IN (SELECT person_id FROM partials)
GROUP BY namespace ORDER BY people DESC, namespace
"""


def choices(shop: Shop, environment: Mapping[str, str], *, purpose: str) -> CampaignChoicesTold:
    """What may be chosen.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    with shop.asking(purpose, "persons", "nodes") as (found, _):
        borne = fetch(found.connection, _BORNE).to_pylist()
    return CampaignChoicesTold(
        sinks=[FILE, *receivers(environment)],
        purposes={one.name: one.basis.value for one in shop.workspace.purposes.registered()},
        namespaces={row["namespace"]: row["people"] for row in borne},
    )
