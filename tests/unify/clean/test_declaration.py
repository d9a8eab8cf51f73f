"""Cleaning rules as people write them: read, and refused by what is wrong."""

from __future__ import annotations

import pytest

from qianmian.core.errors import CleaningError
from qianmian.unify.clean.declaration import built_in_cleaning, read_cleaning
from qianmian.unify.clean.rules import Bound, Thresholds, built_in_text


def test_the_rules_of_the_product_can_be_read_and_say_the_same_however_they_are_written() -> None:
    built_in = built_in_cleaning()
    assert read_cleaning(built_in_text(), "own.yaml") == built_in
    assert read_cleaning("", "own.yaml") == built_in
    assert Bound("properties.age", least=0.0, most=120.0) in built_in.bounds
    other = read_cleaning("late_after_hours: 48", "own.yaml")
    assert (other.late_after_hours, other.bounds, other.digest != built_in.digest) == (48, built_in.bounds, True)


def test_a_section_that_is_there_replaces_the_products() -> None:
    text = "bounds: [{field: properties.生日 年, least: 1900}]\nalerts: {missing: 0.2, drift: null}"
    told = read_cleaning(text, "own.yaml")
    assert told.bounds == (Bound("properties.生日 年", least=1900.0),)
    assert told.alerts == Thresholds(missing=0.2)
    assert read_cleaning("leave_out: []", "own.yaml").leave_out == ()
    assert read_cleaning("leave_out: [outlier, traffic.bot, outlier]", "own.yaml").leave_out == (
        "outlier",
        "traffic.bot",
    )


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("bound: []", "bound", 1),
        ("bounds: 3", "bounds", 1),
        ("bounds:\n- {field: price, above: 0}", "bounds.0.field", 2),
        ("bounds:\n- {field: total}", "bounds.0", 2),
        ("bounds:\n- {field: total, above: much}", "bounds.0.above", 2),
        ("bounds:\n- {field: total, above: true}", "bounds.0.above", 2),
        ("bounds:\n- {field: total, above: .inf}", "bounds.0.above", 2),
        ("bounds:\n- {field: 'properties.a\"b', above: 0}", "bounds.0.field", 2),
        ("bounds:\n- {field: total, events: [], above: 0}", "bounds.0.events", 2),
        ("bounds:\n- {field: total, events: [3], above: 0}", "bounds.0.events.0", 2),
        ("late_after_hours: 0", "late_after_hours", 1),
        ("\nalerts: {missing: 10}", "alerts.missing", 2),
        ("alerts: {late: no}", "alerts.late", 1),
        ("alerts: {least_events: 1.5}", "alerts.least_events", 1),
        ("twins: {within_seconds: 0}", "twins.within_seconds", 1),
        ("pace: {events: 30}", "pace.within_seconds", 1),
        ("copies: {property: text}", "copies.events", 1),
        ("copies: {events: [Review Written]}", "copies.property", 1),
        ("outliers: [{field: region, deviations: 3}]", "outliers.0.field", 1),
        ("outliers: [{field: total, by: node_id, deviations: 3}]", "outliers.0.by", 1),
        ("outliers: [{field: total, deviations: 0}]", "outliers.0.deviations", 1),
        ("odd: {score: 2}", "odd.score", 1),
        ("odd: {}", "odd.score", 1),
        ("brushed: {signs: 2}", "brushed.looked_within_days", 1),
        (
            "brushed: {looked_within_days: 1, orders: 1, within_hours: 1, reviewed_within_minutes: 1, signs: 4}",
            "brushed.signs",
            1,
        ),
        ("leave_out: twin", "leave_out", 1),
        ("leave_out: [twin, paces]", "leave_out.1", 1),
        ("leave_out: [traffic.]", "leave_out.0", 1),
        ("leave_out: [bot]", "leave_out.0", 1),
        ("alerts: {unknown: 1}", "alerts.unknown", 1),
    ],
)
def test_what_is_wrong_is_told_by_its_place(text: str, key: str, line: int) -> None:
    with pytest.raises(CleaningError) as told:
        read_cleaning(text, "own.yaml")
    values = told.value.message.values
    assert (values["key"], values["file"].values["line"]) == (key, line)


def test_a_field_that_is_misspelt_is_told_the_one_that_was_meant() -> None:
    with pytest.raises(CleaningError, match=r"lines\.quantity"):
        read_cleaning("bounds: [{field: lines.quantiti, above: 0}]", "own.yaml")
