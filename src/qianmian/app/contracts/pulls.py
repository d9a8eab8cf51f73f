"""What the doors tell of pulls from other databases, and of their runs."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract, Words
from qianmian.app.contracts.problem import problem
from qianmian.app.intake.pulling import Pulling
from qianmian.app.intake.pulls import Pull
from qianmian.app.intake.runs import Run, Runs
from qianmian.app.shop import Shop
from qianmian.core.language import Language
from qianmian.privacy.masking import mask_text


class PullRunTold(Contract):
    """A run of a pull: read = accepted + duplicates + skipped + refused rows."""

    number: int = Field(description="number of the run within the pull; grows")
    started_at: datetime = Field(description="when it began")
    ended_at: datetime | None = Field(description="when it ended; empty = it runs, or its process died")
    batches: list[int] = Field(description="numbers of the batches that it made")
    read: int = Field(description="rows that it read")
    accepted: int = Field(description="rows that were taken")
    duplicates: int = Field(description="rows that were here before, those of the overlap among them")
    skipped: int = Field(description="rows that the mapping passes over")
    refused_rows: int = Field(description="rows that were refused; a replay takes them in later")
    problem: Words = Field(description="why it failed, and what to do; empty = it did not")

    @classmethod
    def of(cls, run: Run, language: Language) -> PullRunTold:
        """The run as a list shows it."""
        return cls(
            number=run.number,
            started_at=run.started_at,
            ended_at=run.ended_at,
            batches=list(run.batches),
            problem=problem(run.reason, language),
            **vars(run.sums),
        )


class PullTold(Contract):
    """A relation of another database that is pulled; its address is never told."""

    name: str = Field(description="what its owner calls it")
    url_variable: str = Field(description="environment variable of the server that holds the database's address")
    relation: str = Field(description="the table that is read, or a query")
    cursor_col: str = Field(description="a column that grows; empty = all rows are read every time")
    overlap: int = Field(description="how far before the mark is read again: minutes, or numbers; 0 = not at all")
    source: str = Field(description="data source, as its mapping names it")
    created_at: datetime = Field(description="when it was declared")
    every_minutes: int = Field(description="minutes between two runs; 0 = it runs when somebody asks")
    paused_at: datetime | None = Field(description="since when it does not run by itself; empty = it does")
    tried_at: datetime | None = Field(description="when it last began; empty = never")
    ran_at: datetime | None = Field(description="when it last came to its end; empty = never")
    next_at: datetime | None = Field(description="when it runs by itself next; empty = it does not")
    mark: str = Field(description="greatest value of the cursor that was read; empty = none yet")
    problem: Words = Field(description="why the last run failed, and what to do; empty = it did not")
    last: PullRunTold | None = Field(description="the last run that found something new, or failed")

    @classmethod
    def of(cls, shop: Shop, pull: Pull, language: Language) -> PullTold:
        """The pull as a list shows it."""
        workspace = shop.workspace
        mark = Pulling(workspace, pull, lambda words: shop.job("import", words, None)).reached().cursor
        last = next(iter(Runs(workspace.catalogue, workspace.clock, pull.name).all()), None)
        return cls(
            name=pull.name,
            url_variable=pull.url_variable,
            relation=pull.relation.sql,
            cursor_col=pull.relation.cursor_col,
            overlap=pull.relation.overlap,
            source=pull.declared.source,
            created_at=pull.created_at,
            every_minutes=pull.every_minutes,
            paused_at=pull.paused_at,
            tried_at=pull.tried_at,
            ran_at=pull.ran_at,
            next_at=pull.next_at,
            mark=mask_text(mark.partition(":")[2]),
            problem=problem(pull.reason, language),
            last=PullRunTold.of(last, language) if last else None,
        )


def runs_told(shop: Shop, pull: str, language: Language) -> list[PullRunTold]:
    """The runs of a pull that are kept, newest first."""
    runs = Runs(shop.workspace.catalogue, shop.workspace.clock, pull)
    return [PullRunTold.of(run, language) for run in runs.all()]
