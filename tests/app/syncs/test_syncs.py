"""Syncs: a receiver holds who is in an audience, agreed and was not erased, whatever goes wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import sleep
from zoneinfo import ZoneInfo

import pytest

from qianmian.app.audiences import SavedAudiences
from qianmian.app.campaigns.disclosures import Disclosures
from qianmian.app.intake.follower import Follower
from qianmian.app.syncs import held as holding
from qianmian.app.syncs.syncs import Sync, Way
from qianmian.app.uses import delete_unused, uses_of_audience, uses_of_tag
from qianmian.core.errors import InputError, JobError, UnknownNameError
from qianmian.core.language import Language
from qianmian.privacy.purposes import Basis
from qianmian.segment.members.causes import Cause
from tests.app.campaigns.shop import REFUSED, paid, said
from tests.app.syncs.shop import BUYERS, SyncScene, kept, opened
from tests.app.traces import NOW
from tests.databases import PostgreSQL, copy_workspace
from tests.receiving import Receiving

LATE = "2026-05-31T12:00:00+08:00"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("syncs") / "shop"
    opened(folder).shop.close()
    return folder


@pytest.fixture
def scene(prepared: Path, tmp_path: Path) -> Iterator[SyncScene]:
    copy_workspace(prepared, tmp_path / "shop")
    made = SyncScene(tmp_path / "shop")
    yield made
    made.shop.close()


def names(count: int) -> set[str]:
    return {f"u{number:04}" for number in range(count)}


def told(receiver: Receiving) -> list[tuple[str, str, str]]:
    people = [one for post in receiver.taken for one in post.told["people"]]
    return sorted((one["change"], one["cause"], one.get("user_id", "")) for one in people)


def test_the_first_run_tells_everybody_and_the_next_only_who_came_withdrew_or_was_erased(
    scene: SyncScene, receiver: Receiving
) -> None:
    sync = scene.sync()
    scene.run(sync, receiver)
    assert set(kept(receiver).values()) == names(12)
    [post] = receiver.taken
    assert post.headers["webhook-signature"].startswith("v1,")
    assert (post.told["subject"], post.told["piece"], post.told["pieces"]) == ("audience:1", 1, 1)

    receiver.posts.clear()
    scene.run(sync, receiver)
    assert receiver.posts == []  # no build since

    scene.settle([said("new", 90, at=LATE), said("u0001", 91, at=LATE, consent=REFUSED)], hours=1)
    scene.shop.erase(scene.shop.plan_erase(["u0002"]))
    scene.run(sync, receiver)
    assert told(receiver) == [
        ("entered", "late", "new"),
        ("left", "consent", "u0001"),
        ("left", "erasure", ""),
    ]  # an erased person's key is all that is left of them
    assert scene.held(sync).size() == 11
    noted = Disclosures(scene.shop.workspace.catalogue, scene.shop.workspace.clock).of_sync(sync.sync)
    assert [(one.receiver, one.people) for one in noted] == [("crm", 2), ("crm", 12)]


def test_an_audience_that_no_build_has_counted_is_told_after_the_next(scene: SyncScene, receiver: Receiving) -> None:
    saved = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    fresh = saved.add("再看一次", scene.shop.audience("did('Product Viewed') >= 1", limit=0))
    sync = scene.sync(audience=fresh.audience)
    with pytest.raises(JobError, match=f"audience {fresh.audience} was saved after the last build"):
        scene.run(sync, receiver)
    assert (receiver.posts, scene.syncs.get(sync.sync).is_stopped) == ([], False)  # a server tries again by itself
    scene.shop.build()
    scene.run(sync, receiver)
    assert set(kept(receiver).values()) == names(12)


def test_a_sync_that_counts_behaviour_alone_says_nothing_of_an_edited_audience_but_always_who_leaves(
    scene: SyncScene, receiver: Receiving
) -> None:
    saved = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    saved.change(1, counted=scene.shop.audience(BUYERS, limit=0))
    scene.shop.build()
    sync = scene.sync(causes=(Cause.BEHAVIOUR,))
    soon = f"{scene.now + timedelta(minutes=30):%FT%T}Z"
    scene.settle([paid("u0003", 1, "10", at=LATE), paid("u0004", 2, "10", at=soon)], hours=1)  # the first is late
    scene.run(sync, receiver)
    assert told(receiver) == [("entered", "behaviour", "u0004")]

    saved = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    saved.change(1, counted=scene.shop.audience("orders_total >= 9", limit=0))
    scene.shop.build()
    scene.run(sync, receiver)
    assert told(receiver)[1:] == [("left", "definition", "u0004")]
    assert kept(receiver) == {}


def test_a_refusal_stops_it_and_it_goes_on_with_the_same_piece_under_the_same_number(
    scene: SyncScene, receiver: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "PIECE", 5)
    sync = scene.sync()
    receiver.answers = [200, 410]
    with pytest.raises(JobError, match="410"):
        scene.run(sync, receiver)
    stopped = scene.syncs.get(sync.sync)
    zone = ZoneInfo("Asia/Shanghai")
    assert (stopped.state("none"), stopped.is_due(9, scene.now + timedelta(days=1), zone)) == ("stopped", False)
    assert stopped.reason is not None
    assert scene.shop.workspace.jobs.latest(1)[0]["status"] == "failed"
    scene.settle([said("u0011", 91, at=LATE, consent=REFUSED), said("new", 92, at=LATE)], hours=1)
    receiver.answers = [503, 503, 503, 503]
    with pytest.raises(JobError, match="503"):
        scene.run(sync, receiver)
    failed = scene.syncs.get(sync.sync)
    assert (failed.state("none"), failed.is_due(9, scene.now, zone)) == ("failed", False)
    assert failed.is_due(9, scene.now + timedelta(minutes=15), zone)
    scene.run(sync, receiver)
    ids = [post.headers["webhook-id"] for post in receiver.posts]
    assert len(set(ids[1:7])) == 1
    assert [one.rsplit("-", 2)[1:] for one in dict.fromkeys(ids)] == [["1", "1"], ["1", "2"], ["1", "3"], ["2", "1"]]
    assert set(kept(receiver).values()) == names(11) | {"new"}
    done = scene.syncs.get(sync.sync)
    assert (done.state("none"), done.reason) == ("active", None)
    assert not done.is_due(done.build or 0, scene.now + timedelta(days=1), zone)


def test_values_of_tags_go_along_and_their_changes_are_told_with_what_they_were(
    scene: SyncScene, receiver: Receiving
) -> None:
    sync = scene.sync(audience=None, tags=("orders_total", "last_seen_at"), purpose="operate")
    scene.settle([paid("u0003", 1, "10", at=LATE)])
    scene.run(sync, receiver)
    first = next(one for one in receiver.taken[0].told["people"] if one["user_id"] == "u0003")
    assert (first["change"], first["tags"]["orders_total"]) == ("entered", 1)
    receiver.posts.clear()
    scene.settle([paid("u0003", 2, "10", at="2026-06-01T12:30:00+08:00")], hours=1)
    scene.run(sync, receiver)
    [changed] = [one for post in receiver.taken for one in post.told["people"]]
    assert (changed["change"], changed["before"]["orders_total"], changed["tags"]["orders_total"]) == ("changed", 1, 2)
    assert changed["tags"]["last_seen_at"].startswith("2026-06-01")


def test_an_ended_sync_takes_its_people_back_and_is_gone(scene: SyncScene, receiver: Receiving) -> None:
    sync = scene.sync()
    scene.run(sync, receiver)
    ended = scene.syncs.delete(sync.sync, held=scene.held(sync).size())
    assert ended
    assert ended.state("none") == "ending"
    assert scene.run(sync, receiver) is None
    assert kept(receiver) == {}
    assert {one[:2] for one in told(receiver)} == {("entered", "definition"), ("left", "ended")}
    with pytest.raises(UnknownNameError):
        scene.syncs.get(sync.sync)
    assert scene.held(sync).size() == len(scene.held(sync).deliveries()) == 0


def test_a_second_person_approves_where_the_workspace_says_so_and_a_refused_sync_never_runs(
    scene: SyncScene, receiver: Receiving
) -> None:
    scene.shop.close()
    toml = scene.folder / "qianmian.toml"
    toml.write_text(toml.read_text("utf-8") + 'approval = "second_person"\n', "utf-8")
    scene = SyncScene(scene.folder)
    sync = scene.sync(by="li")
    assert sync.state("second_person") == "asked"
    with pytest.raises(InputError, match="not approved"):
        scene.run(sync, receiver)
    with pytest.raises(InputError, match="who made"):
        scene.syncs.decide(sync.sync, approve=True, by="li")
    approved = scene.syncs.decide(sync.sync, approve=True, by="wang")
    assert (approved.decided_by, approved.decided_at, approved.state("second_person")) == ("wang", NOW, "waiting")
    scene.run(sync, receiver)
    assert len(kept(receiver)) == 12
    scene.syncs.decide(sync.sync, approve=False, by="wang")
    with pytest.raises(InputError, match="not approved"):
        scene.run(sync, receiver)
    assert scene.syncs.get(sync.sync).state("none") == "refused"
    scene.shop.close()


def test_a_database_holds_who_is_in_the_audience_and_a_repetition_changes_nothing(
    scene: SyncScene, postgres: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.query("CREATE SCHEMA shop")
    sync = scene.sync(way=Way.DATABASE, sink="crm", relation="shop.members", tags=("orders_total",))
    target = {"QIANMIAN_TARGET_CRM": postgres.url}
    scene.run(sync, **target)
    rows = postgres.query("SELECT subject, identifier, tag_values, build FROM shop.members ORDER BY identifier")
    assert [row[1] for row in rows] == sorted(names(12))
    assert (rows[0][0], json.loads(str(rows[0][2])), rows[0][3]) == ("audience:1", {"orders_total": 0}, 2)
    assert len(postgres.query("SELECT * FROM shop.members_pieces")) == 1

    def repeated(*_: object) -> None:
        raise KeyboardInterrupt

    scene.settle([paid("u0003", 1, "10", at=LATE), said("u0004", 95, at=LATE, consent=REFUSED)], hours=1)
    monkeypatch.setattr("qianmian.app.syncs.run._after_piece", repeated)
    with pytest.raises(KeyboardInterrupt):
        scene.run(sync, **target)
    before = postgres.query("SELECT *, xmin::TEXT FROM shop.members ORDER BY identifier")
    assert len(before) == 11
    monkeypatch.undo()
    scene.run(sync, **target)
    assert postgres.query("SELECT *, xmin::TEXT FROM shop.members ORDER BY identifier") == before
    assert [json.loads(str(row[3]))["orders_total"] for row in before if row[2] == "u0003"] == [1]


def test_a_database_that_is_not_there_or_refuses_is_told_by_its_kind_alone(
    scene: SyncScene, postgres: PostgreSQL
) -> None:
    sync = scene.sync(way=Way.DATABASE, relation="nowhere.members")
    with pytest.raises(InputError, match="QIANMIAN_TARGET_CRM") as unset:
        scene.run(sync)
    assert "postgresql://" not in str(unset.value)
    with pytest.raises(JobError, match="ProgrammingError"):
        scene.run(sync, QIANMIAN_TARGET_CRM=postgres.url)
    assert scene.syncs.get(sync.sync).state("none") == "stopped"
    away = "postgresql+psycopg://somebody:secret@127.0.0.1:1/nothing"
    with pytest.raises(JobError, match="OperationalError") as gone:
        scene.run(sync, QIANMIAN_TARGET_CRM=away)
    assert "secret" not in str(gone.value)
    assert scene.syncs.get(sync.sync).state("none") == "failed"


@pytest.mark.parametrize(
    "odd",
    [
        {"audience": None},
        {"audience": None, "tags": ("orders_total",), "causes": (Cause.BEHAVIOUR,)},
        {"causes": (Cause.ERASURE,)},
        {"relation": "members"},
        {"way": Way.DATABASE},
        {"way": Way.DATABASE, "relation": 'a"; DROP TABLE b; --'},
        {"sink": "A B"},
        {"daily_at": 24},
    ],
)
def test_an_odd_sync_is_refused(scene: SyncScene, odd: dict[str, object]) -> None:
    with pytest.raises(InputError):
        scene.sync(**odd)
    assert scene.syncs.all() == []


def test_a_daily_sync_is_due_from_its_hour_on_once_a_day(scene: SyncScene, receiver: Receiving) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    sync = scene.sync(daily_at=13)  # it is noon
    assert not sync.is_due(2, NOW, zone)
    assert sync.is_due(2, NOW + timedelta(hours=1), zone)
    scene.settle([], hours=2)
    ran = scene.run(sync, receiver)
    assert isinstance(ran, Sync)
    assert ran.next_at(scene.now, zone) == NOW + timedelta(days=1, hours=1)
    assert not ran.is_due(9, NOW + timedelta(hours=3), zone)
    assert ran.is_due(9, NOW + timedelta(days=1, hours=1), zone)
    assert not scene.syncs.pause(sync.sync, paused=True).is_due(9, NOW + timedelta(days=2), zone)


def test_a_server_runs_what_is_due_by_itself_and_closes_at_once(scene: SyncScene, receiver: Receiving) -> None:
    sync, waiting = scene.sync(), scene.sync(name="每日", daily_at=13)
    scene.shop.close()
    toml = scene.folder / "qianmian.toml"
    toml.write_text(toml.read_text("utf-8") + "look_seconds = 1\n", "utf-8")
    scene = SyncScene(scene.folder)
    environment = {"QIANMIAN_SINK_CRM": f"{receiver.address}/in"}
    follower = Follower(scene.shop, environment)
    told = 0
    while told < 1:
        told = scene.syncs.get(sync.sync).build or 0
        sleep(0.05)
    follower.close()
    assert scene.syncs.get(waiting.sync).build is None
    assert len(receiver.taken) == 1
    scene.shop.close()


def test_what_is_used_says_by_what_and_is_not_deleted(scene: SyncScene) -> None:
    workspace = scene.shop.workspace
    sync = scene.sync(tags=("orders_total",))
    scene.save("audience(1) AND orders_total = 0")
    scene.draft(condition="audience(1)")
    assert [(one.kind, one.number) for one in uses_of_audience(workspace, 1)] == [
        ("audience", 2),
        ("sync", sync.sync),
        ("campaign", 1),
    ]
    assert [one.number for one in uses_of_tag(workspace, "orders_total")] == [sync.sync]
    assert uses_of_tag(workspace, "lifecycle") == []
    with pytest.raises(InputError, match="sync 1 “会员同步”"):
        delete_unused(workspace, 1, Language.EN)
    assert delete_unused(workspace, 2, Language.EN).deleted_at


def test_a_purpose_that_is_not_registered_any_more_hands_over_nobody(scene: SyncScene, receiver: Receiving) -> None:
    sync = scene.sync()
    scene.shop.workspace.purposes.remove("marketing")
    with pytest.raises(Exception, match="marketing"):
        scene.run(sync, receiver)
    assert receiver.posts == []
    scene.shop.workspace.purposes.register("marketing", Basis.CONTRACT, NOW)
    scene.run(sync, receiver)
    assert len(kept(receiver)) == 12
