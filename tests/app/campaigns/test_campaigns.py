"""Campaigns: who is written to and who is not, whatever goes wrong; and an effect that was planted is found."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from qianmian.app.campaigns import plan as planning
from qianmian.app.campaigns import send as sending
from qianmian.app.campaigns.campaigns import Campaign, Campaigns, Draft
from qianmian.app.campaigns.choices import choices
from qianmian.app.campaigns.recipients_file import recipients_file
from qianmian.app.campaigns.report import Verdict, report
from qianmian.app.campaigns.tables import TABLES
from qianmian.app.identity_decisions import IdentityDecisions
from qianmian.app.identity_preview import merge_wish
from qianmian.core.errors import InputError, JobError, PurposeError, UnknownNameError
from qianmian.core.people import id_text
from tests.app.campaigns.shop import REFUSED, CampaignScene, opened, paid, said
from tests.app.test_sources import HandClock
from tests.databases import copy_workspace
from tests.receiving import Receiving


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("campaigns") / "shop"
    opened(folder).shop.close()
    return folder


@pytest.fixture
def scene(prepared: Path, tmp_path: Path) -> Iterator[CampaignScene]:
    copy_workspace(prepared, tmp_path / "shop")
    made = CampaignScene(tmp_path / "shop")
    yield made
    made.shop.close()


def written_to(receiver: Receiving) -> list[str]:
    return [one["user_id"] for post in receiver.taken for one in post.told["people"]]


def names(scene: CampaignScene, people: set[int]) -> set[str]:
    return {f"u{number:04}" for number in range(600) if scene.node(f"u{number:04}") in people}


def test_a_plan_says_who_is_left_out_and_why_and_sending_does_what_it_said(scene: CampaignScene):
    late = "2026-05-21T12:00:00+08:00"
    rows = [said("u0000", 100, at=late, consent=REFUSED), said("u0001", 101, at=late, consent="none")]
    rows += [
        said("", 102) | {"user": None, "anon": "a1"},
        said("never", 103, consent=None),
    ]
    scene.settle(rows)
    draft = scene.draft()
    plan = planning.plan(scene.shop, draft)
    assert (plan.people, plan.not_agreed, plan.unreachable) == (42, 3, 1)
    assert plan.treatment + plan.holdout == 38
    sent = scene.send(draft)
    assert (sent.planned["treatment"], sent.planned["holdout"]) == (plan.treatment, plan.holdout)
    arms = scene.arms(sent)
    assert {arm: len(people) for arm, people in arms.items()} == {"treatment": plan.treatment, "holdout": plan.holdout}
    assert names(scene, arms["treatment"] | arms["holdout"]) == {f"u{number:04}" for number in range(2, 40)}


def test_a_purpose_on_a_contract_needs_no_consent_and_one_that_is_not_registered_gets_nobody(scene: CampaignScene):
    scene.settle([said("u0000", 100, at="2026-05-21T12:00:00+08:00", consent="none")])
    assert planning.plan(scene.shop, scene.draft(purpose="operate")).not_agreed == 0
    draft = scene.draft()
    scene.shop.workspace.purposes.remove("marketing")
    for deed in (lambda: planning.plan(scene.shop, draft), lambda: scene.send(draft)):
        with pytest.raises(PurposeError):
            deed()
    assert scene.campaigns.get(draft.campaign).state == "draft"


def test_everybody_of_the_treatment_is_written_to_once_and_nobody_of_the_holdout(scene, receiver, monkeypatch):
    monkeypatch.setattr("qianmian.act.assign.PIECE", 7)
    monkeypatch.setattr(sending, "PIECE", 7)
    receiver.answers = [503, 429]
    waits: list[float] = []
    sent = scene.send(scene.draft(sink="crm"), receiver, waits)
    arms = scene.arms(sent)
    assert sorted(written_to(receiver)) == sorted(names(scene, arms["treatment"]))
    assert len(arms["treatment"]) + len(arms["holdout"]) == 40
    assert waits == [1.0, 4.0]
    ids = [post.headers["webhook-id"] for post in receiver.posts]
    assert len(set(ids[:3])) == 1, "one piece, tried three times, is one message"
    assert len(set(ids)) == len(receiver.taken) == len(scene.campaigns.pieces(sent.campaign))
    assert all(post.headers["webhook-signature"] for post in receiver.posts)
    assert sum(one.people for one in scene.campaigns.disclosures.of_campaign(sent.campaign)) == len(arms["treatment"])
    assert sent.state == "sent"
    with pytest.raises(InputError, match="delivered wholly"):
        scene.send(sent, receiver)


def test_a_piece_that_was_refused_is_where_it_goes_on(scene, receiver, monkeypatch):
    monkeypatch.setattr("qianmian.act.assign.PIECE", 7)
    monkeypatch.setattr(sending, "PIECE", 7)
    receiver.answers = [200, 200, 410]
    draft = scene.draft(sink="crm")
    with pytest.raises(JobError, match="HTTP 410"):
        scene.send(draft, receiver)
    half = scene.campaigns.get(draft.campaign)
    arms = scene.arms(half)
    assert (half.state, len(written_to(receiver))) == ("sending", 14)
    assert scene.shop.workspace.jobs.latest(1)[0]["status"] == "failed"
    scene.settle([], hours=1)
    sent = scene.send(half, receiver)
    assert scene.arms(sent) == arms
    assert sent.assigned_at == half.assigned_at
    assert sorted(written_to(receiver)) == sorted(names(scene, arms["treatment"]))


def test_who_withdraws_or_is_erased_between_two_pieces_is_not_written_to(scene, receiver, monkeypatch):
    monkeypatch.setattr("qianmian.act.assign.PIECE", 7)
    monkeypatch.setattr(sending, "PIECE", 7)
    receiver.answers = [200, 410]
    draft = scene.draft(sink="crm")
    with pytest.raises(JobError):
        scene.send(draft, receiver)
    left = sorted(names(scene, scene.arms(draft)["treatment"]) - set(written_to(receiver)))
    scene.settle([said(left[0], 200, at="2026-06-01T12:10:00+08:00", consent=REFUSED)], hours=1)
    scene.shop.erase(scene.shop.plan_erase([left[1]]))
    scene.send(draft, receiver)
    assert set(left) - set(written_to(receiver)) == set(left[:2])
    assert len(written_to(receiver)) == len(set(written_to(receiver)))
    arms = scene.arms(draft)
    assert scene.node(left[1]) not in arms["treatment"] | arms["holdout"]
    told = report(scene.shop, scene.campaigns.get(draft.campaign), purpose="analyse")
    assert told.gone == 1


def test_people_who_became_one_across_the_arms_are_in_neither(scene, receiver):
    draft = scene.draft(sink="crm")
    receiver.answers = [410]
    with pytest.raises(JobError):
        scene.send(draft, receiver)
    arms = {arm: sorted(names(scene, people)) for arm, people in scene.arms(draft).items()}
    one, other = arms["treatment"][0], arms["holdout"][0]
    wish = merge_wish(scene.shop, one, other, accounts_too=True)
    IdentityDecisions(scene.shop.workspace.catalogue, scene.shop.workspace.clock).add(wish, "one person")
    scene.settle([], hours=1)
    assert scene.person(one) == scene.person(other)
    scene.send(draft, receiver)
    assert not {one, other} & set(written_to(receiver))
    told = report(scene.shop, scene.campaigns.get(draft.campaign), purpose="analyse")
    assert (told.mixed, told.gone) == (1, 2)
    assert told.treatment.people == len(arms["treatment"]) - 1


def test_whoever_uses_a_tablet_next_is_another_person_of_the_campaign(scene: CampaignScene):
    """Nobody known after a sign-out has an id that is no identifier's; the tablet's own is its first owner's."""
    nobody = {"user": None, "device": "tablet"}
    rows = [
        said("", 500, at="2026-05-21T09:00:00+08:00", consent=None) | nobody,
        said("owner", 501, at="2026-05-21T10:00:00+08:00", consent=None) | {"event": "Signed In", "device": "tablet"},
        said("", 502, at="2026-05-21T11:00:00+08:00", consent=None) | nobody | {"event": "Signed Out"},
        said("", 503, at="2026-05-21T12:00:00+08:00") | nobody,
    ]
    scene.settle(rows, hours=1)
    sent = scene.send(scene.draft(namespace="device", holdout_share=0.0, purpose="operate"))
    [guest] = scene.arms(sent)["treatment"]
    assert guest not in {scene.node("device:tablet"), scene.person("owner")}
    lines = "".join(recipients_file(scene.shop, sent).pieces).split()
    assert lines[1:] == ["tablet"]
    scene.settle([], hours=1)
    assert report(scene.shop, sent, purpose="analyse").treatment.people == 1
    [told] = scene.shop.export(f"person:{id_text(guest)}")["assignments"]
    assert told["campaign"] == sent.campaign
    scene.shop.erase(scene.shop.plan_erase([f"person:{id_text(guest)}"]))
    assert scene.arms(sent)["treatment"] == set()
    assert scene.person("owner")


