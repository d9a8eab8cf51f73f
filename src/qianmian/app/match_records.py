"""The records of a shop that may be compared: details out of the vault, of people who agreed, in memory only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from qianmian.app.shop import Shop
from qianmian.app.workspace import Workspace
from qianmian.lake.connection import Connection, fetch
from qianmian.privacy.details import spelled
from qianmian.privacy.purposes import Basis
from qianmian.unify.identity.match.matching import Matching
from qianmian.unify.identity.match.records import records_schema

Fields = dict[str, str]

#: Whose each identifier with details is now, what that person agreed to last, and by which phones and accounts they go.
_WHOSE = """
WITH now AS (SELECT node_id, person_id FROM persons WHERE until IS NULL),
people AS (SELECT DISTINCT person_id FROM now SEMI JOIN asked USING (node_id)),
agreed AS (
    SELECT person_id, arg_max(consent, (occurred_at, event_key)) AS consent FROM events
    JOIN persons ON persons.node_id = events.node_id AND (since IS NULL OR since <= occurred_at)
        AND (until IS NULL OR occurred_at < until)
    SEMI JOIN people USING (person_id) WHERE consent IS NOT NULL GROUP BY person_id),
named AS (
    SELECT person_id, bool_or(namespace = 'user_id') AS has_account,
        list(node_id ORDER BY node_id) FILTER (namespace = 'phone') AS phones
    FROM now JOIN nodes USING (node_id) SEMI JOIN people USING (person_id) GROUP BY person_id)
SELECT node_id, person_id, has_account, phones,
    coalesce(list_contains(string_split(consent, ','), $purpose), false) AS is_agreed
FROM now SEMI JOIN asked USING (node_id) JOIN named USING (person_id) LEFT JOIN agreed USING (person_id)
ORDER BY node_id
"""


@dataclass(frozen=True)
class Gathered:
    """Records that may be compared.

    Attributes:
        records: one a identifier, see `records_schema`; values of people, so never shown or stored.
        people: how many they are of.
        without_consent: people who did not agree to the purpose, and are left out.
        without_person: identifiers with details that no build has made a person of yet, and that are left out.
        without_fields: identifiers of whom nothing is known that is compared.
    """

    records: pa.Table = field(repr=False)
    people: int
    without_consent: int
    without_person: int
    without_fields: int

    @property
    def accounts(self) -> frozenset[int]:
        """People who have an account."""
        pairs = zip(self.records["person_id"].to_pylist(), self.records["has_account"].to_pylist(), strict=True)
        return frozenset(person for person, has_account in pairs if has_account)

    def people_of(self, pairs: Iterable[tuple[int, int]]) -> frozenset[frozenset[int]]:
        """The people of pairs of nodes; a node without a record is passed over."""
        whose = self._whose
        return frozenset(frozenset((whose[a], whose[b])) for a, b in pairs if a in whose and b in whose)

    @cached_property
    def _whose(self) -> dict[int, int]:
        return dict(zip(self.records["node_id"].to_pylist(), self.records["person_id"].to_pylist(), strict=True))


def gather(shop: Shop, matching: Matching) -> Gathered:
    """Open the details of people who agreed.

    Raises:
        PurposeError: the declaration's purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    workspace = shop.workspace
    with shop.asking(matching.purpose, "events", "nodes", "persons") as (found, _):
        details = _details(workspace, matching)
        rows = _whose(found.connection, details, matching.purpose)
    needs_consent = _basis(workspace, matching.purpose) is Basis.CONSENT
    agreed = [row for row in rows if row["is_agreed"] or not needs_consent]
    if "phone_tail" in matching.compare:
        _add_tails(workspace, details, agreed)
    standing = [row for row in agreed if details[row["node_id"]]]
    return Gathered(
        records=_table(matching, details, standing),
        people=len({row["person_id"] for row in standing}),
        without_consent=len({row["person_id"] for row in rows} - {row["person_id"] for row in agreed}),
        without_person=len(details) - len(rows),
        without_fields=len(agreed) - len(standing),
    )


def _details(workspace: Workspace, matching: Matching) -> dict[int, Fields]:
    """What is compared of each identifier; of what several batches say the latest stands, field by field."""
    found: defaultdict[int, Fields] = defaultdict(dict)
    for one in workspace.vault.details.all():
        found[one.node_id] |= {name: one.fields[name] for name in matching.compare if name in one.fields}
    return dict(found)


def _whose(connection: Connection, details: Mapping[int, Fields], purpose: str) -> list[dict[str, Any]]:
    connection.register("asked", pa.table({"node_id": pa.array(list(details), pa.int64())}))
    rows: list[dict[str, Any]] = fetch(connection, _WHOSE, {"purpose": purpose}).to_pylist()
    connection.unregister("asked")
    return rows


def _basis(workspace: Workspace, purpose: str) -> Basis:
    return next(one.basis for one in workspace.purposes.registered() if one.name == purpose)


def _add_tails(workspace: Workspace, details: Mapping[int, Fields], rows: list[dict[str, Any]]) -> None:
    """A person's own phone gives the tail that their record does not."""
    lacking = [row for row in rows if "phone_tail" not in details[row["node_id"]] and row["phones"]]
    phones = workspace.vault.reveal([row["phones"][0] for row in lacking])
    for row in lacking:
        if phone := phones.get(row["phones"][0]):
            details[row["node_id"]]["phone_tail"] = spelled("phone_tail", phone.value)


def _table(matching: Matching, details: Mapping[int, Fields], rows: list[dict[str, Any]]) -> pa.Table:
    columns = {name: [row[name] for row in rows] for name in ("node_id", "person_id", "has_account")}
    columns |= {name: [details[row["node_id"]].get(name) or None for row in rows] for name in matching.compare}
    return pa.table(columns, records_schema(matching.compare))
