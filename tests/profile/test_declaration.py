"""What is wrong with a declared tag is told with its line, its key and what was expected; no text of it is SQL."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from qianmian.core.errors import RulesError
from qianmian.core.language import Language
from qianmian.profile.tags.built_in import built_in_tags, read_tags
from qianmian.profile.tags.declaration.terms import text_sql

HOSTILE = ["'; DROP TABLE partials; --", "\\', 1), ('", "$$", "名'\"\n--", "%s {x} ?", "decode(unhex('00'))"]


def tag(**keys: object) -> str:
    return "tags:\n  mine:\n    title: t\n" + "".join(f"    {key}: {value}\n" for key, value in keys.items())


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("tags: []", 1, "keys and values"),
        ("tag: {}", 1, "did you mean tags?"),
        ("tags:\n  Mine: {}", 2, "small letter"),
        ("tags:\n  views_30d: {}", 2, "built-in tag"),
        ("tags:\n  select: {}", 2, "built-in tag"),
        ("tags:\n  views_30d_rows: {}", 2, "built-in tag"),
        ("tags:\n  my_confidence: {}", 2, "built-in tag"),
        ("tags:\n  order_last_on: {}", 2, "built-in tag"),
        ("tags:\n  mine: 7", 2, "keys and values"),
        ("tags:\n  mine: {kind: statistic}", 2, "text of 1 to 100"),
        (tag(kind="magic"), 4, "must be one of statistic"),
        (tag(kind="statistic", event="x"), 5, "did you mean events?"),
        (tag(kind="statistic", of="sum"), 5, "must be one of count"),
        (tag(kind="statistic", last="90"), 5, "number of days such as 90d"),
        (tag(kind="statistic", last="9999d"), 5, "number of days such as 90d"),
        (tag(kind="statistic", of="distinct"), 2, "must be one of item"),
        (tag(kind="statistic", where="colour = 'red'"), 5, "unknown field 'colour'"),
        (tag(kind="statistic", where="hour = 1 or hour = 2"), 5, "'and' between them"),
        (tag(kind="statistic", where="channel is null"), 5, "'and' between them"),
        (tag(kind="statistic", of="money", where="brand = 'x'"), 6, "whole events"),
        (tag(kind="statistic", of="sessions", where="item = 'x'"), 6, "whole events"),
        (tag(kind="statistic", events="[3]"), 5, "text of 1 to 100"),
        (tag(kind="first_last", take="middle"), 5, "must be one of first, last"),
        (tag(kind="rule", layers="[]"), 5, "list of 1 to 30 layers"),
        (tag(kind="rule", layers='[{value: a, when: "orders_totl > 1"}]'), 5, "did you mean 'orders_total'"),
        (tag(kind="rule", layers='[{value: a, when: "friends(orders_total > 1) >= 1"}]'), 5, "belong in an audience"),
        (tag(kind="rule", layers="[{value: a, when: \"did('x', from='2026-01-01')\"}]"), 5, "moves with the day"),
        (tag(kind="rule", layers="[{value: a, wen: b}]"), 5, "did you mean when?"),
        (tag(kind="combination", value="orders_total ** 2"), 5, "no arithmetic"),
        (tag(kind="combination", value="__import__('os').system('id')"), 5, "no arithmetic"),
        (tag(kind="combination", value="lifecycle + 1"), 5, "'lifecycle' is not a number"),
        (tag(kind="combination", value="days_since(orders_total)"), 5, "'orders_total' is not a date"),
        (tag(kind="combination", value="1 + 2"), 5, "names no tag"),
        (tag(kind="combination", value="+".join(["orders_total"] * 40)), 5, "at most"),
        (tag(kind="ranking", of="net_decile"), 5, "known of each person alone"),
        (tag(kind="ranking", of="lifecycle"), 5, "known of each person alone"),
        (tag(kind="ranking", of="orders_total", among="r_score > 2"), 6, "known of each person alone"),
        (tag(kind="ranking", of="orders_total", parts=1), 6, "from 2 to 100"),
        (tag(kind="rfm", recent="recency_days < 9"), 2, "text of 1 to"),
        (tag(kind="statistic", about="[a, b, c, d]"), 5, "at most 3"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(text: str, line: int, said: str) -> None:
    with pytest.raises(RulesError) as caught:
        read_tags(text, "own.yaml")
    told = caught.value.message
    assert said in f"{told.what(Language.EN)} {told.hint(Language.EN)}"
    assert f"line {line}" in told.what(Language.EN)
    assert told.what(Language.ZH)


def test_two_that_use_each_other_are_refused() -> None:
    text = "tags:\n" + "".join(
        f"  {one}: {{kind: combination, title: t, value: {other} + 1}}\n"
        for one, other in (("one", "two"), ("two", "one"))
    )
    with pytest.raises(RulesError, match="unknown tag 'two'"):
        read_tags(text, "own.yaml")


def test_tags_may_stand_in_any_order_and_read_again_as_themselves() -> None:
    text = "tags:\n  later: {kind: combination, title: t, value: earlier * 2}\n  earlier: {kind: statistic, title: t}\n"
    read = read_tags(text, "own.yaml")
    assert [one.name for one in read.tags] == ["earlier", "later"]
    again = read_tags(read.to_json(), "json")
    assert (again.tags, again.digest) == (read.tags, read.digest)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_an_author_stands_in_sql(text: str) -> None:
    assert text_sql(text).removeprefix("decode(unhex('").removesuffix("'))").isalnum()
    quoted = text.replace("'", "''")
    entry = {
        "kind": "rule",
        "title": text,
        "layers": [{"value": text, "when": f"region = '{quoted}' and did('{quoted}', channel = '{quoted}') >= 1"}],
        "otherwise": text,
    }

    [made] = read_tags(json.dumps({"tags": {"mine": entry}}), "own.json").tags
    assert text not in made.formula.sql
    assert set(made.formula.sql) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ()'=>,")


def test_what_says_the_same_has_one_name_whoever_declares_it() -> None:
    text = "tags:\n  one: {kind: statistic, title: a, events: [Product Viewed], last: 30d}\n"
    [made] = read_tags(text, "own.yaml").tags
    built_in = next(one for one in built_in_tags() if one.name == "views_30d")
    assert made.needs == built_in.needs


def test_the_examples_of_the_guide_can_be_declared() -> None:
    guide = Path(__file__).parents[2].joinpath("docs/guides/tags.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    assert sum(len(read_tags(example, "tags.md").tags) for example in examples) == 3
