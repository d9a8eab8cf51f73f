"""Why identifiers are one person or are not, told of the small story: Anna and Boris share a tablet."""

from __future__ import annotations

import pytest

from qianmian.app.identity_rules import IdentityRules
from qianmian.app.questions import identity
from qianmian.app.questions.identity import Verdict, explain
from qianmian.core.errors import InputError, PurposeError, UnknownNameError
from qianmian.core.language import Language
from qianmian.core.people import id_text
from qianmian.unify.identity import near
from qianmian.unify.identity.why import Said
from tests.app.conftest import IN, VIEW
from tests.app.traces import Scene, trace


def words(found, language=Language.EN):
    return [step.words.what(language) for step in found.steps]


def test_two_identifiers_of_one_person_are_joined_by_the_oldest_statement(told):
    found = explain(told.shop, "phone:13900000001", "user_id:anna")
    assert found.verdict is Verdict.ONE_PERSON
    [step] = found.steps
    edge = found.edges[step.edge]
    assert (edge.said, edge.joins, edge.total) == (Said.SIGNED_IN, True, 1)
    assert (edge.first.source, edge.first.event_id) == ("shop", "a3")
    assert words(found) == ["user id *** was signed in on phone 139****0001: 2026-05-04 12:00, shop, event a3."]
    assert words(found, Language.ZH) == [
        "用户ID（***）在手机号（139****0001）上登录：2026-05-04 12:00，shop，事件 a3。"
    ]
    assert not found.is_cut
    assert not found.is_outdated


def test_a_shared_tablet_breaks_the_chain_and_says_when_it_changed_hands(told):
    found = explain(told.shop, "anna", "boris")
    assert found.verdict is Verdict.BROKEN
    assert [step.joins for step in found.steps] == [True, False, True]
    [hands] = [text for step, text in zip(found.steps, words(found), strict=True) if not step.joins]
    anna, boris = (id_text(told.person(name)) for name in ("anna", "boris"))
    assert hands == (
        f"device id *** changed hands: person {anna}, signed in until 2026-05-10 12:00; "
        f"person {boris}, signed in since 2026-05-12 12:00."
    )


def test_strangers_have_no_chain_and_are_no_fault(told):
    found = explain(told.shop, "anna", "carl")
    assert (found.verdict, found.steps, found.is_outdated) == (Verdict.STRANGERS, [], False)


def test_a_person_is_held_together_by_the_fewest_statements_oldest_first(told):
    found = explain(told.shop, f"person:{id_text(told.person('anna'))}")
    assert found.verdict is Verdict.ONE_PERSON
    assert [found.edges[step.edge].first.event_id for step in found.steps] == ["a1", "a3"]
    assert found.ends == []
    assert not found.is_outdated
    held = {(one.namespace, one.person) for one in found.identifiers}
    assert ("device", id_text(told.person("boris"))) in held  # the tablet's other times are told too


def test_one_time_of_an_identifier_is_asked_for_by_its_id(told):
    device = [one for one in explain(told.shop, "device:tablet").identifiers if one.namespace == "device"]
    assert [one.since is None for one in device] == [True, False, False]
    first, between, last = device
    assert explain(told.shop, f"id:{first.id}", "anna").verdict is Verdict.ONE_PERSON
    assert explain(told.shop, f"id:{last.id}", "boris").verdict is Verdict.ONE_PERSON
    assert explain(told.shop, f"id:{between.id}", "anna").verdict is Verdict.BROKEN
    assert between.user is None
    assert first.until == between.since


def test_an_order_follows_its_payer(told):
    found = explain(told.shop, "order:shop:A-1", "anna")
    assert found.verdict is Verdict.ONE_PERSON
    assert [found.edges[step.edge].said for step in found.steps] == [Said.PAID]


def test_strangers_are_joined_over_people_in_between(scene):
    scene.take([
        trace(IN, "2026-05-20", user="dora", device="kiosk"),
        trace(IN, "2026-05-21", user="boris", device="kiosk"),
        trace(IN, "2026-05-22", user="dora", device="till"),
        trace(IN, "2026-05-23", user="emil", device="till"),
    ])  # fmt: skip
    scene.shop.build()
    found = explain(scene.shop, "anna", "emil")  # anna – tablet – boris – kiosk – dora – till – emil
    assert found.verdict is Verdict.BROKEN
    assert [step.joins for step in found.steps].count(False) == 3


def test_what_a_build_has_not_read_is_no_evidence_yet(scene):
    scene.take([trace(VIEW, "2026-05-20", user="anna", phone="13900000009")])
    with pytest.raises(UnknownNameError):
        explain(scene.shop, "anna", "phone:13900000009")


