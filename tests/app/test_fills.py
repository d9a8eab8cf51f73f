"""Missing values: filled beside the data as a naive reader of the same events would, judged on what was hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from statistics import fmean, median_low
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from qianmian.app import quality as checking
from qianmian.app.cleaning import CleaningRules
from qianmian.app.quality import check
from qianmian.app.questions.fills import fill_reports, newest_fills
from qianmian.core.errors import CleaningError
from qianmian.learning.boosting import taught
from qianmian.unify.clean.declaration import read_cleaning
from qianmian.unify.fill.rules import Fill
from tests.app.conftest import PAID, VIEW
from tests.app.traces import Scene, trace

PLACES = ("上海", "北京", "广州")
ASKED = f"events: [{VIEW}]"
RULES = f"""
words: [{{field: region, words: {{上海: [Shanghai]}}}}]
fill:
  - {{field: total, {ASKED}, by: region, method: mean}}
  - {{field: total, {ASKED}, by: region, method: median}}
  - {{field: total, {ASKED}, method: constant, value: 7}}
  - {{field: region, {ASKED}, by: channel, method: mode}}
  - {{field: region, {ASKED}, method: forward}}
  - {{field: region, {ASKED}, method: backward}}
  - {{field: region, {ASKED}, method: model}}
  - {{field: total, {ASKED}, method: model}}
"""


def story() -> list[dict[str, Any]]:
    """40 people live somewhere, use the channel of their place and pay its prices; a quarter of each is not told."""
    random = np.random.default_rng(7)
    rows = []
    for number in range(800):
        person = int(random.integers(40))
        place = person % 3
        region = None if random.random() < 0.25 else ("Shanghai" if place == 0 and number % 2 else PLACES[place])
        total = None if random.random() < 0.25 else str(10 * 4**place + int(random.integers(10)))
        at = f"2026-05-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:{number // 60:02}"
        channel = ("app", "web", None)[place]
        rows.append(trace(VIEW, at, id=f"v{number}", user=f"u{person}", region=region, total=total, channel=channel))
    return [*rows, trace(PAID, "2026-05-29", id="paid", user="u0", order="A-1")]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A shop whose persons are known, and that was checked; not to be changed."""
    one = Scene(tmp_path_factory.mktemp("fills") / "shop")
    one.take(story())
    one.shop.build()
    CleaningRules(one.shop.workspace.catalogue, one.shop.workspace.clock).apply(RULES, "own.yaml")
    check(one.shop)
    yield one
    one.shop.close()


@pytest.fixture(scope="module")
def events(scene: Scene) -> list[dict[str, Any]]:
    """The views, with their regions as they are read."""
    rows = scene.rows("events", f"WHERE name = '{VIEW}' ORDER BY occurred_at, event_key")
    return [row | {"region": "上海" if row["region"] == "Shanghai" else row["region"]} for row in rows]


def filled(scene: Scene, place: int) -> dict[int, str]:
    return {row["event_key"]: row["value"] for row in scene.rows("fills", f"WHERE place = {place}")}


