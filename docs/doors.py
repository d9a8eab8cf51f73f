"""The references of the two doors, from the commands and the routes themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, get_args

import typer
from fastapi import FastAPI
from fastapi.routing import APIRoute

from qianmian.cli.entry import app as commands
from qianmian.cli.exits import MEANINGS
from qianmian.http import access
from qianmian.http.application import OPEN_ROUTERS, ROUTERS, routes
from qianmian.http.gate import OPEN_PATHS

_CLI_HEAD = """# Command line

Data go to standard output; progress, notes and errors to standard error. Every command has `--json`: data as JSON on
standard output and nothing else. Errors read `error: what` and `hint: what to do`. A person is named `namespace:value`
(`phone:13800138000`), by a bare user_id, or by `person:` and the id that the doors show.

## Exit codes

"""
_API_HEAD = """# HTTP API

`qianmian serve` answers on the loopback address only. Every request but those of `/healthz`, `/readyz` and
`/api/openapi.json` brings `Authorization: Bearer …` with a token: the one in the workspace's `data/keys/api.token`, or
one that `qianmian token add` made. A browser that signed in brings its cookie instead, and `X-Qianmian-Console: 1` with
whatever changes something ([decision 0006](../decisions/0006-sign-in.md)). An error is `{"code", "what", "hint"}`. What
is computed from people names its build in `computed`: number, `computed_at`, `today` and `snapshot`. A route with the
parameter `purpose` answers only if that purpose is registered. The whole schema, with every field's meaning, stands at
`/api/openapi.json`.
"""


def cli_page() -> str:
    """Every command with its arguments, options and exit codes."""
    page = _CLI_HEAD + _grid(("code", "meaning"), [(f"`{code}`", told) for code, told in MEANINGS.items()])
    return page + "".join(_command(path, one) for path, one in leaves(typer.main.get_command(commands), "qianmian"))


def api_page() -> str:
    """Every route with its parameters, body, answer and errors."""
    app = FastAPI()
    for router in (*ROUTERS, *OPEN_ROUTERS):
        app.include_router(router)
    schema = app.openapi()
    page = _API_HEAD
    for route in routes():
        for method in sorted(route.methods or ()):
            page += _route(route, method, schema)
    return page


def leaves(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with the words that call it."""
    inner = getattr(command, "commands", None)
    if not inner:
        yield path, command
        return
    for name, one in inner.items():
        yield from leaves(one, f"{path} {name}")


def _command(path: str, command: Any) -> str:
    rows = [_parameter(one) for one in command.params if one.name != "help"]
    return f"\n## {path}\n\n{_sentence(command.help)}\n\n" + _grid(("argument or option", "default", "meaning"), rows)


def _parameter(one: Any) -> tuple[str, str, str]:
    name = (
        ", ".join(f"`{text}`" for text in one.opts)
        if one.param_type_name == "option"
        else f"`{one.metavar or one.name.upper()}`"
    )
    default = "required" if one.required else _default(one)
    return name, default, str(getattr(one, "help", "") or "")


def _default(one: Any) -> str:
    if isinstance(one.show_default, str):
        return one.show_default
    return "" if one.default in (None, False, ()) else f"`{getattr(one.default, 'value', one.default)}`"


def _route(route: APIRoute, method: str, schema: dict[str, Any]) -> str:
    path = re.sub(r":path}", "}", route.path)
    told = schema["paths"].get(path, {}).get(method.lower(), {})
    rows = [
        (f"`{one['name']}`", one["in"], _given(one), one.get("description", "")) for one in told.get("parameters", ())
    ]
    text = f"\n## {method} {path}\n\n{_sentence(route.summary or '')}\n"
    if rows:
        text += "\n" + _grid(("parameter", "in", "default", "meaning"), rows)
    for body in told.get("requestBody", {}).get("content", {}).items():
        text += f"\nBody ({body[0]}): {_fields(body[1]['schema'], schema)}\n"
    errors = ", ".join(f"`{status}`" for status in told.get("responses", {}) if int(status) >= 400)
    token = "none" if path in OPEN_PATHS or route in access.entrance.routes else "needed"
    return text + f"\nAnswer: `{_name(route.response_model)}`. Token: {token}. Errors: {errors or '`500`'}.\n"


def _given(parameter: dict[str, Any]) -> str:
    if parameter.get("required"):
        return "required"
    default = parameter["schema"].get("default")
    return "" if default is None else f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _fields(body: dict[str, Any], schema: dict[str, Any]) -> str:
    name = body["$ref"].rpartition("/")[2]
    fields = schema["components"]["schemas"][name]["properties"]
    return "; ".join(f"`{field}`, {told.get('description', '')}" for field, told in fields.items())


def _name(model: Any) -> str:
    """The model of an answer, also inside a list; what has none is a file."""
    if model is None:
        return "text/csv"
    inner = get_args(model)
    return f"list of {inner[0].__name__}" if inner else model.__name__


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _grid(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)
