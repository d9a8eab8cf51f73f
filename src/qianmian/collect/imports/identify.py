"""From identifiers to nodes: each distinct value is hashed once, and the nodes are joined back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qianmian.collect.imports.shape import Shape, namespaces
from qianmian.core.errors import WorkspaceError
from qianmian.core.people import ORDER
from qianmian.lake.connection import Connection
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.pseudonyms import pseudonymise
from qianmian.privacy.suppression import SuppressionLedger
from qianmian.privacy.vault import Vault

_AT_ONCE = 250_000


@dataclass(frozen=True)
class Who:
    """One namespace of an import.

    Attributes:
        namespace: as the vault knows it.
        value: column of the typed layer that holds the value.
        ids: table (value, node_id, check_hash) on the connection.
        node: column of the staged layer that holds the node.
    """

    namespace: str
    value: str
    ids: str
    node: str


def who_is_named(shape: Shape) -> tuple[Who, ...]:
    """The namespaces that the mapping names, strongest first, and the order number last."""
    people = [
        Who(namespace, f"who_{number}", f"ids_{number}", f"n_{number}")
        for number, namespace in enumerate(namespaces(shape.mapping))
    ]
    order = Who(f"{ORDER}:{shape.mapping.source}", "order_id", "ids_order", "n_order")
    return (*people, *([order] if "order_id" in shape.mapping.fields else []))


def find_nodes(connection: Connection, shape: Shape, who: Who, keys: KeyRing) -> None:
    """Make the table of a namespace's distinct values and their nodes; values that name nobody are left out."""
    query = f"SELECT DISTINCT {shape.columns[who.value]} AS value FROM raw WHERE value IS NOT NULL"
    values = connection.sql(query, params=shape.words.used_in(query)).to_arrow_table()["value"].combine_chunks()
    nodes, checks, blocked = pseudonymise(keys.node, who.namespace, values.to_pylist())
    table = pa.table({"value": values, "node_id": nodes, "check_hash": checks}).filter(pa.array(~blocked))
    connection.register("found", table)
    connection.execute(f"CREATE TABLE {who.ids} AS SELECT * FROM found")
    connection.unregister("found")


def remember(connection: Connection, who: Who, vault: Vault, batch: int) -> None:
    """Put the values that accepted rows show into the vault.

    Raises:
        WorkspaceError: two identifiers have the same node.
    """
    shown = connection.sql(
        f"SELECT value, node_id, check_hash FROM {who.ids} "
        "WHERE node_id IN (SELECT node_id FROM used WHERE namespace = ?)",
        params=[who.namespace],
    ).to_arrow_table()
    nodes = np.asarray(shown["node_id"].to_numpy(), dtype=np.int64)
    checks = np.asarray(shown["check_hash"].to_numpy(), dtype=np.uint64)
    kept = vault.remember(who.namespace, shown["value"].to_pylist(), nodes, checks, batch)
    if kept.collided.any():
        raise WorkspaceError("pseudonyms_collide", count=int(kept.collided.sum()), namespace=who.namespace)


def mark_used(connection: Connection, named: tuple[Who, ...]) -> None:
    """Make the table ``used`` (node_id, namespace): the nodes that accepted rows show."""
    connection.execute("CREATE TABLE used (node_id BIGINT, namespace VARCHAR)")
    for who in named:
        connection.execute(
            f"INSERT INTO used SELECT DISTINCT {who.node}, ? FROM sound WHERE {who.node} IS NOT NULL", [who.namespace]
        )


def drop_suppressed(connection: Connection, shape: Shape, named: tuple[Who, ...], ledger: SuppressionLedger) -> None:
    """Note in ``drops`` the rows of erased people that occurred before their erasure."""
    if not len(ledger):
        return
    for who in named:
        values = connection.sql(f"SELECT value FROM {who.ids}").to_arrow_table()["value"].to_pylist()
        erased = ledger.known(who.namespace, values)
        if not erased:
            continue
        connection.register("erased", pa.table({"value": pa.array(erased, pa.string())}))
        query = (
            f'SELECT typed."row" AS "row", {who.value} AS value, occurred, day FROM ({shape.typed()}) AS typed '
            'JOIN (SELECT "row", occurred_at AS occurred, day FROM staged WHERE verdict IS NULL) AS s USING ("row") '
            f"WHERE {who.value} IN (SELECT value FROM erased)"
        )
        found = connection.sql(query, params=shape.words.used_in(query)).to_arrow_table()
        for batch in found.to_batches(max_chunksize=_AT_ONCE):
            instants = batch["occurred"].cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
            hit = ledger.suppressed(who.namespace, batch["value"].to_pylist(), instants)
            connection.register("hit", pa.table(batch).select(["row", "day"]).filter(pa.array(hit)))
            connection.execute(
                "INSERT INTO drops SELECT \"row\", 'suppressed', day FROM hit "
                'WHERE "row" NOT IN (SELECT "row" FROM drops)'
            )
            connection.unregister("hit")
        connection.unregister("erased")