def groups(events: list[dict[str, Any]], field: str, by: str) -> Mapping[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for one in events:
        if one[field] is not None:
            found.setdefault(one[by], []).append(one[field])
    return found


@pytest.mark.parametrize(("place", "way"), [(0, fmean), (1, median_low)])
def test_numbers_are_those_of_their_group(scene: Scene, events: list[dict[str, Any]], place: int, way: Any) -> None:
    known = {part: way(values) for part, values in groups(events, "total", "region").items() if part is not None}
    wanted = {one["event_key"]: known[one["region"]] for one in events if one["total"] is None and one["region"]}
    told = filled(scene, place)
    assert set(told) == set(wanted)
    assert all(abs(float(told[key]) - float(wanted[key])) <= 0.00005 for key in wanted)


def test_words_are_the_commonest_of_their_group_as_they_are_read(scene: Scene, events: list[dict[str, Any]]) -> None:
    known = {part: min(Counter(words).items(), key=lambda one: (-one[1], one[0]))[0]
             for part, words in groups(events, "region", "channel").items() if part is not None}  # fmt: skip
    wanted = {one["event_key"]: known[one["channel"]] for one in events if one["region"] is None and one["channel"]}
    assert filled(scene, 3) == wanted


@pytest.mark.parametrize("place", [4, 5])
def test_the_same_persons_nearest_value_in_time_is_taken(
    scene: Scene, events: list[dict[str, Any]], place: int
) -> None:
    last: dict[int, str] = {}
    wanted = {}
    for one in events if place == 4 else reversed(events):
        if one["region"] is not None:
            last[one["node_id"]] = one["region"]
        elif one["node_id"] in last:
            wanted[one["event_key"]] = last[one["node_id"]]
    assert filled(scene, place) == wanted


def test_what_is_hidden_says_how_far_off_a_method_is(scene: Scene, events: list[dict[str, Any]]) -> None:
    report = fill_reports(scene.shop)[1]
    seen = [one for one in events if one["total"] is not None and one["event_key"] % 10]
    hidden = [one for one in events if one["total"] is not None and not one["event_key"] % 10]
    known = {part: median_low(values) for part, values in groups(seen, "total", "region").items()}
    tried = [one for one in hidden if one["region"]]
    usual = median_low([one["total"] for one in seen])
    assert (report.empty, report.tried) == (sum(one["total"] is None for one in events), len(tried))
    assert report.error == pytest.approx(fmean(abs(one["total"] - known[one["region"]]) for one in tried))
    assert report.error_usual == pytest.approx(fmean(abs(one["total"] - usual) for one in tried))


def test_who_a_value_hangs_on_is_found_by_the_way_that_looks_there(scene: Scene) -> None:
    reports = fill_reports(scene.shop)
    assert all(one.error == 0 for one in reports[4:6])  # nobody moves
    for place in (0, 1, 6, 7):
        error, usual = reports[place].error, reports[place].error_usual
        assert error is not None
        assert usual is not None
        assert error < usual / 2
    assert reports[2].filled == reports[2].empty == sum(one["total"] is None for one in scene.rows("events")) - 1


def test_the_events_stay_empty_and_what_was_filled_names_its_person(scene: Scene) -> None:
    [row, *_] = newest_fills(scene.shop, "region")
    assert (row.event, row.value in PLACES, row.person is not None) == (VIEW, True, True)
    empty = {one["event_key"] for one in scene.rows("events", "WHERE region IS NULL")}
    assert set(filled(scene, 4)) <= empty


def test_the_answer_does_not_depend_on_the_split(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    once, reports = scene.rows("fills", "ORDER BY ALL"), fill_reports(scene.shop)
    monkeypatch.setattr(checking, "parts_for", lambda _rows, _settings: 4)
    check(scene.shop)
    assert (scene.rows("fills", "ORDER BY ALL"), fill_reports(scene.shop)) == (once, reports)
    assert Decimal(once[0]["known"]) > 0


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{field: node_id, events: [a], method: mode}", "field"),
        ("{field: total, method: mean}", "events"),
        ("{field: total, events: [a], method: guess}", "method"),
        ("{field: region, events: [a], method: mean}", "method"),
        ("{field: total, events: [a], method: model, by: region}", "by"),
        ("{field: region, events: [a], method: mode, by: region}", "by"),
        ("{field: total, events: [a], method: constant}", "value"),
        ("{field: total, events: [a], method: mean, value: 3}", "value"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(text: str, key: str) -> None:
    with pytest.raises(CleaningError) as told:
        read_cleaning(f"fill: [{text}]", "own.yaml")
    assert told.value.message.values["key"] == f"fill.0.{key}"


def test_fills_are_read_as_they_are_meant_and_sent_to_tasks() -> None:
    told = read_cleaning("fill: [{field: properties.age, events: [a], by: region, method: median}]", "own.yaml").fill
    assert told == (Fill("properties.age", ("a",), "median", "region"),)
    assert Fill.of(told[0].to_params()) == told[0]


def test_a_model_passes_over_what_says_nothing_and_guesses_nothing_where_nothing_says_anything() -> None:
    def rows(values: list[Any], channel: list[str | None]) -> pa.Table:
        empty = pa.nulls(len(values), pa.float64())
        kind = pa.string() if isinstance(values[0], str) else pa.float64()
        return pa.table({"value": pa.array(values, kind), "channel": pa.array(channel, pa.string()), "total": empty})

    told = rows(["上海", "北京"] * 50, ["app", "web"] * 50)
    words, doubt = taught(told, rows(["", ""], ["web", "app"]), is_word=True)
    assert words == ["北京", "上海"]
    assert all(0 <= one < 0.5 for one in doubt if one is not None)
    silent = rows(["上海", "北京"] * 50, [None] * 100)
    assert taught(silent, rows([""], ["web"]), is_word=True) == ([None], [None])
    alike = rows([3.0] * 100, ["app", "web"] * 50)
    assert taught(alike, rows([0.0], ["web"]), is_word=False) == ([None], [None])
