"""What a browser says of itself, as far as the lake may know it: the text itself is never kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qianmian.collect.traffic.rules import built_in_rules, reason_of

#: Apps that open a page inside of themselves, by what their browsers say.
_APPS = (
    ("wechat", "micromessenger"),
    ("weibo", "weibo"),
    ("douyin", "aweme"),
    ("kuaishou", "kwai"),
    ("xiaohongshu", "discover/"),
    ("taobao", "aliapp(tb"),
    ("jd", "jdapp"),
    ("pinduoduo", "phh_android"),
)
_DEVICES = (
    ("tablet", re.compile(r"ipad|tablet|^(?!.*mobile).*android")),
    ("ios", re.compile(r"iphone|ipod")),
    ("android", re.compile(r"android|harmonyos")),
    ("desktop", re.compile(r"windows|macintosh|x11|cros")),
)
#: Headers by which a browser says that nobody looks yet.
_FETCHES_AHEAD = ("sec-purpose", "purpose", "x-moz", "x-purpose")


@dataclass(frozen=True)
class Agent:
    """Who asks for a page.

    Attributes:
        is_program: it only looks, or fetches ahead: nobody opened anything.
        device_type: ios, android, tablet or desktop; empty = it does not say.
        channel: the app whose browser it is, by the name of its platform; else web.
    """

    is_program: bool
    device_type: str
    channel: str


def agent_of(headers: Mapping[str, str]) -> Agent:
    """What a request's headers say.

    Args:
        headers: by their names in small letters.

    >>> agent_of({"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0"})
    Agent(is_program=False, device_type='ios', channel='wechat')
    >>> agent_of({"user-agent": "facebookexternalhit/1.1"}).is_program
    True
    """
    told = headers.get("user-agent", "").lower()
    ahead = any(re.search("prefetch|preview|prerender", headers.get(name, "").lower()) for name in _FETCHES_AHEAD)
    return Agent(
        is_program=ahead or not told or bool(reason_of(told, built_in_rules())),
        device_type=next((device for device, shape in _DEVICES if shape.search(told)), ""),
        channel=next((app for app, sign in _APPS if sign in told), "web"),
    )