def test_an_identifier_that_went_to_somebody_else_takes_neither_its_first_owner_nor_their_erasure_along(scene):
    nobody = {"user": None, "device": "phone"}
    scene.settle([said("", 510, at="2026-05-21T09:00:00+08:00") | nobody], hours=1)
    sent = scene.send(scene.draft(namespace="device", holdout_share=0.0))
    first = scene.node("device:phone")
    assert scene.arms(sent)["treatment"] == {first}
    later = [
        said("", 511, at="2026-06-01T14:00:00+08:00", consent=None) | nobody | {"event": "Signed Out"},
        said("", 512, at="2026-06-01T15:00:00+08:00") | nobody,
    ]
    scene.settle(later, hours=3)
    assert scene.person("device:phone") != first
    assert recipients_file(scene.shop, sent).people == 0, "the identifier is not theirs any more"
    assert report(scene.shop, sent, purpose="analyse").treatment.people == 1
    scene.shop.erase(scene.shop.plan_erase([f"person:{id_text(first)}"]))
    assert scene.arms(sent)["treatment"] == set()
    assert scene.person("device:phone")


#: Three campaigns, each for people who did something else: by how much more often they buy, and what is said of it.
PLANTED = {
    "Product Viewed": (0.4, Verdict.MORE),
    "Product Added": (0.0, Verdict.UNCLEAR),
    "Product Shared": (-0.25, Verdict.LESS),
}
_ANYWAY, _EACH = 0.3, 200


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CampaignScene, dict[str, Campaign]]]:
    """The shop a week after three campaigns, with what a build of the third day said of each as ``early``."""
    scene = opened(tmp_path_factory.mktemp("planted") / "shop", people=0, rows=list(_groups()))
    sent = {event: scene.send(scene.draft(condition=f"did('{event}')", window_days=7)) for event in PLANTED}
    rows = [row for event, campaign in sent.items() for row in _orders(scene, campaign, PLANTED[event][0])]
    rows.sort(key=lambda row: row["at"])
    first = sum(row["at"] < "2026-06-04" for row in rows)
    before = {event: report(scene.shop, one, purpose="analyse").verdict for event, one in sent.items()}
    assert set(before.values()) == {Verdict.NOT_BUILT}
    scene.settle(rows[:first], days=3)
    for one in sent.values():
        early = report(scene.shop, one, purpose="analyse")
        assert early.verdict is Verdict.EARLY
        assert [day.day for day in early.days] == [1, 2, 3]
    scene.settle(rows[first:], days=5)
    yield scene, sent
    scene.shop.close()


