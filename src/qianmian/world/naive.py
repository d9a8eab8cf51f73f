"""The baseline of identity: whoever ever shared an identifier is one person, and nobody signs out."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from qianmian.world.dirt import Sent
from qianmian.world.scene import Scene
from qianmian.world.trace import ANONYMOUS, DEVICE, EMAIL, NONE, PHONE, UNION, USER, Integers


def naive_persons(scene: Scene, sent: Sent) -> Integers:
    """Union-find over all identifiers of each event, order numbers too.

    A mistyped contact is a node of its own and joins nobody, so it is left out.

    Returns:
        A component number for each event, by serial number; `NONE` for an event without any identifier.
    """
    traces, size = sent.events, len(scene.people)
    shows = traces.shows & ~sent.slips
    slot = scene.people.phone_slot(np.maximum(traces.person, 0), traces.at)
    device = traces.device + 5 * size
    nodes = [
        np.where(shows & USER > 0, traces.person, NONE),
        np.where(shows & UNION > 0, traces.person + size, NONE),
        np.where(shows & PHONE > 0, slot + 2 * size, NONE),
        np.where(shows & EMAIL > 0, traces.person + 4 * size, NONE),
        np.where(shows & (ANONYMOUS | DEVICE) > 0, device, NONE),
        np.where(traces.order >= 0, traces.order + 5 * size + len(scene.devices), NONE),
    ]
    strongest = np.full(len(traces), NONE, np.int64)
    for node in reversed(nodes):
        strongest = np.where(node >= 0, node, strongest)
    together = [np.flatnonzero((node >= 0) & (node != strongest)) for node in nodes]
    ends = np.concatenate([node[rows] for node, rows in zip(nodes, together, strict=True)])
    starts = np.concatenate([strongest[rows] for rows in together])
    count = int(max(node.max(initial=0) for node in nodes)) + 1
    graph = coo_matrix((np.ones(len(ends), np.int8), (starts, ends)), shape=(count, count))
    _, component = connected_components(graph, directed=False)
    persons: Integers = np.where(strongest >= 0, component[strongest], NONE)
    return persons
