"""The definitions of tags over HTTP: as text and as values, and what is told of a mistake and of a change."""

from __future__ import annotations

import pytest

ENTRY = {"title": {"zh": "大客", "en": "Large"}, "kind": "rule", "layers": [{"value": "是", "when": "net_90d >= 500"}]}


@pytest.fixture
def declaring(client):
    yield client
    assert client.put("/api/tag-definitions/text", json={"text": "tags: {}"}).is_success


def test_a_text_of_tags_and_its_plain_values_are_the_same(client):
    text = client.post("/api/tag-definitions/text/write", json={"entries": {"large": ENTRY}}).json()["text"]
    assert "大客" in text
    told = client.post("/api/tag-definitions/text/read", json={"text": text}).json()["entries"]
    assert told == {"large": ENTRY}
    assert list(told["large"]) == list(ENTRY)


def test_what_is_no_text_of_tags_is_refused_with_its_line(client):
    told = client.post("/api/tag-definitions/text/read", json={"text": "tags:\n  a: {kind: ["})
    assert (told.status_code, told.json()["code"], told.json()["line"]) == (422, "rules", 2)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"layers": [*ENTRY["layers"], {"value": "b", "when": "nothing > 1"}]}, "tags.large.layers.1.when"),
        ({"title": {"zh": "大客"}}, "tags.large.title.en"),
        ({"kind": "guess"}, "tags.large.kind"),
        ({"where": "hour = 1"}, "tags.large.where"),
    ],
)
def test_a_mistake_names_the_key_at_which_it_stands(client, change, key):
    told = client.post("/api/tag-definitions/large/try", json={"entry": {**ENTRY, **change}})
    assert (told.status_code, told.json()["key"]) == (422, key)


def test_a_tag_tells_in_which_versions_it_was_declared(declaring):
    assert declaring.get("/api/tag-definitions/lifecycle").json()["changes"] == []
    assert declaring.put("/api/tag-definitions/large", json={"entry": ENTRY}).is_success
    assert declaring.put("/api/tag-definitions/other", json={"entry": ENTRY}).is_success
    told = declaring.put("/api/tag-definitions/large", json={"entry": {**ENTRY, "note": "n"}}).json()
    assert [one["version"] for one in told["changes"]] == [3, 1]
    assert told["audiences"] == []