def _groups() -> Iterator[dict[str, object]]:
    for group, event in enumerate(PLANTED):
        for number in range(group * _EACH, (group + 1) * _EACH):
            yield said(f"u{number:04}", number) | {"event": event}


def _buyers(scene: CampaignScene, campaign: Campaign, rise: float) -> dict[str, list[str]]:
    """Of each arm, those who buy: exactly the planted share."""
    arms = {arm: sorted(names(scene, people)) for arm, people in scene.arms(campaign).items()}
    shares = {"treatment": _ANYWAY + rise, "holdout": _ANYWAY}
    return {arm: people[: round(len(people) * shares[arm])] for arm, people in arms.items()}


def _orders(scene: CampaignScene, campaign: Campaign, rise: float) -> Iterator[dict[str, object]]:
    buyers = _buyers(scene, campaign, rise)
    base = campaign.campaign * 1_000
    for number, who in enumerate([*buyers["treatment"], *buyers["holdout"]]):
        yield paid(who, base + number, "120", at=f"2026-06-0{2 + number % 6}T09:00:00+08:00")
    one = buyers["treatment"][0]
    yield paid(one, base + 901, "5000", at="2026-06-08T13:00:00+08:00")  # an hour after the window
    yield paid(one, base + 902, "70", at="2026-05-30T13:00:00+08:00")  # before it


