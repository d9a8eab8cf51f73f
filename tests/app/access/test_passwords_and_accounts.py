"""Passwords and accounts: what is stored, what is refused, and what an outsider can learn from the answer."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from qianmian.app.access import passwords
from qianmian.app.access.accounts import Accounts
from qianmian.app.access.admission import Admission
from qianmian.app.access.sessions import Sessions
from qianmian.app.access.tokens import ApiTokens, is_whole, made
from qianmian.app.shop import init
from qianmian.core.errors import InputError, SignInError, TokenError, TooManyAttemptsError, UnknownNameError


class HandClock:
    """A clock that a test moves."""

    def __init__(self, instant):
        self.instant = instant

    def now(self):
        return self.instant

    def move_to(self, instant):
        self.instant = instant


NOW = datetime(2026, 11, 1, tzinfo=UTC)
RIGHT = "correct horse battery"


@pytest.fixture
def clock():
    return HandClock(NOW)


@pytest.fixture
def shop(tmp_path, clock):
    shop = init(tmp_path / "shop", name="店", clock=clock)
    Accounts(shop.workspace.catalogue, clock).add("owner", RIGHT)
    yield shop
    shop.close()


@pytest.fixture
def admission(shop):
    return Admission(shop.workspace)


def catalogue_bytes(shop):
    files = b"".join(path.read_bytes() for path in shop.workspace.data.glob("catalogue.db*"))
    if files:
        return files
    with shop.workspace.catalogue.connect() as connection:  # on a server
        tables = sa.inspect(connection).get_table_names()
        return repr([connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables]).encode()


def test_a_generated_password_is_new_each_time_and_long_enough():
    some = {passwords.generated(os.urandom) for _ in range(100)}
    assert len(some) == 100
    assert all(len(one) == 19 for one in some)


def test_the_same_password_from_another_keyboard_is_right():
    stored = passwords.hashed("ｐａｓｓｗｏｒｄ 店")
    assert passwords.is_right(stored, "password 店")
    assert not passwords.is_right(stored, "password 后")
    assert not passwords.is_right(stored, "\ud800" * 10)
    assert not passwords.is_right("no hash at all", "password 店")


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_password_that_is_too_short_or_too_long_is_refused_without_being_quoted(admission, password):
    with pytest.raises(InputError, match="10 to 200") as refused:
        admission.accounts.add("li", password)
    assert password not in str(refused.value) or not password


def test_an_account_has_one_spelling(admission):
    with pytest.raises(InputError, match="already"):
        admission.accounts.add(" Ｏwner", "another password")
    with pytest.raises(InputError, match="letters, digits"):
        admission.accounts.add("<script>", "another password")
    assert admission.sign_in("OWNER ", RIGHT)[1].account == "owner"


def test_unknown_accounts_and_wrong_passwords_are_refused_alike(admission):
    told = set()
    for account, password in (("owner", "wrong"), ("nobody", RIGHT), ("", ""), ("owner'--", "x")):
        with pytest.raises(SignInError) as refused:
            admission.sign_in(account, password)
        told.add(str(refused.value))
    assert len(told) == 1


def test_an_unknown_account_costs_the_same_hashing(monkeypatch, admission):
    checked = []
    verify = type(passwords._HASHER).verify
    monkeypatch.setattr(type(passwords._HASHER), "verify", lambda *given: checked.append(1) or verify(*given))
    for account in ("owner", "nobody"):
        with pytest.raises(SignInError):
            admission.sign_in(account, "wrong")
    assert len(checked) == 2


def test_after_five_tries_even_the_right_password_waits(admission, clock):
    for _ in range(5):
        with pytest.raises(SignInError):
            admission.sign_in("owner", "wrong")
    with pytest.raises(TooManyAttemptsError, match="wait 300 s") as refused:
        admission.sign_in("Owner", RIGHT)
    assert refused.value.message.values["seconds"] == 300
    clock.move_to(NOW + timedelta(seconds=300))
    assert admission.sign_in("owner", RIGHT)


def test_a_right_password_begins_the_count_anew(admission):
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(SignInError):
                admission.sign_in("owner", "wrong")
        admission.sign_in("owner", RIGHT)


def test_many_names_are_no_way_around_the_count(admission, monkeypatch):
    monkeypatch.setattr(passwords, "is_right", lambda *_: False)
    for number in range(60):
        with pytest.raises(SignInError):
            admission.sign_in(f"account{number}", "wrong")
    with pytest.raises(TooManyAttemptsError):
        admission.sign_in("one-more", "wrong")


def test_a_session_ends_by_silence_by_age_and_on_request(admission, clock):
    secret, caller = admission.sign_in("owner", RIGHT)
    assert admission.by_session(secret).account == "owner"
    for day in range(1, 14):  # used every eleven hours: only its age can end it
        clock.move_to(NOW + timedelta(hours=11 * day))
        admission.by_session(secret)
    clock.move_to(NOW + timedelta(days=7))
    with pytest.raises(SignInError):
        admission.by_session(secret)
    secret, caller = admission.sign_in("owner", RIGHT)
    clock.move_to(NOW + timedelta(days=7, hours=12))
    with pytest.raises(SignInError):
        admission.by_session(secret)
    secret, caller = admission.sign_in("owner", RIGHT)
    assert admission.sessions.end(caller.session) == 1
    with pytest.raises(SignInError):
        admission.by_session(secret)


def test_another_password_signs_out_everywhere_else(admission):
    first, _ = admission.sign_in("owner", RIGHT)
    second, caller = admission.sign_in("owner", RIGHT)
    with pytest.raises(SignInError):
        admission.change_password(caller, "wrong", "a new password")
    renewed, _ = admission.change_password(caller, RIGHT, "a new password")
    for secret in (first, second):
        with pytest.raises(SignInError):
            admission.by_session(secret)
    assert admission.by_session(renewed).account == "owner"
    with pytest.raises(SignInError):
        admission.sign_in("owner", RIGHT)


def test_the_catalogue_holds_no_password_no_session_and_no_token(admission, shop):
    secret, caller = admission.sign_in("owner", RIGHT)
    token = admission.add_token(caller, "till")
    stored = catalogue_bytes(shop)
    assert b"$argon2id$" in stored
    for value in (RIGHT, secret, token, token[3:-6]):
        assert value.encode() not in stored


def test_a_token_opens_until_it_is_withdrawn(admission):
    _, caller = admission.sign_in("owner", RIGHT)
    token = admission.add_token(caller, "till")
    assert admission.by_token(token).account == "owner"
    with pytest.raises(InputError, match="already"):
        admission.add_token(caller, "till")
    [listed] = admission.tokens.all()
    assert (listed.name, listed.ending, listed.used_at) == ("till", token[-4:], NOW)
    admission.tokens.remove("till")
    with pytest.raises(TokenError):
        admission.by_token(token)
    with pytest.raises(UnknownNameError):
        admission.tokens.remove("till")


@pytest.mark.parametrize("wrong", ["", "qm_", "x" * 52, "qm_" + "é" * 49, "qm_" + "\ud800" * 49])
def test_what_is_no_token_is_refused_before_it_is_looked_up(admission, wrong):
    assert not is_whole(wrong)
    with pytest.raises(TokenError):
        admission.by_token(wrong)


def test_one_changed_sign_breaks_a_tokens_checksum():
    token = made(os.urandom)
    assert is_whole(token)
    assert not any(is_whole(token[:at] + ("a" if token[at] != "a" else "b") + token[at + 1 :]) for at in range(52))


def test_the_workspaces_own_token_opens_too(admission, shop):
    assert shop.token().startswith("qm_")
    assert admission.by_token(shop.token()).account == ""


def test_who_is_removed_is_out_at_once_and_somebody_stays(admission):
    admission.accounts.add("li", "another password")
    secret, caller = admission.sign_in("li", "another password")
    token = admission.add_token(caller, "li.ming")
    admission.accounts.remove("li")
    with pytest.raises(SignInError):
        admission.by_session(secret)
    with pytest.raises(TokenError):
        admission.by_token(token)
    with pytest.raises(InputError, match="the last account"):
        admission.accounts.remove("owner")
    assert [account.account for account in admission.accounts.all()] == ["owner"]
    for gone in (admission.accounts.remove, lambda name: admission.accounts.set_password(name, "another password")):
        with pytest.raises(UnknownNameError):
            gone("li")


def test_ended_sessions_are_cleared_away(shop, clock):
    sessions = Sessions(shop.workspace.catalogue, clock, idle=timedelta(hours=1), longest=timedelta(days=1))
    sessions.begin("owner", os.urandom)
    clock.move_to(NOW + timedelta(hours=2))
    sessions.begin("owner", os.urandom)
    assert sessions.end_all("owner") == 1
    assert ApiTokens(shop.workspace.catalogue, clock).all() == []
