"""Saved audiences: a condition with a name, kept in the catalogue. Deleting one can be undone."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from qianmian.app.answers import People
from qianmian.app.tables import AUDIENCES
from qianmian.core.clock import Clock
from qianmian.core.errors import ConditionError, InputError, UnknownNameError
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.masking import mask_text
from qianmian.query.fields import SavedCondition
from qianmian.query.parse import parse
from qianmian.query.parts import named_audiences
from qianmian.segment.members.standing import AudienceKind, Standing

LONGEST_NAME, LONGEST_NOTE = 200, 2_000
_INSTANTS = ("created_at", "changed_at", "computed_at", "deleted_at")


@dataclass(frozen=True)
class SavedAudience:
    """An audience that somebody gave a name.

    Attributes:
        audience: its number.
        name: what its owner calls it.
        condition: canonical text of what its people meet.
        note: what it is for; may be empty.
        created_by: account; empty = the command line or the workspace's own token.
        created_at: when it was saved.
        changed_by: account that last changed it.
        changed_at: when that was.
        people: who met the condition at the last count.
        of_people: who had a profile then.
        computed_at: when the build that was counted was computed.
        deleted_at: when it was deleted; None = it stands.
        kind: whether each build counts its people anew, or they are those of one build.
        frozen_in: number of that build; None = it is dynamic.
    """

    audience: int
    name: str
    condition: str
    note: str
    created_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    people: int
    of_people: int
    computed_at: datetime
    deleted_at: datetime | None
    kind: AudienceKind
    frozen_in: int | None

    @property
    def lists(self) -> str:
        """The condition that lists its people."""
        return f"audience({self.audience})" if self.kind is AudienceKind.FIXED else self.condition


class SavedAudiences:
    """The saved audiences of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The audiences in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(AUDIENCES)

    def add(self, name: str, counted: People, *, note: str = "", by: str = "") -> SavedAudience:
        """Save who was counted under a name.

        Args:
            name: one line, up to `LONGEST_NAME` characters; no other audience that stands has it.
            counted: the condition and how many meet it.
            note: what it is for, up to `LONGEST_NOTE` characters.
            by: account that saves it.

        Raises:
            InputError: the name is taken or odd, the note is too long, or the condition holds personal data.
        """
        now = microseconds(self._clock.now())
        row: dict[str, Any] = {"name": spelled(name), "note": _noted(note), "created_by": by, "created_at": now}
        with self._catalogue.begin() as connection:
            last = connection.execute(sa.select(sa.func.max(self._table.c.audience))).scalar() or 0
            self._check_free(connection, row["name"], but=0)
            changed = {"audience": last + 1, "changed_by": by, "changed_at": now}
            connection.execute(sa.insert(self._table).values(**row, **changed, **_count(counted)))
        return self.get(last + 1)

    def all(self, *, deleted: bool = False) -> list[SavedAudience]:
        """Those that stand, or the deleted ones, the last changed first."""
        gone = self._table.c.deleted_at
        wanted = gone.is_not(None) if deleted else gone.is_(None)
        order = self._table.c.changed_at.desc(), self._table.c.audience.desc()
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._table).where(wanted).order_by(*order)).mappings().all()
        return [_readable(row) for row in rows]

    def get(self, audience: int) -> SavedAudience:
        """One of them, deleted or not.

        Raises:
            UnknownNameError: there is none with that number.
        """
        with self._catalogue.connect() as connection:
            wanted = sa.select(self._table).where(self._table.c.audience == audience)
            row = connection.execute(wanted).mappings().first()
        if row is None:
            raise UnknownNameError("no_audience", audience=audience)
        return _readable(row)

    def condition(self, audience: int) -> SavedCondition | None:
        """What a condition that names an audience needs to know of it; None = there is none."""
        try:
            saved = self.get(audience)
        except UnknownNameError:
            return None
        return SavedCondition(saved.condition, saved.kind is AudienceKind.FIXED, saved.deleted_at is not None)

    def change(
        self,
        audience: int,
        *,
        name: str | None = None,
        note: str | None = None,
        counted: People | None = None,
        by: str = "",
    ) -> SavedAudience:
        """Give it another name, note or condition; what is None stays.

        Raises:
            UnknownNameError: there is none with that number.
            InputError: see `add`, or it is fixed and has no other condition.
            ConditionError: the condition names the audience itself, in the end.
        """
        if counted is not None:
            self._check_condition(audience, counted.condition)
        values: dict[str, Any] = {"changed_by": by, "changed_at": microseconds(self._clock.now())}
        values |= {} if name is None else {"name": spelled(name)}
        values |= {} if note is None else {"note": _noted(note)}
        values |= {} if counted is None else _count(counted)
        return self._write(audience, values)

    def note_frozen(self, audience: int, build: int, *, people: int, by: str = "") -> SavedAudience:
        """Keep that its people are those of a build from now on.

        Raises:
            UnknownNameError: there is none with that number.
        """
        frozen: dict[str, Any] = {"kind": AudienceKind.FIXED.value, "frozen_in": build, "people": people}
        changed = {"changed_by": by, "changed_at": microseconds(self._clock.now())}
        return self._write(audience, frozen | changed)

    def _check_condition(self, audience: int, condition: str) -> None:
        """Refuse another condition for a fixed one, and one that would lead back to the audience."""
        before = self.get(audience)
        if before.kind is AudienceKind.FIXED and condition != before.condition:
            raise InputError("audience_is_fixed", audience=audience, build=before.frozen_in)
        path = self._path_to(audience, condition, ())
        if path:
            said = " → ".join(map(str, (audience, *path)))
            raise ConditionError("audience_leads_back", path=said)

    def _path_to(self, audience: int, condition: str, over: tuple[int, ...]) -> tuple[int, ...]:
        """By which audiences a condition leads to one; empty = it does not."""
        for number in named_audiences(parse(condition)):
            known = self.condition(number)
            if number == audience:
                return (*over, number)
            if known and not known.is_fixed and number not in over:
                found = self._path_to(audience, known.condition, (*over, number))
                if found:
                    return found
        return ()

    def note_count(self, audience: int, counted: People) -> SavedAudience:
        """Keep how many people were listed by it just now."""
        return self._write(audience, {**_count(counted), "condition": self.get(audience).condition})

    def delete(self, audience: int) -> SavedAudience:
        """Take it out of sight; `restore` brings it back.

        Raises:
            UnknownNameError: there is none with that number.
        """
        gone_at = self.get(audience).deleted_at or self._clock.now()
        return self._write(audience, {"deleted_at": microseconds(gone_at)})

    def restore(self, audience: int) -> SavedAudience:
        """Undo `delete`.

        Raises:
            UnknownNameError: there is none with that number.
            InputError: another one has its name by now.
        """
        return self._write(audience, {"name": self.get(audience).name, "deleted_at": None})

    def _write(self, audience: int, values: dict[str, Any]) -> SavedAudience:
        with self._catalogue.begin() as connection:
            if "name" in values:
                self._check_free(connection, values["name"], but=audience)
            change = sa.update(self._table).where(self._table.c.audience == audience).values(**values)
            if not connection.execute(change).rowcount:
                raise UnknownNameError("no_audience", audience=audience)
        return self.get(audience)

    def _check_free(self, connection: sa.Connection, name: str, *, but: int) -> None:
        stands = sa.select(self._table.c.name).where(self._table.c.deleted_at.is_(None), self._table.c.audience != but)
        if name.casefold() in {other.casefold() for other in connection.execute(stands).scalars()}:
            raise InputError("audience_exists", name=name)