@pytest.mark.parametrize("event", PLANTED)
def test_a_planted_effect_is_found(planted: tuple[CampaignScene, dict[str, Campaign]], event: str):
    (scene, sent), (rise, verdict) = planted, PLANTED[event]
    campaign = scene.campaigns.note_spend(sent[event].campaign, Decimal(1000))
    told, buyers = report(scene.shop, campaign, purpose="analyse"), _buyers(scene, campaign, rise)
    assert told.verdict is verdict
    for arm, people in scene.arms(campaign).items():
        one, bought = getattr(told, arm), len(buyers[arm])
        assert (one.people, one.converted, one.orders, one.after) == (len(people), bought, bought, 120 * bought)
        assert one.before == (70 if arm == "treatment" else 0)
        assert getattr(told.days[-1], arm) == bought
    assert len(told.days) == 7
    assert told.effect.conversion.low <= rise <= told.effect.conversion.high
    assert told.effect.conversion.value == pytest.approx(rise, abs=0.02)
    assert told.gain.value == pytest.approx(told.effect.extra_revenue.value / 1000)
    assert told.imbalance > 0.001


def test_arms_that_somebody_tampered_with_are_told(scene: CampaignScene):
    sent = scene.send(scene.draft(condition="did('Product Viewed')", holdout_share=0.5))
    scene.shop.erase(scene.shop.plan_erase(sorted(names(scene, scene.arms(sent)["holdout"]))))
    scene.settle([paid("u0001", 1, "9", at="2026-06-02T09:00:00+08:00")], days=8)
    assert report(scene.shop, sent, purpose="analyse").verdict is Verdict.UNEVEN


def test_the_file_has_the_treatment_under_the_identifier_that_was_asked_for(scene: CampaignScene):
    rows = [
        said("u0001", 400) | {"phone": "13800138000"},
        said("=cmd()", 401),
        said("u0002", 402) | {"phone": "+8613800138001"},
    ]
    scene.settle(rows, hours=1)
    draft = scene.draft(holdout_share=0.0)
    with pytest.raises(InputError, match="is a draft"):
        recipients_file(scene.shop, draft)
    with pytest.raises(InputError, match="is a draft"):
        report(scene.shop, draft, purpose="analyse")
    sent = scene.send(draft)
    file = recipients_file(scene.shop, sent, by="ada")
    lines = "".join(file.pieces).removeprefix("\ufeff").splitlines()
    assert (lines[0], len(lines) - 1) == ("user_id", file.people)
    assert "'=cmd()" in lines
    [noted] = scene.campaigns.disclosures.of_campaign(sent.campaign)
    assert (noted.people, noted.disclosed_by, noted.receiver, noted.purpose) == (41, "ada", "file", "marketing")
    by_phone = scene.send(scene.draft(holdout_share=0.0, namespace="phone"))
    lines = "".join(recipients_file(scene.shop, by_phone).pieces).removeprefix("\ufeff").splitlines()
    assert lines[0] == "phone"
    assert len(lines) == 3
    assert not any("'" in line for line in lines)
    assert planning.plan(scene.shop, scene.draft(namespace="phone")).unreachable == 39