def test_what_was_undone_explains_nothing_and_the_answer_says_that_the_build_knew_more(scene):
    apart = [trace(VIEW, "2026-05-20", phone="13900000008"), trace(VIEW, "2026-05-20", anon="x1")]
    scene.take(apart)
    both = scene.take([trace(VIEW, "2026-05-21", phone="13900000008", anon="x1", device="new")])
    scene.shop.build()
    assert explain(scene.shop, "phone:13900000008", "anonymous_id:x1").verdict is Verdict.ONE_PERSON
    scene.shop.undo(both.batch)
    for one, other in (
        ("phone:13900000008", "anonymous_id:x1"),
        ("device:new", "anonymous_id:x1"),
        ("device:new", None),
    ):
        found = explain(scene.shop, one, other)
        assert (found.verdict, found.steps, found.is_outdated) == (Verdict.STRANGERS, [], True)


def test_evidence_is_read_up_to_a_bound_and_the_answer_says_so(told, monkeypatch):
    monkeypatch.setattr(near.near, "__kwdefaults__", {"most": 2})
    assert explain(told.shop, "anna").is_cut


def test_a_person_with_more_identifiers_than_are_told_is_explained_in_part(told, monkeypatch):
    monkeypatch.setattr(identity, "MOST_IDENTIFIERS", 2)
    found = explain(told.shop, "anna")
    shown = {one.id for one in found.identifiers}
    assert (len(shown), found.is_cut) == (2, True)
    assert [{step.start, step.end} for step in found.steps] == [shown]


def test_a_name_nobody_has_is_told_masked_and_a_purpose_must_be_known(told):
    with pytest.raises(UnknownNameError, match=r"138\*\*\*\*8000"):
        explain(told.shop, "anna", "phone:13800138000")
    with pytest.raises(UnknownNameError):
        explain(told.shop, "id:aaaaaaaaaaaac")
    with pytest.raises(InputError):
        explain(told.shop, "id:short")
    with pytest.raises(PurposeError):
        explain(told.shop, "anna", purpose="curiosity")


@pytest.fixture
def ruled(tmp_path):
    """One phone with four browsers of which rules allow two, a blocked user_id, and a phone that fell silent."""
    scene = Scene(tmp_path / "shop")
    IdentityRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(
        "limits: {anonymous_id: {most: 2}}\nblocked: [{words: [demo]}]", "rules.yaml"
    )
    scene.take(
        [
            *(trace(VIEW, f"2026-05-0{n}", id=f"n{n}", phone="13900000001", anon=f"a{n}") for n in range(1, 5)),
            trace(VIEW, "2026-05-02", id="lee", user="demo", device="lee-1"),
            trace(VIEW, "2025-01-02", id="before", phone="13900000002", anon="b1"),
            trace(VIEW, "2026-05-02", id="after", phone="13900000002", anon="b2"),
        ]
    )
    scene.shop.build()
    yield scene.shop
    scene.shop.close()


def test_what_a_rule_holds_apart_is_told_so(ruled):
    found = explain(ruled, "phone:13900000001", "anonymous_id:a4")
    assert (found.verdict, found.is_outdated) == (Verdict.BROKEN, False)
    assert [found.edges[step.edge].by_rule for step in found.steps] == [True]
    assert "an identity rule holds them apart" in words(found)[0]
    assert "按身份规则不据此合并" in words(found, Language.ZH)[0]
    joined = explain(ruled, "phone:13900000001", "anonymous_id:a2")
    assert (joined.verdict, joined.is_outdated) == (Verdict.ONE_PERSON, False)
    assert not any(found.edges[step.edge].by_rule for step in joined.steps)


def test_a_blocked_value_joins_nobody(ruled):
    found = explain(ruled, "device:lee-1")
    assert (found.steps, found.is_outdated) == ([], False)
    assert [edge.by_rule for edge in found.edges] in ([], [True])


def test_a_phone_that_fell_silent_changed_hands(ruled):
    found = explain(ruled, "anonymous_id:b1", "anonymous_id:b2")
    assert (found.verdict, found.is_outdated) == (Verdict.BROKEN, False)
    [hands] = [text for step, text in zip(found.steps, words(found), strict=True) if not step.joins]
    assert "139****0002 changed hands" in hands


def test_what_is_said_again_of_the_same_two_is_told_once(tmp_path):
    scene = Scene(tmp_path / "shop")
    days = ((f"2026-05-0{n}", "Signed Out" if n % 2 == 0 else VIEW) for n in range(1, 6))
    scene.take([trace(name, day, id=f"t{day}", user="anna", device="tablet") for day, name in days])
    scene.shop.build()
    found = explain(scene.shop, f"person:{id_text(scene.person('anna'))}")
    scene.shop.close()
    assert [found.edges[step.edge].first.event_id for step in found.steps] == ["t2026-05-01"]
    assert len([edge for edge in found.edges if edge.joins]) == 3
    assert not found.is_outdated
