"""The regions that come with the product: a word each, 省/市, with all that it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from qianmian.collect import strict_yaml

#: Name by which a vocabulary asks for them.
CHINA = "china"
_ENDING = re.compile("(省|市|(维吾尔|壮族|回族)?自治区|特别行政区)$")


@cache
def regions() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each region with its other names, the provinces first: 吉林 is the province, 吉林市 the city."""
    told = strict_yaml.load(files("qianmian.unify.normal").joinpath(f"{CHINA}.yaml").read_text("utf-8"))
    provinces, cities = [], []
    for province, one in told.items():
        names, held = (province, *one["also"].split()), one["cities"].split()
        if held == [province]:
            provinces.append((f"{province}/{province}", (*_short(names), *_within(province, (province,)))))
            continue
        provinces.append((province, tuple(_short(names))))
        for city, *others in (names.split("=") for names in held):
            cities.append((f"{province}/{city}", tuple(_within(province, (city, *others)))))
    return (*provinces, *cities)


def _short(names: tuple[str, ...]) -> Iterator[str]:
    """Each name, and the first without its ending."""
    yield from names
    yield _ENDING.sub("", names[0])


def _within(province: str, names: tuple[str, ...]) -> Iterator[str]:
    """What a city is called by itself, and after its province."""
    for name in _short(names):
        yield name
        yield from (f"{before}/{name}" for before in (province, _ENDING.sub("", province)))
