"""The profiles that a shop built, by user_id, for a test that looks at all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qianmian.app.shop import Shop
from qianmian.privacy.pseudonyms import pseudonymise


def profiles(shop: Shop, users: Iterable[str], columns: list[str]) -> dict[str, dict[str, Any]]:
    """The profile of each user who has one; nobody here has more than one identifier."""
    names = sorted(users)
    nodes, _, _ = pseudonymise(shop.workspace.keys.node, "user_id", names)
    found = {row["person_id"]: row for row in shop.table("profiles").select(["person_id", *columns]).to_pylist()}
    return {name: found.pop(node) for name, node in zip(names, nodes.tolist(), strict=True) if node in found}
