"""What every command has: a workspace, a language, data on standard output, everything else on standard error."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic_core import to_jsonable_python
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from qianmian.app import shop as shops
from qianmian.app.jobs import Watcher
from qianmian.app.shop import Shop
from qianmian.cli.words import word
from qianmian.core.errors import InputError, QianmianError
from qianmian.core.language import Language
from qianmian.core.settings import load_settings

#: Width of what is shown where there is no terminal to ask.
WIDTH = 118


@dataclass(frozen=True)
class Door:
    """How a command was called.

    Attributes:
        folder: the workspace.
        as_json: data on standard output as JSON and nothing else.
        lang: language of what is shown; None = the workspace's.
    """

    folder: Path
    as_json: bool
    lang: Language | None

    @contextmanager
    def shop(self) -> Iterator[Shop]:
        """The open workspace."""
        shop = shops.open(self.folder)
        try:
            yield shop
        finally:
            shop.close()

    def language(self, shop: Shop) -> Language:
        """The language that was asked for, or the workspace's."""
        return self.lang or Language(shop.workspace.settings.language)

    @property
    def of_errors(self) -> Language:
        """The language that was asked for, or the workspace's; English where there is no workspace that could say."""
        if self.lang:
            return self.lang
        try:
            return Language(load_settings(self.folder).language)
        except QianmianError:
            return Language.EN

    def tell(self, told: Any, *shown: RenderableType) -> None:
        """Put out data: as JSON if that was asked for, else as people read it.

        Args:
            told: contracts, or lists and dictionaries of them.
            shown: the same for people.
        """
        if self.as_json:
            print(json.dumps(to_jsonable_python(told), ensure_ascii=False, indent=2))
            return
        screen = console()
        for one in shown:
            screen.print(one)

    def tell_rows(self, told: Any, table: Table, none: str, *beside: RenderableType) -> None:
        """Put out a list: to people as a table, or if it is empty, as the word for what they can do about it.

        Args:
            told: as JSON.
            table: the same for people.
            none: name of the word.
            beside: what is shown below a table.
        """
        shown = (table, *beside) if table.row_count else (word(none, self.of_errors),)
        self.tell(told, *shown)

    def note(self, text: str) -> None:
        """Say something beside the data, on standard error."""
        if not self.as_json:
            print(text, file=sys.stderr)

    @contextmanager
    def watch(self) -> Iterator[Watcher | None]:
        """A bar on standard error that follows a job; nothing where nobody would see it."""
        if self.as_json or not sys.stderr.isatty():
            yield None
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("start", total=None)

            def follow(stage: str, done: int, total: int) -> None:
                progress.update(task, description=stage, completed=done, total=total or None)

            yield follow

    def confirm(self, question: str, *, yes: bool) -> bool:
        """Ask before something that cannot be taken back.

        Raises:
            InputError: there is nobody to ask.
        """
        if yes:
            return True
        if self.as_json or not sys.stdin.isatty():
            raise InputError("needs_yes", question=question)
        return typer.confirm(question, err=True)


class ToldError(Exception):
    """An error of ours on its way to somebody who reads a language.

    Attributes:
        error: what was raised.
        language: in which it is told.
    """

    def __init__(self, error: QianmianError, language: Language) -> None:
        super().__init__(str(error))
        self.error, self.language = error, language


def console() -> Console:
    """Standard output for people: no markup, so that data stays data."""
    width = None if sys.stdout.isatty() else WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)


_SHARED: dict[str, tuple[Any, Any]] = {
    "workspace": (
        Annotated[Path, typer.Option("--workspace", "-w", help="The workspace's folder.", show_default="here")],
        Path(),
    ),
    "as_json": (Annotated[bool, typer.Option("--json", help="Data as JSON on standard output, nothing else.")], False),
    "lang": (
        Annotated[Language | None, typer.Option("--lang", help="Language; the workspace's if not given.")],
        None,
    ),
}


def command(app: typer.Typer, name: str, *, workspace: bool = True) -> Callable[[Callable[..., None]], Any]:
    """Register a function whose first parameter is a `Door`, with the options that every command has.

    Args:
        app: the group of commands.
        name: as it is typed.
        workspace: whether it works on a workspace.
    """

    def register(function: Callable[..., None]) -> Any:
        @wraps(function)
        def run(**given: Any) -> None:
            shared = {key: given.pop(key, default) for key, (_, default) in _SHARED.items()}
            door = Door(shared["workspace"], shared["as_json"], shared["lang"])
            try:
                function(door, **given)
            except QianmianError as error:
                raise ToldError(error, door.of_errors) from error

        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        shared = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for key, (annotation, default) in _SHARED.items()
            if workspace or key != "workspace"
        ]
        parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own] + shared
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        del run.__wrapped__
        return app.command(name)(run)

    return register
