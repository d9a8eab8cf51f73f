"""Ties on the command line: listed, explained, and their kinds printed and applied."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest


@pytest.fixture(scope="module")
def liking(demo) -> tuple[str, str]:
    """User ids of who liked a post, and who wrote it."""
    people = pq.read_table(demo.world / "truth" / "people.parquet").column("user_id").to_pylist()
    rows = pq.read_table(demo.world / "truth" / "ties.parquet").to_pylist()
    liked = (row for row in rows if row["relation"] == "like" and row["by_user_id"])
    return next((people[row["person"]], people[row["other"]]) for row in liked if people[row["person"]])


def test_a_tie_is_listed_in_both_languages_and_explained_by_its_events(demo, call, liking):
    reader, author = liking
    told = call("profile", "ties", reader, "--kind", "like", "-w", demo.shop, "--json").json
    assert {"like"} <= {one["kind"] for one in told["ties"][0]["kinds"]}
    assert "→ like × " in call("profile", "ties", reader, "-w", demo.shop, "--lang", "en").out
    assert "→ 点赞 × " in call("profile", "ties", reader, "-w", demo.shop, "--lang", "zh-CN").out
    assert "Post Liked" in call("profile", "ties", author, "--with", reader, "-w", demo.shop).out


def test_a_summary_is_told_in_both_languages(demo, call):
    assert "people are tied" in call("ties", "summary", "-w", demo.shop, "--lang", "en").out
    told = call("ties", "summary", "-w", demo.shop, "--json").json
    like = next(one for one in told["kinds"] if one["kind"] == "like")
    line = next(
        line for line in call("ties", "summary", "-w", demo.shop, "--lang", "zh-CN").out.splitlines() if "点赞" in line
    )
    assert (f"{like['pairs']:,}" in line, f"{like['median_strength']:.3f}" in line) == (True, True)


def test_kinds_are_printed_changed_and_applied(call, copy, tmp_path):
    printed = call("ties", "kinds", "show", "-w", copy).out
    own = tmp_path / "own.yaml"
    own.write_text(printed.replace("weight: 0.05", "weight: 0.5"), encoding="utf-8")
    assert "differs in chat" in call("ties", "kinds", "check", own, "-w", copy).out
    assert "takes effect with the next build" in call("ties", "kinds", "apply", own, "-w", copy).out
    assert call("ties", "kinds", "show", "-w", copy, "--json").json["own"]["version"] == 1
    own.write_text("friend: {}\n", encoding="utf-8")
    for file in (own, tmp_path / "none.yaml"):
        ran = call("ties", "kinds", "apply", file, "-w", copy, "--lang", "en")
        assert ran.code == 2
        assert "hint: " in ran.err
