"""People whom an event names beside the one who did it: in its properties, identifiers give way to pseudonyms.

A mention makes nobody known: the vault learns no value and no link comes of it. It is the node under which the
mentioned person's own events stand, so that "who follows whom" can be asked without a raw identifier.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qianmian.collect.imports.shape import Shape
from qianmian.core.people import id_text
from qianmian.lake.connection import Connection
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.pseudonyms import pseudonymise
from qianmian.privacy.suppression import SuppressionLedger


@dataclass(frozen=True)
class Mention:
    """A property that names a person.

    Attributes:
        key: SQL of the property's name.
        value: SQL of its text, over the typed layer.
        namespace: what kind of identifier it is.
        ids: table (value, mentioned) on the connection.
    """

    key: str
    value: str
    namespace: str
    ids: str


def who_is_mentioned(shape: Shape) -> tuple[Mention, ...]:
    """The mentions that the mapping declares."""
    return tuple(
        Mention(shape.words.bind(key), _value(shape, key), kind, f"ids_m{n}")
        for n, (key, kind) in enumerate(shape.mapping.properties.mentions)
    )


def find_mentioned(
    connection: Connection, shape: Shape, mention: Mention, keys: KeyRing, ledger: SuppressionLedger
) -> None:
    """Make the table of a mention's distinct values and their pseudonyms; nobody, and the erased, have none."""
    typed = f"SELECT {mention.value} AS value FROM ({shape.typed()})"
    query = f"SELECT DISTINCT value FROM ({typed}) WHERE value IS NOT NULL"
    values = connection.sql(query, params=shape.words.used_in(query)).to_arrow_table()["value"].combine_chunks()
    told = values.to_pylist()
    nodes, _, blocked = pseudonymise(keys.node, mention.namespace, told)
    erased = set(ledger.known(mention.namespace, told))
    texts = [
        None if none or value in erased else id_text(node)
        for value, node, none in zip(told, np.asarray(nodes).tolist(), blocked, strict=True)
    ]
    connection.register("found", pa.table({"value": values, "mentioned": pa.array(texts, pa.string())}))
    connection.execute(f"CREATE TABLE {mention.ids} AS SELECT * FROM found")
    connection.unregister("found")


def pseudonymous(properties: str, mentions: tuple[Mention, ...]) -> str:
    """SQL of the properties with pseudonyms, over rows joined to the mentions' ids; a mention without one leaves.

    Args:
        properties: SQL of the properties' JSON text, masked.
        mentions: as `who_is_mentioned` tells them.
    """
    for mention in mentions:
        patched = f"json_merge_patch({properties}, json_object({mention.key}, {mention.ids}.mentioned))::VARCHAR"
        properties = f"CASE WHEN {mention.ids}.value IS NULL THEN {properties} ELSE {patched} END"
    return properties


def _value(shape: Shape, key: str) -> str:
    """SQL of the text that a property has; most events have none, so that JSON is read only where its name stands."""
    name = shape.words.bind(json.dumps(key, ensure_ascii=False))
    named = f"(contains(properties, {name}) OR contains(properties, '\\u'))"
    return (
        f"CASE WHEN {named} AND json_valid(properties) THEN json_extract_string(properties, {_pointer(shape, key)}) END"
    )


def _pointer(shape: Shape, key: str) -> str:
    """The property as a JSON pointer, which takes any name."""
    return shape.words.bind("/" + key.replace("~", "~0").replace("/", "~1"))
