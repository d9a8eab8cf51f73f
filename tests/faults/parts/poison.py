"""Events that no SDK should send: every value that once broke a reader, in every word of both protocols."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.faults.parts.sending import SEGMENT, SENSORS

_AT = datetime.now(UTC).replace(microsecond=0)
_PLACE = '"@"'
_LONG = 70_000
#: JSON, or nearly: each stands once in each word.
VALUES = (
    *("null", "true", "false", "0", "-1", "-0.0", "1.5", "1e308", "1e400", "-1e400", "5e-324", "9223372036854775808"),
    *("123456789012345678901234567890", "0." + "3" * 400, "NaN", "Infinity", "-Infinity"),
    *('""', '" "', r'"\u0000"', r'"a\u0000b"', r'"\ud83d"', r'"\ude00\ud83d"', '"\U0001f600"', r'"\u202e\ufeff"'),
    *('"NaN"', '"1e400"', '"None"', '"[object Object]"', '"\'; DROP TABLE events; --"', '"=1+1"', r'"\\"', r'"\"]}"'),
    *('"yesterday"', '"2026-13-45T00:00:00Z"', '"0000-00-00T00:00:00Z"', '"+275760-09-13T00:00:00Z"'),
    *('"1899-12-31T00:00:00Z"', '"2026-02-30T25:61:61+99:99"', '"9999-12-31T23:59:60Z"', '"1780200000000"'),
    *("[]", "{}", "[null]", "[[]]", '[{"product_id":{"a":[]}}]', '[{"price":"x","quantity":{}}]', '{"":""}'),
    *(r'{"a\u0000b":1}', '{"a":1,"a":2}', '{"id":{"id":[1]}}', '{"__proto__":{"constructor":1}}'),
    *('{"a":' * 30 + "1" + "}" * 30, "[" * 400 + "]" * 400, "[" * 5000 + "]" * 5000),
    *(f'"{"长" * _LONG}"', f'{{"{"k" * _LONG}":1}}'),
    "{" + ",".join(f'"k{number}":{number}' for number in range(5000)) + "}",
    "[" + ",".join(["1"] * 20_000) + "]",
)
WORDS = {
    SEGMENT: (
        *("type", "messageId", "event", "userId", "anonymousId", "timestamp", "originalTimestamp", "sentAt"),
        *("receivedAt", "context", "properties", "traits", "properties.total", "properties.products"),
        *("properties.currency", "context.device", "context.consent", "context.traits"),
    ),
    SENSORS: (
        *("type", "event", "time", "distinct_id", "_track_id", "_flush_time", "project", "properties", "identities"),
        *("lib", "login_id", "properties.total", "properties.products_item_id", "properties.$is_login_id"),
    ),
}
#: Whole events; ``@`` is the name of the event, where it can be found again.
WHOLE = {
    SEGMENT: (
        *("null", "7", '"track"', "[]", "{}", "[{}]", '{"type":"track"}', '{"type":"identify","traits":"x"}'),
        '{"type":"alias","previousId":"x","userId":"y"}',
        '{"type":"track","event":"@","messageId":"@","messageId":"other","type":"page"}',
        '{"type":"group","groupId":{"a":1},"name":"@","traits":[1]}',
        '{"type":"screen","name":["@"]}',
        '{"event":"@"}',
        '{"type":"track","event":"@","extra\\u0000":1}',
        '{"type":"track","event":"@","timestamp":"1970-01-01T00:00:00Z"}',
    ),
    SENSORS: (
        *("null", "7", '"track"', "[]", "{}", "[{}]", '{"type":"track"}', '{"type":"item_set","item_id":"@"}'),
        '{"type":"profile_delete","distinct_id":"x"}',
        '{"type":"track_signup","distinct_id":"x","original_id":"y","time":0}',
        '{"type":"track_id_bind","identities":{"$identity_mobile":[],"x":null}}',
        '{"type":"track","event":"@","time":-62135596800000,"distinct_id":"d"}',
        '{"type":"track","event":"@","time":99999999999999999999,"distinct_id":"d"}',
        '{"type":"profile_increment","properties":{"n":"x"},"time":"@"}',
    ),
}


@dataclass(frozen=True)
class Poison:
    """One event that is to be sent.

    Attributes:
        name: stands in it wherever there is room, and nowhere else.
        what: what is wrong with it.
        dialect: of the request.
        raw: its JSON, or nearly.
    """

    name: str
    what: str
    dialect: str
    raw: bytes


def sound(dialect: str, name: str) -> dict[str, object]:
    """An event that is as it should be; its name says which."""
    if dialect == SEGMENT:
        head = {"type": "track", "messageId": name, "event": name, "userId": "u", "timestamp": _AT.isoformat()}
        return {**head, "context": {}, "properties": {"number": name}}
    head = {"type": "track", "event": name, "distinct_id": "u", "_track_id": int(name.partition("-")[2])}
    return {**head, "time": int(_AT.timestamp() * 1000), "properties": {"$is_login_id": True, "number": name}}


def listed() -> Iterator[Poison]:
    """The list by hand: every value in every word, and whole events."""
    number = 0
    for dialect, words in WORDS.items():
        cases = [(f"{word} = {value[:40]}", word, value) for word in words for value in VALUES]
        for what, word, value in cases:
            yield _with(f"listed-{number:06}", what, dialect, word, value)
            number += 1
        for whole in WHOLE[dialect]:
            raw = whole.replace("@", f"listed-{number:06}").encode()
            yield Poison(f"listed-{number:06}", whole, dialect, raw)
            number += 1


def generated(seed: int) -> Poison:
    """One more, by chance: several values in several words, or bytes that were changed on the way."""
    chance, name = random.Random(seed), f"generated-{seed:06}"
    dialect = chance.choice((SEGMENT, SENSORS))
    told = _with(name, "", dialect, chance.choice(WORDS[dialect]), _value(chance, 3)).raw
    if chance.random() < 0.3:
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(told) + 1)
            told = told[:at] + chance.choice(_PIECES) + told[at + chance.randrange(3) :]
    return Poison(name, told[:120].decode("utf-8", "replace"), dialect, told)


_PIECES = (b'"', b"{", b"}", b"[", b"]", b",", b"\\", b"\\ud83d", b"\xed\xa0\xbd", b"\xff", b"\0", b"\x1f", b"1e400")


def _value(chance: random.Random, depth: int) -> str:
    if depth and chance.random() < 0.4:
        inner = [_value(chance, depth - 1) for _ in range(chance.randrange(4))]
        if chance.random() < 0.5:
            return f"[{','.join(inner)}]"
        keys = [json.dumps(chance.choice(("", "id", "price", "a b", "$x", "\0", "类"))) for _ in inner]
        return "{" + ",".join(f"{key}:{value}" for key, value in zip(keys, inner, strict=True)) + "}"
    return chance.choice([value for value in VALUES if len(value) < _LONG])


def _with(name: str, what: str, dialect: str, word: str, value: str) -> Poison:
    told = sound(dialect, name)
    *above, leaf = word.split(".")
    place = told
    for part in above:
        place = place[part]  # type: ignore[assignment]
    place[leaf] = "@"
    raw = json.dumps(told).replace(_PLACE, value, 1)
    return Poison(name, what, dialect, raw.encode("utf-8", "surrogatepass"))
