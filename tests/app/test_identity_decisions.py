"""Decisions by hand: seen before, in force with the next build, undone without a trace, gone with the erased."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qianmian.app.audiences import SavedAudiences
from qianmian.app.identity_decisions import Decision, DecisionKind, IdentityDecisions, Wish
from qianmian.app.identity_preview import merge_wish, preview, split_wish
from qianmian.app.identity_rules import IdentityRules
from qianmian.app.questions.identity import Verdict, explain
from qianmian.app.shop import restore
from qianmian.core.clock import FixedClock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.language import Language
from qianmian.core.people import id_text
from tests.app.traces import NOW, Scene, trace
from tests.unify.test_publish import owners

VIEW, PAID, IN = "Product Viewed", "Order Completed", "Signed In"
MUM, DAD, KID = "13900000001", "13900000002", "13900000003"
#: One tablet on which three leave their phone; they have other things too. Anna has two browsers that never met.
STORY = [
    trace(PAID, "2026-05-01", id="mum-1", phone=MUM, device="tablet", order="O1", total="100"),
    trace(VIEW, "2026-05-02", id="dad-1", phone=DAD, device="tablet"),
    trace(PAID, "2026-05-03", id="kid-1", phone=KID, device="tablet", order="O2", total="7"),
    trace(VIEW, "2026-05-04", id="tablet", device="tablet"),
    *(trace(VIEW, "2026-05-05", id=f"own-{n}", phone=who, anon=f"own-{n}") for n, who in enumerate((MUM, DAD, KID))),
    trace(VIEW, "2026-05-06", id="anna-1", user="anna", anon="a-1"),
    trace(PAID, "2026-05-07", id="anna-2", anon="a-2", order="O3", total="30"),
    trace(IN, "2026-05-08", id="ben", user="ben", device="d-ben"),
    *(trace(VIEW, "2026-05-09", id=f"crowd-{n}", user=f"crowd-{n}") for n in range(150)),
]  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Scene(tmp_path_factory.mktemp("decisions") / "shop")
    IdentityRules(made.shop.workspace.catalogue, made.shop.workspace.clock).apply("shared: {}", "loose.yaml")
    made.take(STORY)
    made.shop.build()
    made.shop.close()
    return made.folder


@pytest.fixture
def scene(built: Path, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(built).copied(tmp_path / "shop")
    yield made
    made.shop.close()


def decide(scene: Scene, wish: Wish) -> Decision:
    return IdentityDecisions(scene.shop.workspace.catalogue, scene.shop.workspace.clock).add(wish, "looked", by="ada")


def merge(scene: Scene, one: str, other: str, *, accounts_too: bool = False) -> Wish:
    return merge_wish(scene.shop, one, other, accounts_too=accounts_too)


def split(scene: Scene, person: str, apart: Sequence[str], since: datetime | None = None) -> Wish:
    return split_wish(scene.shop, person, apart, since=since)


def undo(number: int) -> Wish:
    return Wish(DecisionKind.UNDO, undoes=number)


def grown(scene: Scene) -> dict[str, int]:
    """Whose events are after a build that goes on from the last one."""
    assert scene.shop.build()["anew"] == ""
    return owners(scene)


def test_what_is_merged_is_one_person_from_the_next_build_on_and_two_again_once_it_is_undone(scene: Scene) -> None:
    before = scene.built()
    wish = merge(scene, "anna", "anonymous_id:a-2")
    decide(scene, wish)
    assert scene.built() == before
    assert grown(scene)["anna-2"] == scene.node("anna")
    assert scene.person("order:shop:O3") == scene.node("anna")
    decide(scene, undo(1))
    grown(scene)
    assert scene.built() == before
    log = IdentityDecisions(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    assert [(one.decision, one.wish.kind, one.undone_by, one.decided_by) for one in log.all()] == [
        (2, DecisionKind.UNDO, None, "ada"),
        (1, DecisionKind.MERGE, 2, "ada"),
    ]


def test_a_split_gives_each_their_own_back_and_its_undo_takes_them_again(scene: Scene) -> None:
    before = scene.built()
    assert len({owners(scene)[name] for name in ("mum-1", "dad-1", "kid-1", "tablet", "own-0", "own-1", "own-2")}) == 1
    decide(scene, split(scene, f"phone:{MUM}", [f"phone:{DAD}", f"phone:{KID}"]))
    decide(scene, split(scene, f"phone:{DAD}", [f"phone:{KID}"]))
    whose = grown(scene)
    mum, dad, kid = (scene.node(f"phone:{phone}") for phone in (MUM, DAD, KID))
    assert [whose[f"own-{n}"] for n in range(3)] == [mum, dad, kid]
    assert [whose[name] for name in ("mum-1", "dad-1", "kid-1")] == [mum, dad, kid]
    assert whose["tablet"] == mum  # whose evidence came first
    assert scene.person("order:shop:O2") == kid
    found = scene.built()
    scene.shop.build(full=True)
    assert scene.built() == found
    for number in (1, 2):
        decide(scene, undo(number))
    grown(scene)
    assert scene.built() == before


def test_from_an_instant_on_an_identifier_is_somebody_elses(scene: Scene) -> None:
    since = datetime(2026, 5, 3, tzinfo=UTC)
    decide(scene, split(scene, f"phone:{MUM}", ["device:tablet"], since))
    whose = grown(scene)
    assert whose["mum-1"] == whose["dad-1"]
    assert whose["tablet"] == scene.node(f"phone:{KID}") != whose["mum-1"]
    assert whose["kid-1"] == whose["own-2"] == whose["tablet"]


def test_the_same_phone_is_split_from_itself_in_time(scene: Scene) -> None:
    decide(scene, split(scene, f"phone:{KID}", [f"phone:{KID}"], datetime(2026, 5, 5, tzinfo=UTC)))
    whose = grown(scene)
    assert whose["kid-1"] == whose["mum-1"] != whose["own-2"]


@pytest.mark.parametrize("of", ["merge", "split", "undo"])
def test_a_preview_tells_what_the_build_then_does_and_writes_nothing(scene: Scene, of: str) -> None:
    saved = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    saved.add("buyers", scene.shop.audience("orders_total > 0"))
    if of == "undo":
        decide(scene, merge(scene, "anna", "anonymous_id:a-2"))
        scene.shop.build()
    wishes = {
        "merge": lambda: merge(scene, "anna", "anonymous_id:a-2"),
        "split": lambda: split(scene, f"phone:{MUM}", [f"phone:{DAD}", f"phone:{KID}"]),
        "undo": lambda: undo(1),
    }
    wish, before = wishes[of](), scene.built()
    scene.take(
        [trace(VIEW, "2026-05-20", id="later", user="anna", anon="later")]
    )  # what no build has read counts in none
    found = preview(scene.shop, wish)
    assert scene.built() == before
    was, orders = owners(scene), {row["order_id"]: row for row in scene.rows("orders")}
    decide(scene, wish)
    scene.shop.build()
    now, paid = owners(scene), {row["order_id"]: row for row in scene.rows("orders")}
    del was["later"]
    assert found.events == sum(now[name] != whose for name, whose in was.items()) > 0
    moved = [order for order, row in orders.items() if paid[order]["person_id"] != row["person_id"]]
    assert (found.orders, found.net) == (len(moved), sum(orders[order]["net"] for order in moved))
    concerned = {now[name] for name in was if now[name] != was[name]} | {was[n] for n in was if now[n] != was[n]}
    assert {one.person_id for one in found.people} <= concerned
    assert (found.people_before, found.people_after) == {"merge": (2, 1), "split": (1, 3), "undo": (1, 2)}[of]
    assert [(one.name, one.changed) for one in found.audiences] == [("buyers", 1)]


def test_a_later_merge_of_what_a_split_holds_apart_joins_nobody(scene: Scene) -> None:
    decide(scene, split(scene, f"phone:{MUM}", [f"phone:{KID}"]))
    scene.shop.build()
    decide(scene, merge(scene, f"phone:{MUM}", f"phone:{KID}"))
    whose = grown(scene)
    assert whose["own-0"] != whose["own-2"]


def test_two_accounts_are_merged_only_where_somebody_says_so(scene: Scene) -> None:
    with pytest.raises(InputError, match="--accounts-too"):
        merge(scene, "anna", "device:d-ben")
    decide(scene, merge(scene, "anna", "ben", accounts_too=True))
    whose = grown(scene)
    assert whose["ben"] == whose["anna-1"] == min(scene.node("anna"), scene.node("ben"))


def test_a_merge_ends_where_its_other_side_turns_out_to_have_another_account(scene: Scene) -> None:
    decide(scene, merge(scene, "anna", "anonymous_id:a-2"))
    scene.shop.build()
    scene.take([trace(IN, "2026-05-20", id="late", user="carl", anon="a-2")])
    whose = grown(scene)
    assert whose["anna-1"] == scene.node("anna")
    assert whose["anna-2"] == whose["late"] == scene.node("carl")


def test_a_decision_outlives_new_rules_and_later_evidence(scene: Scene) -> None:
    decide(scene, split(scene, f"phone:{MUM}", [f"phone:{KID}"]))
    scene.shop.build()
    scene.take([trace(VIEW, f"2026-05-{day}", phone=KID, device="tablet") for day in (20, 21, 22)])
    assert grown(scene)["own-2"] != owners(scene)["own-0"]
    IdentityRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply("limits: {}\nshared: {}", "x.yaml")
    scene.shop.build()
    assert owners(scene)["own-2"] != owners(scene)["own-0"]


def test_a_decision_survives_a_restore_and_the_next_build_makes_the_same_people(scene: Scene, tmp_path: Path) -> None:
    decide(scene, merge(scene, "anna", "anonymous_id:a-2"))
    decide(scene, split(scene, f"phone:{MUM}", [f"phone:{KID}"]))
    log = IdentityDecisions(scene.shop.workspace.catalogue, scene.shop.workspace.clock).all()
    scene.shop.backup(tmp_path / "data.tar", tmp_path / "keys.tar")  # before any build has heard of them
    scene.shop.build()
    there = scene.built()
    restore(tmp_path / "data.tar", tmp_path / "keys.tar", tmp_path / "again", clock=FixedClock(NOW))
    again = Scene(tmp_path / "again")
    assert IdentityDecisions(again.shop.workspace.catalogue, again.shop.workspace.clock).all() == log
    again.shop.build()
    assert again.built() == there
    assert owners(again)["own-2"] != owners(again)["own-0"]
    assert owners(again)["anna-2"] == owners(again)["anna-1"]
    again.shop.close()


def test_erasing_somebody_takes_them_out_of_the_log_and_the_rest_goes_on(scene: Scene) -> None:
    decide(scene, merge(scene, "anna", "anonymous_id:a-2"))
    decide(scene, merge(scene, "ben", "crowd-1", accounts_too=True))
    scene.shop.build()
    scene.shop.erase(scene.shop.plan_erase(["anna"]))
    log = IdentityDecisions(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    second, first = log.all()
    assert (first.wish.one, first.wish.others, first.stands) == ((), (), False)
    assert second.stands
    assert scene.person("ben") == scene.person("crowd-1")
    assert decide(scene, undo(2)).decision == 3


def test_of_an_erased_interval_no_decision_falls_to_who_had_the_device_before(tmp_path: Path) -> None:
    made = Scene(tmp_path / "shop")
    made.take(
        [
            trace(IN, "2026-05-01", id="boris", user="boris", device="tab"),
            trace(IN, "2026-05-05", id="anna", user="anna", device="tab"),
            trace(VIEW, "2026-05-06", id="stranger", anon="stranger"),
        ]
    )
    made.shop.build()
    decide(made, merge(made, "device:tab", "anonymous_id:stranger"))
    made.shop.erase(made.shop.plan_erase(["device:tab"]))
    [first] = IdentityDecisions(made.shop.workspace.catalogue, made.shop.workspace.clock).all()
    assert (first.wish.one, first.stands) == ((), False)
    assert made.person("anonymous_id:stranger") == made.node("anonymous_id:stranger")
    assert made.person("device:tab") == made.node("boris")
    made.shop.close()


def test_what_cannot_be_decided_is_told(scene: Scene) -> None:
    for names, told in (
        (("anna", "anonymous_id:a-1"), "one person already"),
        (("anna", "order:shop:O1"), "order number"),
    ):
        with pytest.raises(InputError, match=told):
            merge(scene, *names)
    with pytest.raises(UnknownNameError, match=r"nobody is known as phone:138\*\*\*\*8000"):
        merge(scene, "anna", "phone:13800138000")
    with pytest.raises(InputError, match="--since"):
        split(scene, "anna", ["anna"])
    with pytest.raises(InputError, match="for all time"):
        split(scene, "anonymous_id:a-1", ["anna"], datetime(2026, 5, 1, tzinfo=UTC))
    for number, error in ((9, UnknownNameError),):
        with pytest.raises(error, match="no decision 9"):
            decide(scene, undo(number))
    decide(scene, merge(scene, "anna", "anonymous_id:a-2"))
    decide(scene, undo(1))
    for number in (1, 2):
        with pytest.raises(InputError, match=f"decision {number} cannot be undone"):
            decide(scene, undo(number))


def test_the_log_holds_no_phone_that_somebody_typed(scene: Scene) -> None:
    log = IdentityDecisions(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    made = log.add(merge(scene, "anna", "anonymous_id:a-2"), f"she called from {MUM}")
    assert MUM not in made.reason
    assert log.get(1) == made
    with pytest.raises(InputError, match="needs a reason"):
        log.add(undo(1), "  ")


def test_a_person_is_named_by_an_id_too(scene: Scene) -> None:
    by_id = merge(scene, f"person:{id_text(scene.node('anna'))}", f"id:{id_text(scene.node('anonymous_id:a-2'))}")
    assert by_id == merge(scene, "anna", "anonymous_id:a-2")


def test_explain_names_who_decided_when_and_why(scene: Scene) -> None:
    decide(scene, merge(scene, "anna", "anonymous_id:a-2"))
    decide(scene, split(scene, f"phone:{MUM}", [f"phone:{KID}"]))
    assert explain(scene.shop, "anna", "anonymous_id:a-2").verdict is Verdict.STRANGERS  # no build has heard of it
    scene.shop.build()
    found = explain(scene.shop, "anna", "anonymous_id:a-2")
    by = "by ada on 2026-06-01 12:00, decision {}, because: looked."
    assert found.verdict is Verdict.ONE_PERSON
    assert not found.is_outdated
    [step] = found.steps
    assert step.words.what(Language.EN) == f"user id *** and anonymous id *** were merged by hand: {by.format(1)}"
    assert "由人工合并：ada，2026-06-01 12:00，决定 1，理由：looked" in step.words.what(Language.ZH)
    apart = explain(scene.shop, f"phone:{MUM}", f"phone:{KID}")
    assert apart.verdict is Verdict.BROKEN
    [broken] = [one.words.what(Language.EN) for one in apart.steps if not one.joins]
    assert broken.endswith(f"but they were split by hand: {by.format(2)}")
    decide(scene, undo(1))
    assert explain(scene.shop, "anna", "anonymous_id:a-2").verdict is Verdict.ONE_PERSON  # still what the build heard