def counted_by_builds(saved: SavedAudiences) -> tuple[Standing, ...]:
    """All saved audiences as a build knows them, the deleted ones too, in the order of their numbers."""
    kept = [*saved.all(), *saved.all(deleted=True)]
    found = [Standing(one.audience, one.condition, one.kind, one.deleted_at is not None) for one in kept]
    return tuple(sorted(found, key=lambda one: one.audience))


def spelled(name: str) -> str:
    """The one spelling of an audience's name, typed-in personal data masked.

    Raises:
        InputError: it is empty, too long, or more than one line of whole characters.

    >>> spelled(" 高价值 13800138000 ")
    '高价值 138****8000'
    """
    text = unicodedata.normalize("NFC", name).strip()
    odd = any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in text)
    if odd or not 0 < len(text) <= LONGEST_NAME:
        raise InputError("audience_name", most=LONGEST_NAME)
    return mask_text(text)


def _noted(note: str) -> str:
    text = note.strip()
    if len(text) > LONGEST_NOTE or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise InputError("audience_note", most=LONGEST_NOTE)
    return mask_text(text)


def _count(counted: People) -> dict[str, Any]:
    """A condition with its last count; one that names somebody would outlive that person's erasure."""
    if mask_text(counted.condition) != counted.condition:
        raise InputError("audience_personal")
    computed_at = microseconds(counted.computed.at)
    numbers = {"people": counted.size(), "of_people": counted.of_people}
    return {"condition": counted.condition, **numbers, "computed_at": computed_at}


def _readable(row: sa.RowMapping) -> SavedAudience:
    instants = {name: None if row[name] is None else instant_of(row[name]) for name in _INSTANTS}
    return SavedAudience(**{**row, **instants, "kind": AudienceKind(row["kind"] or AudienceKind.DYNAMIC)})
