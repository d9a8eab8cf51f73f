"""What is kept of an opened link: which link, where, on what kind of device; never who or from where."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from qianmian.collect.wire.agents import Agent, agent_of
from qianmian.collect.wire.opened import LINK_OPENED, LINK_PREVIEWED, Opened, click_id, host_of, landing
from qianmian.privacy.masking import mask_text

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537"
)
PAD = "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "device", "channel"),
    [
        (IOS, "ios", "web"),
        (f"{IOS} MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/zh_CN", "ios", "wechat"),
        (f"{ANDROID} Weibo (vivo-V2309A__weibo__14.6.0__android__android14)", "android", "weibo"),
        (f"{ANDROID} aweme_300500 JsSdk/1.0", "android", "douyin"),
        (f"{ANDROID} Kwai/12.5", "android", "kuaishou"),
        (f"{IOS} discover/8.40 XHS", "ios", "xiaohongshu"),
        (PAD, "tablet", "web"),
        (DESKTOP, "desktop", "web"),
    ],
)
def test_people_are_told_by_device_and_app(agent: str, device: str, channel: str) -> None:
    assert agent_of({"user-agent": agent}) == Agent(is_program=False, device_type=device, channel=channel)


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
        {"user-agent": "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"},
        {"user-agent": "Mozilla/5.0 AppleWebKit/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "TelegramBot (like TwitterBot)"},
        {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": "python-requests/2.32"},
        {"user-agent": ""},
        {},
        {"user-agent": IOS, "sec-purpose": "prefetch;prerender"},
        {"user-agent": IOS, "purpose": "preview"},
    ],
)
def test_programs_that_only_look_are_known(headers: dict[str, str]) -> None:
    assert agent_of(headers).is_program


def opened(agent: str, referrer: str = "") -> dict[str, object]:
    told = Opened("p17", {"link_kind": "post"}, "abcdef", agent_of({"user-agent": agent}), host_of(referrer), AT)
    line: dict[str, object] = orjson.loads(told.delivery().lines)
    return line


def test_the_event_holds_no_word_of_agent_or_referring_page() -> None:
    line = opened(f"{IOS} MicroMessenger/8.0 phone 13800138000", "https://user:pw@M.weibo.cn:8443/u/13800138000?q=1#x")
    assert line["event"] == LINK_OPENED
    assert line["properties"] == {
        "link": "p17", "click_id": "abcdef", "referrer": "m.weibo.cn", "link_kind": "post",
    }  # fmt: skip
    assert not any(word in str(line) for word in ("138001", "Mozilla", "iPhone", "user:pw", "/u/"))


def test_a_preview_is_an_event_of_another_name() -> None:
    assert opened("Slackbot 1.0")["event"] == LINK_PREVIEWED


def test_a_click_id_is_never_taken_for_a_number_of_somebody() -> None:
    ids = {click_id(number.to_bytes(12, "big") * 1) for number in range(0, 1 << 80, 1 << 68)}
    assert len(ids) == 1 << 12
    assert all(one.isalpha() and len(one) == 24 and mask_text(one) == one for one in ids)


@pytest.mark.parametrize(
    "referrer", ["", "android-app://com.tencent.mm", "http://[", "nonsense", "javascript:alert(1)"]
)
def test_what_is_no_web_page_is_no_referrer(referrer: str) -> None:
    assert host_of(referrer) == ""


def test_a_landing_page_keeps_its_own_words_and_gets_the_others() -> None:
    words = {"utm_source": "微博", "utm_medium": "post&x=1"}
    address = landing("https://shop.example?a=1&utm_source=own&b=%26", words, "abc")
    parts = urlsplit(address)
    assert address.isascii()
    assert parts.path == "/"
    told = {"a": ["1"], "utm_source": ["own"], "b": ["&"], "utm_medium": ["post&x=1"], "qm_click": ["abc"]}
    assert parse_qs(parts.query) == told
