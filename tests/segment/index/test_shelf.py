"""A shelf keeps what was asked last, within its limit, and works out once what several threads miss."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from qianmian.segment.index.shelf import Shelf


def thing(size):
    return np.zeros(size, np.uint8)


class Maker:
    def __init__(self, size=10):
        self.asked = []
        self.size = size

    def __call__(self, names):
        self.asked.append(names)
        return {name: thing(self.size) for name in names}


def test_what_is_missing_is_made_together_and_once():
    shelf, make = Shelf(100), Maker()
    assert list(shelf.get(["a", "b", "a"], make)) == ["a", "b"]
    kept = shelf.get(["b", "c"], make)
    assert kept["b"] is shelf.get(["b"], make)["b"]
    assert make.asked == [["a", "b"], ["c"]]


def test_what_nobody_asked_for_longest_leaves():
    shelf, make = Shelf(30), Maker()
    for name in ("a", "b", "c", "a", "d"):
        shelf.get([name], make)
    assert shelf.nbytes == 30
    shelf.get(["a", "c", "d"], make)
    assert make.asked == [["a"], ["b"], ["c"], ["d"]]
    shelf.get(["b"], make)
    assert make.asked[-1] == ["b"]


def test_more_than_the_limit_is_handed_out_and_not_kept():
    shelf, make = Shelf(25), Maker()
    assert set(shelf.get(["a", "b", "c"], make)) == {"a", "b", "c"}
    assert shelf.nbytes <= 25
    large = Maker(26)
    assert len(shelf.get(["large"], large)["large"]) == 26
    assert shelf.nbytes <= 25


def test_threads_that_miss_the_same_get_the_same():
    shelf, make, together = Shelf(1_000), Maker(), Barrier(8)

    def ask(number):
        together.wait()
        return [shelf.get([str(step % 5), str((step + number) % 7)], make) for step in range(200)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    by_name = {}
    for answer in answers:
        for found in answer:
            for name, one in found.items():
                assert by_name.setdefault(name, one) is one
    assert sorted(name for names in make.asked for name in names) == sorted(by_name)
    assert shelf.nbytes == 10 * len(by_name)


def test_what_cannot_be_made_is_not_kept():
    shelf = Shelf(100)

    def refuse(_):
        raise LookupError("gone")

    with pytest.raises(LookupError):
        shelf.get(["a"], refuse)
    assert list(shelf.get(["a"], Maker())) == ["a"]
    assert shelf.nbytes == 10
