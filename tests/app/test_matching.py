"""Matching in a shop: off until it is declared and its purpose stands, careful with consent, and it merges nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qianmian.app import matching
from qianmian.app.contracts.matching import MatchedTold
from qianmian.app.identity_proposals import accepted_wish, refused_wish
from qianmian.app.identity_review import IdentityReview, ReviewState
from qianmian.app.matching import Matchings
from qianmian.core.errors import InputError, PurposeError
from qianmian.core.people import id_text
from qianmian.privacy.purposes import Basis
from qianmian.unify.contracts import Proposal
from qianmian.unify.identity.match.matching import built_in_text
from qianmian.world.members import Members, make_members
from tests.app.traces import NOW, Scene

MAPPING = """
source: {register}
grain: event
format: jsonl
event: {{event_id: record, name: {{value: Member Registered}}, occurred_at: at, consent: agreed}}
identifiers: {{{namespace}: record}}
match: {{name: name, birth_date: birth_date, phone_tail: phone_tail, gender: gender, city: city, address: address}}
"""
NAMESPACES = {"till": "taobao_nick", "club": "wechat_unionid"}
SILENT = {f"t{number:08d}" for number in range(20)}


def rows(members: Members, register: str) -> list[dict[str, Any]]:
    """What a register exports; some members agreed to nothing but analysis."""
    told = [row for row in members.records.to_pylist() if row.pop("register") == register]
    agreed = {row["record"]: "analyse" if row["record"] in SILENT else "analyse,match" for row in told}
    return [row | {"at": "2026-05-02T12:00:00+08:00", "agreed": agreed[row["record"]]} for row in told]


def taken(scene: Scene, members: Members) -> None:
    for register, namespace in NAMESPACES.items():
        scene.take(rows(members, register), MAPPING.format(register=register, namespace=namespace))
    scene.shop.build()


@pytest.fixture(scope="module")
def members() -> Members:
    return make_members(300, seed=5)


@pytest.fixture(scope="module")
def shop(members: Members, tmp_path_factory: pytest.TempPathFactory) -> Path:
    scene = Scene(tmp_path_factory.mktemp("matched") / "shop")
    taken(scene, members)
    scene.shop.close()
    return scene.folder


@pytest.fixture
def scene(shop: Path, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(shop).copied(tmp_path / "shop")
    yield made
    made.shop.close()


def review(scene: Scene) -> IdentityReview:
    return IdentityReview(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def ends(one: Proposal) -> frozenset[int]:
    return frozenset((one.node_a, one.node_b))


def allow(scene: Scene, basis: Basis = Basis.CONSENT) -> None:
    Matchings(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(built_in_text(), "matching.yaml")
    scene.shop.workspace.purposes.register("match", basis, NOW)


def test_nothing_is_opened_until_it_is_declared_and_its_purpose_stands(scene: Scene) -> None:
    for ask in (matching.plan, matching.run):
        with pytest.raises(InputError, match=r"(?s)no declaration.*identity match apply"):
            ask(scene.shop)
    allow(scene)
    scene.shop.workspace.purposes.remove("match")
    with pytest.raises(PurposeError, match="'match' is not registered"):
        matching.plan(scene.shop)


def test_who_did_not_agree_is_left_out_and_counted(scene: Scene, members: Members) -> None:
    allow(scene)
    plan = matching.plan(scene.shop)
    assert (plan.gathered.without_consent, plan.gathered.without_person) == (len(SILENT), 0)
    assert plan.gathered.records.num_rows == members.records.num_rows - len(SILENT)
    nodes = set(plan.gathered.records["node_id"].to_pylist())
    assert not nodes & {scene.node(f"taobao_nick:{record}") for record in SILENT}
    allow(scene, Basis.CONTRACT)
    assert matching.plan(scene.shop).gathered.records.num_rows == members.records.num_rows


def test_who_agrees_last_counts(scene: Scene) -> None:
    allow(scene)
    record = min(SILENT)
    mapping = MAPPING.format(register="till", namespace="taobao_nick").replace("event_id: record", "event_id: id")
    later = {"id": "again", "record": record, "at": "2026-05-03T12:00:00+08:00", "agreed": "match"}
    blank = dict.fromkeys(("name", "birth_date", "phone_tail", "gender", "city", "address"))
    scene.take([later | blank], mapping)
    scene.shop.build()
    assert matching.plan(scene.shop).gathered.without_consent == len(SILENT) - 1


def test_people_in_both_registers_are_proposed_and_nobody_is_merged(scene: Scene, members: Members) -> None:
    allow(scene)
    before = scene.built()["persons"]
    found = matching.run(scene.shop)
    queue = [one.proposal for one in review(scene).pairs()]
    assert scene.built()["persons"] == before
    assert {ends(one) for one in queue} == {ends(one) for one in found.proposed.proposals}
    assert len(queue) == len(found.proposed.proposals)
    person = {
        scene.node(f"{NAMESPACES[register]}:{record}"): int(whose)
        for register, record, whose in zip(
            members.records["register"].to_pylist(), members.records["record"].to_pylist(), members.person, strict=True
        )
    }
    right = sum(person[one.node_a] == person[one.node_b] for one in queue)
    assert right / len(queue) >= 0.98
    assert len(queue) >= 80  # of 120 in both, of whom some agreed to nothing or share too little
    job = scene.shop.workspace.jobs.latest(1)[0]
    assert (job["kind"], job["status"]) == ("match", "done")
    assert job["result"]["total"] == len(queue)


def test_what_is_told_logged_and_left_holds_ids_and_no_value(
    scene: Scene, members: Members, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    allow(scene)
    with caplog.at_level("DEBUG"):
        found = matching.run(scene.shop)
    told = MatchedTold.of(found, 3)
    assert (len(told.proposals), told.total) == (3, len(found.proposed.proposals))
    assert told.proposals[0].node_a == id_text(found.proposed.proposals[0].node_a)
    text = "".join((told.model_dump_json(), repr(found.gathered), caplog.text, *capfd.readouterr()))
    addresses = {value for value in members.records["address"].to_pylist() if value}
    assert len(addresses) > 200  # there are some that could have been found
    assert not [value for value in addresses if value in text]
    files = [file.read_bytes() for file in (scene.folder / "data").rglob("*") if file.is_file()]
    assert not [value for value in addresses if any(value.encode() in file for file in files)]


def test_a_pair_that_was_refused_is_not_proposed_again(scene: Scene) -> None:
    allow(scene)
    first, second, *_ = matching.run(scene.shop).proposed.proposals
    again = matching.run(scene.shop, apart=[(first.node_b, first.node_a)])
    assert again.proposed.refused == 1
    assert ends(first) not in {ends(one) for one in again.proposed.proposals}
    number = next(one.number for one in review(scene).pairs() if ends(one.proposal) == ends(second))
    review(scene).refuse(number, refused_wish(scene.shop, second), "a father and his son")
    later = matching.run(scene.shop)
    assert later.proposed.refused == 1
    assert ends(second) not in {ends(one) for one in later.proposed.proposals}
    assert review(scene).get(number).state is ReviewState.REFUSED


def test_a_pair_that_was_accepted_in_review_teaches_the_model_and_is_one_person_after_the_build(scene: Scene) -> None:
    allow(scene)
    first = matching.run(scene.shop).proposed.proposals[0]
    number = next(one.number for one in review(scene).pairs() if ends(one.proposal) == ends(first))
    review(scene).accept(number, accepted_wish(scene.shop, first), "the same card")
    assert matching.run(scene.shop).answers == 1
    scene.shop.build()
    assert ends(first) not in {ends(one) for one in matching.run(scene.shop).proposed.proposals}


def test_a_phone_that_the_person_goes_by_gives_the_tail_that_a_record_lacks(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    mapping = MAPPING.format(register="till", namespace="taobao_nick").replace(
        "{taobao_nick: record}", "{taobao_nick: record, phone: phone}"
    )
    row = {"record": "t1", "at": "2026-05-02T12:00:00+08:00", "agreed": "match", "name": "欧阳若兰"}
    blank = dict.fromkeys(("birth_date", "phone_tail", "gender", "city", "address"))
    scene.take([blank | row | {"phone": "+86 139-0000-4321"}], mapping)
    scene.shop.build()
    allow(scene)
    assert matching.plan(scene.shop).gathered.records["phone_tail"].to_pylist() == ["4321"]
    scene.shop.close()


def test_versions_are_kept_and_off_is_one(scene: Scene) -> None:
    kept = Matchings(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    kept.apply(built_in_text(), "m.yaml")
    assert kept.apply(built_in_text(), "m.yaml").version == 1
    kept.switch_off(by="lin")
    assert kept.current() is None
    assert [(one.version, one.applied_by, bool(one.text)) for one in kept.all()] == [(2, "lin", False), (1, "", True)]
