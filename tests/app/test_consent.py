"""Consent that events state: by the source's own categories, and the last word of each person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qianmian.app.questions.consent import ConsentState, consent_state, stated_purposes
from qianmian.app.sources import Sources
from qianmian.core.errors import InputError, UnknownNameError
from tests.app.test_flusher import batch, flushed, received, track
from tests.app.traces import Scene

AGREED = {"context": {"consent": {"categoryPreferences": {"Analytics": True, "Advertising": True}}}}
REFUSED = {"context": {"consent": {"categoryPreferences": {"Analytics": False, "Advertising": False}}}}
CLUB = {"context": {"consent": {"categoryPreferences": {"Club": True}}}}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    sources(made).add("web", made.shop.workspace.entropy)
    yield made
    made.shop.close()


def sources(scene: Scene) -> Sources:
    return Sources(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def state(scene: Scene, name: str) -> ConsentState:
    return consent_state(scene.shop, name, purpose="analyse")


def test_the_last_statement_holds_however_late_it_comes(scene: Scene) -> None:
    received(scene, batch(track(7, **REFUSED), track(10), track(5)))
    flushed(scene)
    received(scene, batch(track(4, **AGREED), track(2, **AGREED)))
    flushed(scene)
    scene.shop.build()
    told = state(scene, "u1")
    assert (told.purposes, told.source, told.event_id, told.event) == ((), "web", "m-7", "Product Viewed")
    assert told.stated_at == datetime(2026, 5, 30, 3, 7, tzinfo=UTC)
    assert (state(scene, "u2").purposes, state(scene, "u2").event_id) == (("analyse", "marketing"), "m-2")


def test_who_never_said_has_no_statement(scene: Scene) -> None:
    received(scene, batch(track(1)))
    flushed(scene)
    scene.shop.build()
    assert state(scene, "u1").stated_at is None
    with pytest.raises(UnknownNameError):
        state(scene, "somebody-else")


def test_a_statement_is_whose_the_identifier_was_then(scene: Scene) -> None:
    """What a shared device said before somebody signed in on it is theirs; after they left, it is not."""
    device = {"userId": None, "anonymousId": "tablet"}
    out = {"userId": None, "anonymousId": "tablet", "event": "Signed Out"}
    received(
        scene,
        batch(
            track(1, **device, **AGREED), track(2, userId="u1", anonymousId="tablet"), track(3, **out),
            track(4, **device, **REFUSED),
        ),
    )  # fmt: skip
    flushed(scene)
    scene.shop.build()
    assert (state(scene, "u1").event_id, state(scene, "u1").purposes) == ("m-1", ("analyse", "marketing"))


def test_a_source_says_what_its_categories_mean(scene: Scene) -> None:
    received(scene, batch(track(1, **CLUB)))
    flushed(scene)
    assert [(one.purpose, one.events, one.is_known) for one in stated_purposes(scene.shop.workspace, "web")] == [
        ("club", 1, False)
    ]
    sources(scene).mean("web", {"Club": "loyalty", "Analytics": "measure"})
    received(scene, batch(track(2, **CLUB), track(3, **REFUSED), track(4, **AGREED)))
    flushed(scene)
    told = [(one.purpose, one.events, one.is_known) for one in stated_purposes(scene.shop.workspace, "web")]
    assert told == [
        ("club", 1, False), ("loyalty", 1, True), ("marketing", 1, True), ("measure", 1, True), ("none", 1, True),
    ]  # fmt: skip
    sources(scene).mean("web", {})
    assert sources(scene).get("web").consent == {}
    with pytest.raises(InputError, match="purpose"):
        sources(scene).mean("web", {"Club": "No Purpose"})
    with pytest.raises(UnknownNameError):
        sources(scene).mean("app", {})
