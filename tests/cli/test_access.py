"""Accounts and tokens on the command line: what is printed once, and what it opens."""

from __future__ import annotations

import pytest

import qianmian
from qianmian.app.access.admission import Admission
from qianmian.core.errors import SignInError, TokenError


@pytest.fixture
def made(call, tmp_path):
    return call("init", tmp_path / "shop", "--name", "店", "--json").json


@pytest.fixture
def admission(made):
    shop = qianmian.open(made["folder"])
    yield Admission(shop.workspace)
    shop.close()


def test_a_new_workspace_has_an_owner_whose_password_is_told_once(made, admission, call):
    assert made["account"] == "owner"
    assert admission.sign_in("owner", made["password"])[1].account == "owner"
    listed = call("account", "list", "-w", made["folder"])
    assert "owner" in listed.out
    assert made["password"] not in listed.out


def test_the_password_also_stands_in_what_people_read(call, tmp_path):
    ran = call("init", tmp_path / "shop", "--name", "店")
    assert "sign in to the console as owner, password " in ran.out
    assert "(shown only now)" in ran.out


def test_accounts_come_get_new_passwords_and_go(made, admission, call):
    folder = made["folder"]
    first = call("account", "add", "Li.Ming", "-w", folder, "--json").json["password"]
    secret, _ = admission.sign_in("li.ming", first)
    second = call("account", "password", "li.ming", "-w", folder, "--json").json["password"]
    with pytest.raises(SignInError):
        admission.by_session(secret)
    admission.sign_in("li.ming", second)
    assert [one["account"] for one in call("account", "list", "-w", folder, "--json").json] == ["li.ming", "owner"]
    left = call("account", "remove", "li.ming", "-w", folder, "--json").json
    assert [one["account"] for one in left] == ["owner"]
    last = call("account", "remove", "owner", "-w", folder, "--lang", "en")
    assert (last.code, last.err.splitlines()[0]) == (2, "error: 'owner' is the last account.")


def test_a_password_is_typed_only_at_a_terminal(made, call):
    ran = call("account", "password", "owner", "--ask", "-w", made["folder"], "--lang", "en")
    assert ran.code == 2
    assert "leave --ask away" in ran.err


def test_a_token_is_printed_once_and_withdrawn(made, admission, call):
    folder = made["folder"]
    text = call("token", "add", "till", "-w", folder).out.strip()
    assert admission.by_token(text)
    listed = call("token", "list", "-w", folder, "--json")
    assert [one["name"] for one in listed.json] == ["till"]
    assert text not in listed.out
    assert call("token", "remove", "till", "-w", folder, "--json").json == []
    with pytest.raises(TokenError):
        admission.by_token(text)
    assert call("token", "remove", "till", "-w", folder).code == 2
