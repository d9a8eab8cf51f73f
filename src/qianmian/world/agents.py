"""What browsers say of themselves: those of people, and those of bots, of which some say that they are bots."""

from __future__ import annotations

import numpy as np

from qianmian.world.plan import Neighbourhood
from qianmian.world.trace import NONE, Flags, Integers

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
#: Browsers of people, the commonest first, and how many have them.
_OF_PEOPLE = (
    (f"{_WINDOWS} {_WEBKIT} Chrome/142.0.0.0 Safari/537.36", 0.44),
    (f"{_WINDOWS} {_WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", 0.22),
    (f"{_MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", 0.12),
    (f"{_WINDOWS} {_WEBKIT} Chrome/122.0.6261.95 Safari/537.36 QQBrowser/19.3.6", 0.1),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", 0.07),
    ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", 0.05),
)
#: What bots say, and how many say so; the last two pass for people.
_OF_BOTS = (
    (
        f"Mozilla/5.0 {_WEBKIT[:-1]}; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/142.0 Safari",
        0.2,
    ),
    ("Mozilla/5.0 (compatible; Baiduspider-render/2.0; +http://www.baidu.com/search/spider.html)", 0.2),
    (f"{_WINDOWS} {_WEBKIT} Chrome/142.0.0.0 Safari/537.36 (compatible; Bytespider)", 0.12),
    ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari", 0.14),
    (f"{_WINDOWS} {_WEBKIT} Chrome/140.0.0.0 Safari/537.36 Chrome-Lighthouse", 0.06),
    ("PriceMonitor/3.1 (python-requests/2.32.4)", 0.06),
    (_OF_PEOPLE[0][0], 0.12),
    (_OF_PEOPLE[4][0], 0.1),
)
#: Every user agent of the world; bots that pass for people have theirs.
AGENTS = tuple(dict.fromkeys(agent for agent, _ in (*_OF_PEOPLE, *_OF_BOTS)))


def choose_agents(place: Neighbourhood, browsers: Flags, bots: int) -> Integers:
    """The position in `AGENTS` of what each device says; `NONE` where it is no browser.

    Args:
        place: the neighbourhood.
        browsers: which devices are browsers.
        bots: the first device of a bot.
    """
    random, size = place.random("agents"), len(browsers)
    told = np.where(np.arange(size) < bots, _draw(random, _OF_PEOPLE, size), _draw(random, _OF_BOTS, size))
    agents: Integers = np.where(browsers, told, NONE).astype(np.int16)
    return agents


def _draw(random: np.random.Generator, shares: tuple[tuple[str, float], ...], size: int) -> Integers:
    places = np.array([AGENTS.index(agent) for agent, _ in shares])
    drawn: Integers = places[random.choice(len(shares), size, p=[share for _, share in shares])]
    return drawn
