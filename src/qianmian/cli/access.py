"""``qianmian account …`` and ``qianmian token …``: who may sign in to the console, and which programs may ask."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.access import passwords
from qianmian.app.access.accounts import Accounts
from qianmian.app.access.tokens import ApiTokens
from qianmian.app.contracts.access import AccountTold, ApiTokenTold, MadeTokenTold
from qianmian.app.shop import Shop
from qianmian.cli.door import Door, command
from qianmian.core.errors import InputError

_Account = Annotated[str, typer.Argument(help="Name of the account.", metavar="ACCOUNT", show_default=False)]
_Token = Annotated[str, typer.Argument(help="Name of the token.", metavar="TOKEN", show_default=False)]
_Ask = Annotated[bool, typer.Option("--ask", help="Type the password instead of getting a generated one.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    accounts = typer.Typer(no_args_is_help=True, help="Accounts: who may sign in to the console.")
    command(accounts, "list")(list_accounts)
    command(accounts, "add")(add_account)
    command(accounts, "password")(set_password)
    command(accounts, "remove")(remove_account)
    app.add_typer(accounts, name="account")
    tokens = typer.Typer(no_args_is_help=True, help="Tokens: which programs may ask over HTTP.")
    command(tokens, "list")(list_tokens)
    command(tokens, "add")(add_token)
    command(tokens, "remove")(remove_token)
    app.add_typer(tokens, name="token")


def list_accounts(door: Door) -> None:
    """List who may sign in."""
    with door.shop() as shop:
        _tell_accounts(door, shop)


def add_account(door: Door, account: _Account, ask: _Ask = False) -> None:
    """Let somebody sign in; prints a generated password once."""
    with door.shop() as shop:
        tell_password(door, account, new_account(shop, account, _asked() if ask else None), is_told=not ask)


def set_password(door: Door, account: _Account, ask: _Ask = False) -> None:
    """Give an account another password; it is signed out everywhere."""
    with door.shop() as shop:
        password = _asked() if ask else passwords.generated(shop.workspace.entropy)
        _accounts(shop).set_password(account, password)
        tell_password(door, account, password, is_told=not ask)


def remove_account(door: Door, account: _Account) -> None:
    """Let somebody sign in no more; sessions and tokens of the account end."""
    with door.shop() as shop:
        _accounts(shop).remove(account)
        _tell_accounts(door, shop)


def list_tokens(door: Door) -> None:
    """List the tokens without their secrets."""
    with door.shop() as shop:
        _tell_tokens(door, shop)


def add_token(door: Door, token: _Token) -> None:
    """Make a token for a program; it is printed once."""
    with door.shop() as shop:
        text = _tokens(shop).add(token, "", shop.workspace.entropy)
    door.tell(MadeTokenTold(name=token, token=text), text)


def remove_token(door: Door, token: _Token) -> None:
    """Withdraw a token: it opens nothing from now on."""
    with door.shop() as shop:
        _tokens(shop).remove(token)
        _tell_tokens(door, shop)


def new_account(shop: Shop, account: str, password: str | None = None) -> str:
    """Make an account; returns its password, generated if none is given."""
    password = password or passwords.generated(shop.workspace.entropy)
    _accounts(shop).add(account, password)
    return password


def tell_password(door: Door, account: str, password: str, *, is_told: bool) -> None:
    """Put out a password that nobody knows yet; it is stored nowhere."""
    told = {"account": account} | ({"password": password} if is_told else {})
    door.tell(told, f"account {account}" + (f", password {password} (shown only now)" if is_told else ""))


def _accounts(shop: Shop) -> Accounts:
    return Accounts(shop.workspace.catalogue, shop.workspace.clock)


def _tokens(shop: Shop) -> ApiTokens:
    return ApiTokens(shop.workspace.catalogue, shop.workspace.clock)


def _asked() -> str:
    """A password that somebody types twice.

    Raises:
        InputError: there is no terminal to type at.
    """
    if not sys.stdin.isatty():
        raise InputError("nobody_to_ask_password")
    return str(typer.prompt("password", hide_input=True, confirmation_prompt=True, err=True))


def _tell_accounts(door: Door, shop: Shop) -> None:
    told = [AccountTold.model_validate(account) for account in _accounts(shop).all()]
    table = Table("account", "made", "password set", box=None)
    for one in told:
        table.add_row(one.account, f"{one.created_at:%Y-%m-%d}", f"{one.changed_at:%Y-%m-%d}")
    door.tell_rows(told, table, "no accounts")


def _tell_tokens(door: Door, shop: Shop) -> None:
    told = [ApiTokenTold.of(token) for token in _tokens(shop).all()]
    table = Table("token", "shown", "account", "made", "used", box=None)
    for one in told:
        used = f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else ""
        table.add_row(one.name, one.shown, one.account, f"{one.created_at:%Y-%m-%d}", used)
    door.tell_rows(told, table, "no tokens")
