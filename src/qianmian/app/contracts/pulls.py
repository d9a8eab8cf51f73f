"""What the doors tell of pulls from other databases."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.intake.pulls import Pull


class PullTold(Contract):
    """A relation of another database that is pulled; its address is never told."""

    name: str = Field(description="what its owner calls it")
    url_variable: str = Field(description="environment variable of the server that holds the database's address")
    relation: str = Field(description="the table that is read, or a query")
    cursor_col: str = Field(description="a column that grows; empty = all rows are read every time")
    source: str = Field(description="data source, as its mapping names it")
    created_at: datetime = Field(description="when it was declared")
    ran_at: datetime | None = Field(description="when it last came to its end; empty = never")

    @classmethod
    def of(cls, pull: Pull) -> PullTold:
        """The pull as a list shows it."""
        return cls(
            name=pull.name,
            url_variable=pull.url_variable,
            relation=pull.relation.sql,
            cursor_col=pull.relation.cursor_col,
            source=pull.declared.source,
            created_at=pull.created_at,
            ran_at=pull.ran_at,
        )
