"""What events say of consent becomes purposes: every form, refusals before agreements, and no category is lost."""

from __future__ import annotations

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


USUALLY: list[tuple[object, str | None]] = [
    (None, None),
    (preferences(Advertising=True, Analytics=True), "analyse,marketing"),
    (preferences(Advertising=False, Analytics=True, Functional=None), "analyse"),
    (preferences(Advertising=False), "none"),
    (preferences(Analytics=True, Performance=False), "none"),  # both mean analyse
    (preferences(C0001=True, C0004=True), "marketing,operate"),
    ({"统计": True, "广告": False}, "analyse"),
    (preferences(**{"Loyalty Club": True, "Analytics": True}), "analyse,loyalty_club"),
    ("operate,analyse,personalise", "operate,analyse,personalise"),
    ("Advertising, 分析", "marketing,analyse"),
    (["Analytics", "Ads"], "analyse,marketing"),
    (preferences(), None),
    ({"categoryPreferences": "all"}, None),
    ("{broken", None),
    (preferences(**{"13800138000": True}), "[phone]"),
]
BY_THE_SOURCE: list[tuple[object, str | None]] = [
    (preferences(**{"Social Media": True, "Analytics": True}), "marketing,operate"),
    ("social media", "marketing"),
    (preferences(**{"Social Media": False, "Advertising": True}), "none"),
]


@pytest.mark.parametrize(("own", "cases"), [({}, USUALLY), (OWN, BY_THE_SOURCE)])
def test_what_is_stated_is_read_as_purposes(
    workspace: Workspace,
    write_jsonl: Callable[..., Path],
    own: Mapping[str, str],
    cases: list[tuple[object, str | None]],
) -> None:
    sound = {"event": "Seen", "at": "2026-05-01T10:00:00Z", "user": "u1"}
    rows = [sound | {"id": f"{n:02}", "context": {"consent": consent}} for n, (consent, _) in enumerate(cases)]
    workspace.take(write_jsonl(rows), MAPPING, treatment=Treatment(Consent(own)))
    found = workspace.query("SELECT consent FROM events ORDER BY event_id")
    assert [purposes for (purposes,) in found] == [purposes for _, purposes in cases]


@pytest.mark.parametrize(
    "own", [{"": "analyse"}, {"a" * 61: "analyse"}, {"a": "Analyse"}, {str(n): "a" for n in range(101)}]
)
def test_odd_meanings_are_refused(own: Mapping[str, str]) -> None:
    with pytest.raises(InputError):
        check_meanings(own)
