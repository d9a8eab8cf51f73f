"""Facts on the command line: a person's traits, the report, who is disputed, and the rules."""

from __future__ import annotations

import pyarrow.parquet as pq


def test_traits_and_report_are_told_in_both_languages(demo, call):
    users = pq.read_table(demo.world / "truth" / "people.parquet").column("user_id").drop_null().to_pylist()
    told = (call("profile", "traits", user, "-w", demo.shop, "--json") for user in users)
    person = next(one.json["person"] for one in told if one.code == 0 and one.json["traits"])
    assert "gender" in call("profile", "traits", f"person:{person}", "-w", demo.shop, "--lang", "en").out
    assert "性别" in call("profile", "traits", f"person:{person}", "-w", demo.shop, "--lang", "zh-CN").out
    assert "coverage" in call("facts", "report", "-w", demo.shop, "--lang", "en").out
    assert "覆盖率" in call("facts", "report", "-w", demo.shop, "--lang", "zh-CN").out
    report = call("facts", "report", "-w", demo.shop, "--json").json
    listed = call("facts", "disputed", "gender", "-w", demo.shop, "--json").json
    assert listed["total"] == next(one["disputed"] for one in report["traits"] if one["trait"] == "gender")
    unknown = call("facts", "disputed", "shoes", "-w", demo.shop, "--lang", "en")
    assert (unknown.code, "hint: traits: age_band" in unknown.err) == (2, True)


def test_rules_are_printed_checked_and_applied(call, copy, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(call("facts", "rules", "show", "-w", copy).out, encoding="utf-8")
    assert "says what holds already" in call("facts", "rules", "check", own, "-w", copy).out
    own.write_text(own.read_text(encoding="utf-8").replace("otherwise: 0.7", "otherwise: 0.8"), encoding="utf-8")
    assert "differs in otherwise" in call("facts", "rules", "check", own, "-w", copy).out
    assert "takes effect with the next build" in call("facts", "rules", "apply", own, "-w", copy).out
    assert call("facts", "rules", "show", "-w", copy, "--json").json["own"]["version"] == 1
    assert "otherwise: 0.7" in call("facts", "rules", "show", "--built-in", "-w", copy).out
    own.write_text("traits: {city: {kind: place}}\n", encoding="utf-8")
    for file in (own, tmp_path / "none.yaml"):
        ran = call("facts", "rules", "apply", file, "-w", copy, "--lang", "en")
        assert ran.code == 2
        assert "hint: " in ran.err or "must be one of word" in ran.err
