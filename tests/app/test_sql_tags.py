"""Tags that a SELECT answers: right for everybody, refused or stopped when hostile, the last good values kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.questions.definitions import State, definition, try_tag
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import RulesError, SqlError
from qianmian.core.language import Language
from qianmian.engines.sandbox.contracts import Limits
from tests.app.traces import NOW, Scene, good, trace

LAST = {
    "kind": "sql",
    "title": "最近浏览的品类数",
    "type": "integer",
    "select": """
        SELECT person_id, count(DISTINCT category) AS value
        FROM history WHERE event = 'Product Viewed' AND channel = 'app' GROUP BY person_id
    """,
}
FAN = {
    "kind": "sql",
    "title": "t",
    "select": "SELECT person_id, CASE WHEN views_30d >= 4 THEN '常客' END AS value FROM profiles",
}
COUNT = {"kind": "statistic", "title": "t", "events": ["Product Viewed"]}
HOSTILE = {
    "copy": "COPY history TO '{lake}/out.parquet'",
    "copy within": "WITH x AS (COPY history TO '{lake}/out.parquet') SELECT 1 AS person_id, 2 AS value",
    "attach": "ATTACH '{lake}/other.db' AS other",
    "pragma": "PRAGMA database_list",
    "read": "SELECT 1 AS person_id, content AS value FROM read_text('{lake}/../keys/*')",
    "repeat": "SELECT person_id, repeat('x', 2000000000) AS value FROM history",
    "cross join": "SELECT a.person_id, count(*) AS value FROM history a, history b, history c, history d, history e, "
    "history f, history g, history h GROUP BY a.person_id",
}


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr("qianmian.profile.tags.queried.SECONDS", 3.0)
    monkeypatch.setattr("qianmian.profile.trial.LIMITS", Limits(seconds=3, memory_mib=256))
    scene = Scene(tmp_path / "shop")
    scene.goods([good("i1", "美妆", "10", "b"), good("i2", "家居", "10", "b")])
    scene.take(
        trace("Product Viewed", NOW, id=f"e{at}", user=f"u{at % 7}", item=f"i{at % 2 + 1}", channel="app")
        for at in range(30)
    )
    yield scene
    scene.shop.close()


def kept(scene: Scene) -> DeclaredTags:
    return DeclaredTags(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.parent.name != "_pins"  # leases of readers
    }


def test_a_select_answers_one_value_a_person(scene: Scene) -> None:
    kept(scene).put("seen_categories", LAST)
    kept(scene).put("fan", FAN)
    kept(scene).put("fan_rule", {"kind": "rule", "title": "t", "layers": [{"value": "v", "when": "fan = '常客'"}]})
    scene.shop.build()
    told = scene.profiles()
    assert {row["seen_categories"] for row in told.values()} == {2}
    for row in told.values():
        assert row["fan"] == ("常客" if row["views_30d"] >= 4 else None)
        assert row["fan_rule"] == ("v" if row["fan"] else None)
    assert scene.shop.audience("seen_categories = 2 and fan is not null").size() == sum(
        row["views_30d"] >= 4 for row in told.values()
    )
    assert scene.shop.profile("u0")["seen_categories"] == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_select_changes_nothing_and_stops_nobody(scene: Scene, name: str) -> None:
    kept(scene).put("seen_categories", LAST)
    kept(scene).put("plain", COUNT)
    scene.shop.build()
    before, lake = scene.profiles(), scene.shop.workspace.lake.root
    kept(scene).put("seen_categories", {**LAST, "select": HOSTILE[name].format(lake=lake)})
    scene.take([trace("Product Viewed", NOW, user="u0", item="i1", channel="app")])
    files = digests(lake)
    with pytest.raises(SqlError):
        try_tag(scene.shop, "seen_categories", kept(scene).declaration().entries["seen_categories"], purpose=ANALYSE)
    assert digests(lake) == files
    scene.shop.build()
    after = scene.profiles()
    assert {person: row["seen_categories"] for person, row in after.items()} == {
        person: row["seen_categories"] for person, row in before.items()
    }
    assert after[scene.node("u0")]["plain"] == before[scene.node("u0")]["plain"] + 1
    found = definition(scene.shop, "seen_categories", purpose=ANALYSE)
    assert found.state is State.FAILED
    assert found.failure is not None
    assert found.failure.what(Language.ZH) != found.failure.what(Language.EN)
    assert not any("out.parquet" in one or "other.db" in one for one in digests(scene.folder))
    kept(scene).put("seen_categories", LAST)
    scene.shop.build()
    assert definition(scene.shop, "seen_categories", purpose=ANALYSE).state is State.TOLD


def test_a_trial_answers_and_keeps_nothing(scene: Scene) -> None:
    scene.shop.build()
    tried = try_tag(scene.shop, "seen_categories", LAST, purpose=ANALYSE)
    assert [(share.label, share.people) for share in tried.trial.summary.shares] == [(2, 7)]
    with pytest.raises(SqlError):
        try_tag(scene.shop, "seen_categories", {**LAST, "select": "SELECT 7 AS value"}, purpose=ANALYSE)
    kept(scene).put("fan", FAN)
    scene.shop.build()
    changed = {**FAN, "select": "SELECT person_id, '常客' AS value FROM profiles"}
    tried = try_tag(scene.shop, "fan", changed, purpose=ANALYSE)
    assert tried.trial.changed == sum(row["fan"] is None for row in scene.profiles().values())
    told = {one.person: one for one in tried.trial.examples}
    assert all(told[one].before == row["fan"] for one, row in scene.profiles().items() if one in told)


def test_one_sql_tag_does_not_read_another_and_what_it_left_goes_with_it(scene: Scene) -> None:
    kept(scene).put("fan", FAN)
    with pytest.raises(RulesError, match="another"):
        kept(scene).put("other", {**FAN, "select": "SELECT person_id, fan AS value FROM profiles"})
    scene.shop.build()
    assert scene.rows("queried")
    kept(scene).remove("fan")
    scene.shop.build()
    assert scene.rows("queried") == []
