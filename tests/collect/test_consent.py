"""What events say of consent becomes purposes: every form, refusals before agreements, and no category is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from qianmian.collect.consent import Consent, check_meanings
from qianmian.collect.imports.treatment import Treatment
from qianmian.core.errors import InputError
from tests.collect.imports.conftest import workspace, write_jsonl
from tests.collect.imports.parts import Workspace

__all__ = ["workspace", "write_jsonl"]
MAPPING = """
source: shop
format: jsonl
event: {event_id: id, name: event, occurred_at: at, consent: context.consent}
identifiers: {user_id: user}
"""
OWN = {"Social Media": "marketing", "Analytics": "operate"}


def preferences(**categories: object) -> dict[str, object]:
    return {"categoryPreferences": categories}


@pytest.mark.parametrize(
    ("consent", "own", "purposes"),
    [
        (None, {}, None),
        (preferences(Advertising=True, Analytics=True), {}, "analyse,marketing"),
        (preferences(Advertising=False, Analytics=True, Functional=None), {}, "analyse"),
        (preferences(Advertising=False), {}, "none"),
        (preferences(Analytics=True, Performance=False), {}, "none"),  # both mean analyse
        (preferences(C0001=True, C0004=True), {}, "marketing,operate"),
        ({"统计": True, "广告": False}, {}, "analyse"),
        (preferences(**{"Loyalty Club": True, "Analytics": True}), {}, "analyse,loyalty_club"),
        (preferences(**{"Social Media": True, "Analytics": True}), OWN, "marketing,operate"),
        ("operate,analyse,personalise", {}, "operate,analyse,personalise"),
        ("Advertising, 分析", {}, "marketing,analyse"),
        (["Analytics", "Ads"], {}, "analyse,marketing"),
        (preferences(), {}, None),
        ({"categoryPreferences": "all"}, {}, None),
        (preferences(**{"13800138000": True}), {}, "[phone]"),
    ],
)
def test_what_is_stated_is_read_as_purposes(
    workspace: Workspace,
    write_jsonl: Callable[..., Path],
    consent: object,
    own: Mapping[str, str],
    purposes: str | None,
) -> None:
    row = {"id": "1", "event": "Seen", "at": "2026-05-01T10:00:00Z", "user": "u1", "context": {"consent": consent}}
    workspace.take(write_jsonl([json.dumps(row)]), MAPPING, treatment=Treatment(Consent(own)))
    assert workspace.query("SELECT consent FROM events") == [(purposes,)]


@pytest.mark.parametrize(
    "own", [{"": "analyse"}, {"a" * 61: "analyse"}, {"a": "Analyse"}, {str(n): "a" for n in range(101)}]
)
def test_odd_meanings_are_refused(own: Mapping[str, str]) -> None:
    with pytest.raises(InputError):
        check_meanings(own)
