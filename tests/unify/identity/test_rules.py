"""Identity rules as people write them, and what is told of those that are wrong."""

from __future__ import annotations

import pytest

from qianmian.core.errors import RulesError
from qianmian.core.people import id_text
from qianmian.unify.identity.declaration import built_in_rules, read_rules
from qianmian.unify.identity.rules import Blocked, Limit, Rules, Shared, built_in_text

WHOLE = f"""
limits: {{user_id: {{most: 1}}, device: {{most: 20, within_days: 365}}}}
blocked:
  - {{namespace: device, words: ["0001"], patterns: ["Emu-*"]}}
  - {{pseudonyms: [{id_text(7)}]}}
shared: {{most: 5, within_days: 7, by: [phone]}}
holds_days: {{phone: 180}}
"""


def test_everything_that_rules_can_say() -> None:
    assert read_rules(WHOLE, "x.yaml") == Rules(
        limits=(Limit("user_id", 1), Limit("device", 20, 365)),
        blocked=(Blocked("device", ("0001",), ("emu-*",)), Blocked(nodes=(7,))),
        shared=Shared(5, 7, ("phone",)),
        holds_days=(("phone", 180),),
    )


def test_what_is_left_out_is_as_the_product_has_it_and_what_is_empty_is_switched_off() -> None:
    assert read_rules("", "x.yaml") == read_rules(built_in_text(), "x.yaml") == built_in_rules()
    assert read_rules("limits: {}\nshared: {}\nholds_days: {}\nblocked: []", "x.yaml") == Rules()


def test_rules_cross_to_another_process_and_their_digest_is_of_what_they_say() -> None:
    rules = read_rules(WHOLE, "x.yaml")
    assert Rules.from_json(rules.to_json()) == rules
    assert read_rules(f"# a remark\n{WHOLE}", "y.yaml").digest == rules.digest
    assert read_rules(WHOLE.replace("180", "181"), "x.yaml").digest != rules.digest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("limits:\n  usr_id: {most: 1}", "line 2: limits.usr_id: is not a key that identity rules have here"),
        ("limits: {phone: {most: 0}}", "limits.phone.most: must be a whole number from 1 to 1000000; got 0"),
        ("limits: {phone: {}}", "limits.phone.most: must be a whole number from 1 to 1000000; got none"),
        ("limits: {phone: 3}", "limits.phone: must hold keys and values; got 3"),
        ("holds_days: {user_id: 9}", "holds_days.user_id: is not a key"),
        (
            "shared:\n  most: 3\n  within_days: 3\n  by: [mail]",
            "line 4: shared.by.0: must be a namespace of identifiers",
        ),
        ("blocked: [{words: [0]}]", "blocked.0.words.0: must be text of 1 to 200 characters"),
        ("blocked: [{namespace: phone}]", "blocked.0: must hold words, patterns or pseudonyms"),
        ('blocked: [{patterns: ["**"]}]', "blocked.0.patterns.0: would fit every value"),
        ("blocked: [{pseudonyms: [abc]}]", "blocked.0.pseudonyms.0: must be a pseudonym of 13 characters; got 'abc'"),
        ("limits: [", "x.yaml, line 1: file"),
        ("- 3", "file: must hold keys and values"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, told: str) -> None:
    with pytest.raises(RulesError) as error:
        read_rules(text, "x.yaml")
    assert told in str(error.value)


def test_rules_hold_no_phone_and_the_error_does_not_repeat_it() -> None:
    with pytest.raises(RulesError, match="by its pseudonym") as error:
        read_rules('blocked: [{words: ["13912345678"]}]', "x.yaml")
    assert "139" not in str(error.value)
