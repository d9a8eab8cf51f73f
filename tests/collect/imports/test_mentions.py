"""People named inside properties are stored as pseudonyms, and make nobody known."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.core.errors import MappingError
from qianmian.core.people import Identifier, id_text
from qianmian.privacy.pseudonyms import pseudonymise
from qianmian.privacy.suppression import Suppressed
from tests.collect.imports.parts import EVENTS, NOW, Workspace, row

MAPPING = EVENTS.format(format="csv").replace(
    "{column: props}", "{column: props, mentions: {friend: user_id, 'a/b \"c\"': phone}}"
)


def properties(workspace: Workspace) -> list[Any]:
    found = workspace.query("SELECT properties FROM events ORDER BY event_id")
    return [json.loads(text) if text else None for (text,) in found]


def node(workspace: Workspace, namespace: str, value: str) -> str:
    return id_text(int(pseudonymise(workspace.keys.node, namespace, [value])[0][0]))


def test_a_mentioned_person_stands_under_the_node_of_their_own_events(
    workspace: Workspace, write_csv: Callable[..., Path]
) -> None:
    told = [
        {"friend": "member-7", "n": 1},
        {"friend": 42, 'a/b "c"': "138 0013 8000"},
        {"n": 2},
        {"friend": "null", "n": 3},
        None,
    ]
    rows = [row(f"e{number}", user="u1", props=one and json.dumps(one)) for number, one in enumerate(told)]
    workspace.take(write_csv([*rows, row("e9", user="member-7")]), MAPPING)
    friend, number = node(workspace, "user_id", "member-7"), node(workspace, "user_id", "42")
    phone = node(workspace, "phone", "13800138000")
    assert properties(workspace)[:5] == [
        {"friend": friend, "n": 1},
        {"friend": number, 'a/b "c"': phone},
        {"n": 2},
        {"n": 3},
        None,
    ]
    assert workspace.query("SELECT node_id FROM events WHERE event_id = 'e9'") == [
        (int(pseudonymise(workspace.keys.node, "user_id", ["member-7"])[0][0]),)
    ]
    assert len(workspace.vault) == 2


def test_an_erased_person_is_not_mentioned_again(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    workspace.ledger.add([Suppressed(Identifier("user_id", "member-7"))], NOW - timedelta(days=1))
    workspace.take(write_csv([row("e1", user="u1", props='{"friend": "member-7", "n": 1}')]), MAPPING)
    assert properties(workspace) == [{"n": 1}]


def test_a_mention_of_no_known_kind_is_refused_by_name(workspace: Workspace, write_csv: Callable[..., Path]) -> None:
    with pytest.raises(MappingError, match=r"properties.mentions.friend.*\n\nhint: did you mean user_id"):
        workspace.take(write_csv([row("e1")]), MAPPING.replace("friend: user_id", "friend: userid"))
