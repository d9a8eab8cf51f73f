"""Tags that a shop declares: kept in versions, told at once or from the next build on, tried before they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import qianmian
from qianmian.app.audiences import SavedAudiences
from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.fact_rules import KeptFactRules
from qianmian.app.questions.definitions import State, definition, states, try_tag
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import ConditionError, NotBuiltError, PurposeError, RulesError, UnknownNameError
from qianmian.unify.facts.rules import built_in_text
from tests.app.traces import NOW, Scene, good, trace
from tests.unify.facts.statements import says, take

VIEWS = {
    "kind": "statistic",
    "title": {"zh": "美妆浏览", "en": "Beauty views"},
    "events": ["Product Viewed"],
    "where": "category = '美妆' and channel = 'app'",
    "last": "30d",
}
FAN = {
    "kind": "rule",
    "title": "爱看",
    "layers": [{"value": "爱看'; DROP TABLE partials; --", "when": "views_30d >= 10"}],
    "otherwise": "一般",
}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path / "shop")
    scene.goods([good("i1", "美妆", "10", "b"), good("i2", "家居", "10", "b")])
    scene.take(
        trace(
            "Product Viewed", NOW, id=f"e{at}", user=f"u{at % 5}", item=f"i{at % 3 + 1}", channel=["app", "web"][at % 2]
        )
        for at in range(30)
    )
    yield scene
    scene.shop.close()


def kept(scene: Scene) -> DeclaredTags:
    return DeclaredTags(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def own(scene: Scene) -> dict[str, State]:
    return {tag.name: state for tag, state in states(scene.shop, purpose=ANALYSE) if tag.is_own}


def size(scene: Scene, condition: str) -> int:
    return scene.shop.audience(condition).size()


def test_what_the_build_has_kept_is_told_at_once_and_all_else_from_the_next(scene: Scene) -> None:
    kept(scene).put("beauty_views", VIEWS)
    assert own(scene) == {"beauty_views": State.WAITING}  # nothing was built yet
    kept(scene).remove("beauty_views")
    scene.shop.build()
    kept(scene).put("beauty_views", VIEWS)
    kept(scene).put("fan", FAN)
    kept(scene).put("is_beauty_fan", {"kind": "combination", "title": "t", "value": "beauty_views / 2"})
    assert own(scene) == {"beauty_views": State.WAITING, "fan": State.TOLD, "is_beauty_fan": State.WAITING}
    assert size(scene, "fan = '一般'") == 5
    with pytest.raises(ConditionError, match="the tag 'beauty_views' is declared, and told from the next build on"):
        size(scene, "beauty_views > 0")
    scene.shop.build()
    assert set(own(scene).values()) == {State.TOLD}
    assert (size(scene, "beauty_views = 1"), size(scene, "is_beauty_fan = 0.5")) == (5, 5)


def test_one_that_is_declared_anew_is_told_as_the_last_build_knew_it_until_the_next(scene: Scene) -> None:
    kept(scene).put("beauty_views", VIEWS)
    scene.shop.build()
    assert size(scene, "beauty_views = 1") == 5
    kept(scene).put("beauty_views", {**VIEWS, "where": "category = '美妆'"})
    assert own(scene) == {"beauty_views": State.OUTDATED}
    assert size(scene, "beauty_views = 1") == 5
    scene.shop.build()
    assert own(scene) == {"beauty_views": State.TOLD}
    assert size(scene, "beauty_views = 2") == 5


def test_a_tag_comes_goes_and_comes_back_with_other_columns(scene: Scene) -> None:
    scene.shop.build()
    plain = scene.profiles()
    for _ in range(2):
        kept(scene).put("beauty_views", VIEWS)
        scene.shop.build()
        assert size(scene, "beauty_views = 1") == 5
        kept(scene).remove("beauty_views")
        scene.take([trace("Product Viewed", NOW, user="u0", channel="app")])
        scene.shop.build()
        assert own(scene) == {}
    assert scene.profiles().keys() == plain.keys()
    with closing(qianmian.open(scene.folder)) as again:  # as another process opens it
        assert again.audience("views_30d > 0").size() == 5


@pytest.mark.parametrize("key", ["note", "layers"])
def test_nobodys_personal_data_stand_in_a_definition(scene: Scene, key: str) -> None:
    told = {"note": "找 13800138000", "layers": [{"value": "v", "when": "region = '13800138000'"}]}
    with pytest.raises(RulesError, match="personal data"):
        kept(scene).put("fan", {**FAN, key: told[key]})
    assert kept(scene).all() == []


def test_a_ranking_waits_for_its_cuts(scene: Scene) -> None:
    scene.shop.build()
    kept(scene).put("view_part", {"kind": "ranking", "title": "t", "of": "views_30d", "parts": 2})
    assert own(scene) == {"view_part": State.WAITING}
    scene.shop.build()
    assert size(scene, "view_part >= 1") == 5


def test_versions_are_kept_and_the_same_makes_none(scene: Scene) -> None:
    first = kept(scene).put("fan", FAN, by="u1")
    assert kept(scene).put("fan", FAN).version == first.version
    second = kept(scene).put("fan", {**FAN, "otherwise": "其他"})
    assert (second.version, [one.version for one in kept(scene).all()]) == (2, [2, 1])
    assert kept(scene).apply(kept(scene).all()[1].text).version == 3
    assert kept(scene).declaration().entries["fan"] == FAN


def test_a_tag_that_another_uses_stays(scene: Scene) -> None:
    kept(scene).put("fan", FAN)
    use = {"kind": "rule", "title": "t", "layers": [{"value": "v", "when": "fan = '一般'"}]}
    kept(scene).put("of_fan", use)
    with pytest.raises(RulesError, match="fan"):
        kept(scene).remove("fan")
    with pytest.raises(UnknownNameError):
        kept(scene).remove("lifecycle")
    scene.shop.build()
    found = definition(scene.shop, "fan", purpose=ANALYSE)
    assert (found.used_by, found.entry, found.audiences) == (("of_fan",), FAN, ())
    saved = SavedAudiences(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    saved.add("看客", scene.shop.audience("orders_total = 0 and not fan is null"))
    assert [one.name for one in definition(scene.shop, "fan", purpose=ANALYSE).audiences] == ["看客"]
    assert definition(scene.shop, "views_30d", purpose=ANALYSE).used_by[-1] == "fan"


def test_a_trial_tells_what_a_tag_would_say_and_keeps_nothing(scene: Scene) -> None:
    with pytest.raises(NotBuiltError):
        try_tag(scene.shop, "beauty_views", VIEWS, purpose=ANALYSE)
    scene.shop.build()
    tried = try_tag(scene.shop, "beauty_views", VIEWS, purpose=ANALYSE)
    assert (tried.of_people, tried.trial.summary.people, tried.trial.changed) == (5, 5, None)
    assert [(share.label, share.people) for share in tried.trial.summary.shares] == [(1, 5)]
    assert own(scene) == {}
    with pytest.raises(PurposeError):
        try_tag(scene.shop, "beauty_views", VIEWS, purpose="curiosity")
    kept(scene).put("beauty_views", VIEWS)
    scene.shop.build()
    wider = try_tag(scene.shop, "beauty_views", {**VIEWS, "where": "category = '美妆'"}, purpose=ANALYSE)
    assert wider.trial.changed == 5
    assert {(one.value, one.before) for one in wider.trial.examples} == {(2, 1)}
    same = try_tag(scene.shop, "beauty_views", VIEWS, purpose=ANALYSE)
    assert same.trial.changed == 0


@pytest.mark.parametrize("name", ["lifecycle", "fan", "view_part", "average"])
def test_a_trial_says_what_the_build_will(scene: Scene, name: str) -> None:
    entries: dict[str, dict[str, Any]] = {
        "fan": FAN,
        "view_part": {"kind": "ranking", "title": "t", "of": "views_30d", "parts": 2, "among": "views_30d > 1"},
        "average": {"kind": "combination", "title": "t", "value": "views_30d / active_days_90d", "type": "money"},
    }
    scene.shop.build()
    if name not in entries:
        with pytest.raises(RulesError, match="built-in"):
            try_tag(scene.shop, name, FAN, purpose=ANALYSE)
        return
    tried = try_tag(scene.shop, name, entries[name], purpose=ANALYSE)
    kept(scene).put(name, entries[name])
    scene.shop.build()
    told = scene.shop.tag(name)
    assert [(one.label, one.people) for one in told.shares] == [
        (one.label, one.people) for one in tried.trial.summary.shares
    ]
    people = {one.person: one.value for one in tried.trial.examples}
    assert people == {person: row[name] for person, row in scene.profiles().items() if person in people}


def test_what_sources_state_is_a_tag_unless_it_is_sensitive(scene: Scene) -> None:
    take(scene, "crm", [says("2026-05-01", user="u0", gender="女", birthday="1990-05-01", city="杭州市")])
    take(scene, "app", [says("2026-05-02", user="u1", gender="男", city="不详")])
    height = {"kind": "import", "title": "身高", "trait": "city", "type": "integer"}
    kept(scene).put("city_number", height)
    scene.shop.build()
    assert (size(scene, "gender = 'female'"), size(scene, "city = '杭州' and age = 36")) == (1, 1)
    assert (size(scene, "gender is null"), size(scene, "city_number is not null")) == (3, 0)
    told = {value.tag.name: value for value in scene.shop.profile("u0").tags}
    assert (told["birth_year"].value, told["birth_year"].evidence) == (1990, None)
    assert told["gender"].confidence is not None
    assert 0.5 < told["gender"].confidence <= 1
    rules = built_in_text().replace("  gender:\n    kind: word\n", "  gender:\n    kind: word\n    sensitive: true\n")
    KeptFactRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(rules, "facts.yaml")
    scene.shop.build()
    with pytest.raises(ConditionError, match="gender"):
        size(scene, "gender = 'female'")
    with pytest.raises(RulesError, match="sensitive"):
        kept(scene).put("sex", {"kind": "import", "title": "t", "trait": "gender"})
