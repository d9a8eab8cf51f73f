from __future__ import annotations

import json
from pathlib import Path

import pytest

from qianmian.core import events
from qianmian.core.events import TRACKING_PLAN

WORDS = Path(__file__).parents[2] / "console" / "src" / "i18n"


def test_every_name_of_an_event_is_in_the_plan_once():
    names = [value for name, value in vars(events).items() if name.isupper() and isinstance(value, str)]
    assert sorted(names) == sorted(TRACKING_PLAN)
    assert len(set(TRACKING_PLAN)) == len(TRACKING_PLAN)


def test_the_page_of_events_explains_every_name():
    page = (WORDS.parents[2] / "docs" / "concepts" / "events.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| ")]
    told = ", ".join(rows).replace(
        "Offered, Joined, Filled, Failed",
        ", ".join(f"Group Buy {word}" for word in ("Offered", "Joined", "Filled", "Failed")),
    )
    assert set(TRACKING_PLAN) <= {name.strip() for name in told.split(",")}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_console_has_a_word_for_every_event(language: str):
    words = json.loads((WORDS / language / "words.json").read_text(encoding="utf-8"))["event"]
    assert list(words) == list(TRACKING_PLAN)
    assert all(words.values())
