"""A list with nothing in it says what can be done about it; a program gets an empty list."""

from __future__ import annotations

import re

import pytest

import qianmian
from qianmian.cli.words import word
from qianmian.core.language import Language

LISTS = {
    "source list": "no sources",
    "folder list": "no folders",
    "pull list": "no pulls",
    "link list": "no links",
    "audience list": "no audiences",
    "audience list --deleted": "no deleted audiences",
    "token list": "no tokens",
    "import list": "no batches",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty") / "shop"
    qianmian.init(folder, name="店").close()
    return folder


@pytest.mark.parametrize("asked", LISTS)
def test_an_empty_list_says_what_to_do(shop, call, asked):
    for language in Language:
        ran = call(*asked.split(), "-w", shop, "--lang", language.value)
        assert (ran.code, ran.out) == (0, f"{word(LISTS[asked], language)}\n")
    assert call(*asked.split(), "-w", shop, "--json").json == []


@pytest.mark.parametrize("none", sorted({*LISTS.values(), "no accounts", "no facts", "no goods"}))
def test_the_command_that_it_names_is_there(call, none):
    for language in Language:
        if named := re.search(r"qianmian ([a-z ]+[a-z])", word(none, language)):
            assert call(*named[1].split(), "--help").code == 0


def test_context_that_is_not_there_says_how_it_comes_in(shop, call):
    ran = call("context", "list", "-w", shop, "--lang", "en")
    assert ran.out == f"{word('no facts', Language.EN)}\n"
