"""Tracked links: short addresses that lead on to declared targets and note who came by which; kept in the catalogue.

Where a printed code leads can be changed; what the code is about cannot, so that its counts keep their meaning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

import sqlalchemy as sa

from qianmian.app.tables import TRACKED_LINKS
from qianmian.collect.wire.opened import UTM
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.keys import Entropy
from qianmian.privacy.masking import mask_text

#: Where links are opened: the code follows.
PATH = "/l/"
#: What a link may belong to.
KINDS = ("post", "leader", "group", "shop", "item")
LONGEST_TARGET, LONGEST_WORD = 2000, 100
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,39}")
#: Signs of codes that we make: 32 of them, none that is mistaken for another.
_SIGNS, _LENGTH = "0123456789abcdefghjkmnpqrstvwxyz", 8
_KEPT = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True)
class TrackedLink:
    """A short address and what it is about.

    Attributes:
        code: what stands behind `PATH`.
        target: address that it leads to.
        kind: one of `KINDS`.
        owner: number or name of the post, leader, group, shop or item; may be empty.
        words: the campaign's words, such as ``utm_source``.
        created_by: account; empty = the command line or the workspace's own token.
        created_at: when it was made.
        changed_at: when target or state were last changed.
        disabled_at: when it was disabled; None = it leads to its target.
        unkept: openings that led on although their event could not be kept.
    """

    code: str
    target: str
    kind: str
    owner: str
    words: Mapping[str, str]
    created_by: str
    created_at: datetime
    changed_at: datetime
    disabled_at: datetime | None
    unkept: int

    @property
    def properties(self) -> dict[str, str]:
        """What the event of an opening says of the link."""
        return {"link_kind": self.kind, "link_owner": self.owner, **self.words}


@dataclass(frozen=True, kw_only=True)
class NewLink:
    """A link that is to be made.

    Attributes:
        target: web address that it leads to.
        kind: one of `KINDS`.
        owner: number or name of what it belongs to, without personal data.
        words: the campaign's words by their names without ``utm_``.
        code: 3 to 40 letters, digits, - or _; one is made if empty.
    """

    target: str
    kind: str
    owner: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    code: str = ""


class TrackedLinks:
    """The tracked links of a workspace."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The links in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(TRACKED_LINKS)

    def add(self, asked: NewLink, entropy: Entropy, *, by: str = "") -> TrackedLink:
        """Make a link.

        Args:
            asked: what it is to be.
            entropy: source of randomness for a code.
            by: account that makes it.

        Raises:
            InputError: there is one with that code, or a part is odd or holds personal data.
        """
        if asked.kind not in KINDS:
            raise InputError("link_kind", kinds=KINDS, given=asked.kind)
        code = asked.code or "".join(_SIGNS[byte & 31] for byte in entropy(_LENGTH))
        if not _CODE.fullmatch(code):
            raise InputError("link_code")
        now = microseconds(self._clock.now())
        row: dict[str, Any] = {
            "link": _harmless(code, "code"),
            "target": checked_target(asked.target),
            "kind": asked.kind,
            "owner": _word(asked.owner, "owner"),
            "words": json.dumps(_utm(asked.words), ensure_ascii=False),
            "created_by": by,
        }
        try:
            with self._catalogue.begin() as connection:
                connection.execute(sa.insert(self._table).values(**row, created_at=now, changed_at=now, unkept=0))
        except sa.exc.IntegrityError:
            raise InputError("link_exists", code=code) from None
        return self.get(code)

    def all(self) -> list[TrackedLink]:
        """All links, the newest first."""
        order = self._table.c.created_at.desc(), self._table.c.link
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._table).order_by(*order)).mappings().all()
        return [_readable(row) for row in rows]

    def get(self, code: str) -> TrackedLink:
        """The link with that code.

        Raises:
            UnknownNameError: there is none.
        """
        with self._catalogue.connect() as connection:
            row = connection.execute(sa.select(self._table).where(self._table.c.link == code)).mappings().first()
        if row is None:
            raise UnknownNameError("no_link")
        return _readable(row)

    def change(self, code: str, *, target: str | None = None, is_disabled: bool | None = None) -> TrackedLink:
        """Lead a link elsewhere, disable it, or let it lead on again; what is None stays as it is.

        Raises:
            UnknownNameError: there is no such link.
            InputError: the target cannot be used.
        """
        now = microseconds(self._clock.now())
        values: dict[str, Any] = {"changed_at": now}
        if target is not None:
            values["target"] = checked_target(target)
        if is_disabled is not None:
            values["disabled_at"] = now if is_disabled else None
        with self._catalogue.begin() as connection:
            connection.execute(sa.update(self._table).where(self._table.c.link == code).values(**values))
        return self.get(code)

    def count_unkept(self, code: str, openings: int) -> None:
        """Add to the openings whose event could not be kept."""
        table = self._table
        with self._catalogue.begin() as connection:
            added = sa.update(table).where(table.c.link == code).values(unkept=table.c.unkept + openings)
            connection.execute(added)


def checked_target(target: str) -> str:
    """A web address as a browser is told it: ASCII, with a host, and nothing that another reader might take otherwise.

    Raises:
        InputError: it is none, or holds personal data.

    >>> checked_target("https://商城.example/单品?q=面霜")
    'https://xn--czru2d.example/%E5%8D%95%E5%93%81?q=%E9%9D%A2%E9%9C%9C'
    """
    parts = _split(target)
    if parts is None or len(target) > LONGEST_TARGET:
        raise InputError("link_target", most=LONGEST_TARGET)
    _harmless(target, "target")
    host, port = _ascii(parts.hostname or ""), f":{parts.port}" if parts.port else ""
    rest = [quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment)]
    return SplitResult(parts.scheme, f"{host}{port}", *rest).geturl()


def _split(target: str) -> SplitResult | None:
    """The parts of a web address; None if it is none."""
    try:
        parts = urlsplit(target)
        host, is_port = _ascii(parts.hostname or ""), parts.port != 0
    except ValueError:  # of a port, a bracket or a host
        return None
    is_plain = not re.search(r"[\s\\\x00-\x20\x7f]", target) and "@" not in parts.netloc
    is_web = parts.scheme in ("http", "https") and re.fullmatch(r"[a-z0-9.:\[\]-]+", host)
    return parts if is_port and is_plain and is_web else None


def _ascii(host: str) -> str:
    bare = host if host.isascii() else host.encode("idna").decode()
    return f"[{bare}]" if ":" in bare else bare


def _utm(words: Mapping[str, str]) -> dict[str, str]:
    if odd := [name for name in words if name not in UTM]:
        raise InputError("link_utm", names=UTM, given=odd[0])
    return {f"utm_{name}": word for name in UTM if (word := _word(words.get(name, ""), f"utm_{name}"))}


def _word(text: str, part: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_WORD or not text.isprintable():
        raise InputError("link_word", part=part, most=LONGEST_WORD)
    return _harmless(text, part)


def _harmless(text: str, part: str) -> str:
    if mask_text(text) != text:
        raise InputError("link_personal", part=part)
    return text


def _readable(row: sa.RowMapping) -> TrackedLink:
    instants = {name: instant_of(row[name]) for name in ("created_at", "changed_at")}
    disabled = row["disabled_at"]
    return TrackedLink(
        code=row["link"],
        target=row["target"],
        kind=row["kind"],
        owner=row["owner"],
        words=json.loads(row["words"]),
        created_by=row["created_by"] or "",
        **instants,
        disabled_at=None if disabled is None else instant_of(disabled),
        unkept=row["unkept"],
    )
