"""The definitions of tags over HTTP: what is declared, one tag by itself, and a trial of what is being written."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from qianmian.app.contracts.definitions import (
    TagDefinitionsTold,
    TagDefinitionTold,
    TagEntriesTold,
    TagStateTold,
    TagTextTold,
    TriedTagTold,
    difference,
)
from qianmian.app.contracts.profile import TagTold
from qianmian.app.contracts.versions import DifferenceTold
from qianmian.app.declared_tags import NAME, DeclaredTags, text_of
from qianmian.app.questions.definitions import definition, states, try_tag
from qianmian.app.shop import ANALYSE
from qianmian.http.asked import Asking, OpenShop, Purpose, Spoken
from qianmian.http.errors import told
from qianmian.profile.tags.declaration.document import read_entries
from qianmian.profile.tags.declaration.reader import MOST_BYTES

router = APIRouter(prefix="/api/tag-definitions", tags=["profile"])

Name = Annotated[str, Path(max_length=80, description="name of the tag")]


class DefinitionsAsked(BaseModel):
    """Tags to check or to declare."""

    text: str = Field(max_length=MOST_BYTES, description="YAML, see docs/guides/tags.md")


class EntriesAsked(BaseModel):
    """Tags to write as text."""

    entries: dict[str, dict[str, Any]] = Field(description="keys and values, by name of the tag")


class TagAsked(BaseModel):
    """One tag to try or to declare."""

    entry: dict[str, Any] = Field(description="its keys and values, as they stand in the YAML")


@router.get("", responses=told(403))
def list_definitions(shop: OpenShop, purpose: Purpose) -> list[TagStateTold]:
    """List every tag that is declared, the built-in ones too, and whether it is told of people."""
    return [TagStateTold(tag=TagTold.of(tag), state=state) for tag, state in states(shop, purpose=purpose)]


@router.get("/text", responses=told(403))
def show_definitions(shop: OpenShop, _purpose: Purpose) -> TagDefinitionsTold:
    """Show the shop's own tags as YAML, with every version before."""
    return TagDefinitionsTold.of(shop.workspace)


@router.post("/text/check", responses=told(403, 422))
def check_definitions(shop: OpenShop, _purpose: Purpose, asked: DefinitionsAsked) -> DifferenceTold:
    """Tell whether tags can be declared, and in what they differ from those that hold."""
    kept = DeclaredTags(shop.workspace.catalogue, shop.workspace.clock)
    return difference(kept.read(asked.text), kept.declaration())


@router.post("/text/read", responses=told(422))
def read_definitions(asked: DefinitionsAsked) -> TagEntriesTold:
    """Tell what a text says of each tag, as plain values; whether they can be declared is not checked."""
    return TagEntriesTold(entries=read_entries(asked.text, NAME))


@router.post("/text/write", responses=told(422))
def write_definitions(asked: EntriesAsked) -> TagTextTold:
    """Write plain values as the text that says them."""
    return TagTextTold(text=text_of(asked.entries))


@router.put("/text", responses=told(422))
def apply_definitions(shop: OpenShop, caller: Asking, asked: DefinitionsAsked) -> TagDefinitionsTold:
    """Declare all of the shop's own tags anew."""
    DeclaredTags(shop.workspace.catalogue, shop.workspace.clock).apply(asked.text, by=caller.account)
    return TagDefinitionsTold.of(shop.workspace)


@router.get("/{name}", responses=told(403, 404))
def show_definition(shop: OpenShop, language: Spoken, purpose: Purpose, name: Name) -> TagDefinitionTold:
    """Show one tag as it is declared, and what rests on it."""
    return TagDefinitionTold.of(definition(shop, name, purpose=purpose), language)


@router.post("/{name}/try", responses=told(400, 403, 404, 422))
def try_definition(shop: OpenShop, purpose: Purpose, name: Name, asked: TagAsked) -> TriedTagTold:
    """Work out for some people what a tag would say, and what it says now; nothing is kept."""
    return TriedTagTold.of(try_tag(shop, name, asked.entry, purpose=purpose))


@router.put("/{name}", responses=told(422))
def put_definition(shop: OpenShop, caller: Asking, language: Spoken, name: Name, asked: TagAsked) -> TagDefinitionTold:
    """Declare one tag, or declare it anew; the others stay."""
    DeclaredTags(shop.workspace.catalogue, shop.workspace.clock).put(name, asked.entry, by=caller.account)
    return TagDefinitionTold.of(definition(shop, name, purpose=ANALYSE), language)


@router.delete("/{name}", responses=told(404, 422))
def delete_definition(shop: OpenShop, caller: Asking, name: Name) -> TagDefinitionsTold:
    """Take one of the shop's own tags away; an earlier version brings it back."""
    DeclaredTags(shop.workspace.catalogue, shop.workspace.clock).remove(name, by=caller.account)
    return TagDefinitionsTold.of(shop.workspace)