def test_what_can_be_chosen_is_what_is_there(scene: CampaignScene):
    told = choices(scene.shop, {"QIANMIAN_SINK_CRM": "https://crm.example/in"}, purpose="analyse")
    assert told.sinks == ["file", "crm"]
    assert told.namespaces == {"user_id": 40}
    assert told.purposes == {"analyse": "consent", "marketing": "consent", "operate": "contract"}
    with pytest.raises(InputError, match="QIANMIAN_SINK_ODD") as error:
        choices(scene.shop, {"QIANMIAN_SINK_ODD": "file:///etc/passwd"}, purpose="analyse")
    assert "passwd" not in str(error.value)


def test_a_campaign_to_a_receiver_that_is_not_named_stays_a_draft(scene: CampaignScene):
    draft = scene.draft(sink="crm")
    with pytest.raises(InputError, match="no receiver 'crm'"):
        scene.send(draft)
    nobody = scene.draft(condition="did('Order Completed')")
    with pytest.raises(InputError, match="nobody can be written to"):
        scene.send(nobody)
    assert {scene.campaigns.get(one.campaign).state for one in (draft, nobody)} == {"draft"}


def test_an_export_of_a_person_tells_their_campaigns(scene: CampaignScene):
    sent = scene.send(scene.draft(holdout_share=0.0))
    [told] = scene.shop.export("u0001")["assignments"]
    assert told == {"campaign": sent.campaign, "arm": "treatment"}


@pytest.fixture
def kept(database) -> Campaigns:
    return Campaigns(database.open(*TABLES), HandClock())


def entropy(many: int) -> bytes:
    return bytes(range(1, many + 1))


def test_campaigns_are_kept_and_only_drafts_are_deleted(kept: Campaigns):
    draft = Draft(name=" 高价值 13800138000 ", condition="orders_total > 1", spend=Decimal("12.5"))
    made = kept.add(draft, entropy, by="ada")
    assert (made.name, str(made.spend), made.created_by, made.state) == ("高价值 138****8000", "12.5", "ada", "draft")
    assert made.chance == int.from_bytes(entropy(8)) >> 1
    assert kept.note_spend(made.campaign, None).spend is None
    other = kept.add(Draft(name="b", condition="orders_total > 1"), entropy)
    assert [one.campaign for one in kept.all()] == [other.campaign, made.campaign]
    kept.delete(other.campaign)
    assert [one.campaign for one in kept.all()] == [made.campaign]
    kept.assigned(made.campaign, HandClock().now(), {"treatment": 9, "holdout": 1})
    with pytest.raises(InputError, match="it stays"):
        kept.delete(made.campaign)
    for number in (other.campaign, 99):
        with pytest.raises(UnknownNameError):
            kept.get(number)


@pytest.mark.parametrize(
    "part",
    [
        {"name": "two\nlines"},
        {"condition": "phone = '13800138000'"},
        {"holdout_share": 0.51},
        {"holdout_share": -0.1},
        {"holdout_share": float("nan")},
        {"window_days": 0},
        {"window_days": 366},
        {"sink": "http://crm"},
        {"namespace": "User Id"},
        {"spend": -1},
        {"spend": 10**13},
    ],
)
def test_an_odd_part_of_a_draft_is_refused(kept: Campaigns, part):
    with pytest.raises(InputError):
        kept.add(Draft(**{"name": "a", "condition": "orders_total > 1"} | part), entropy)
    assert kept.all() == []
