"""Reads the kinds of tie that a shop declares; whatever is wrong is told with its place and what was expected."""

from __future__ import annotations

from functools import cache

from qianmian.collect.declaration_reader import DeclarationReader
from qianmian.collect.imports.declaration import near
from qianmian.core.errors import RulesError
from qianmian.core.messages import Message
from qianmian.core.people import NAMESPACES
from qianmian.unify.ties.kinds import KINDS, Clue, Kind, TieKinds, Way, built_in_text

MOST_BYTES = 64 * 1024
MOST_DAYS, MOST_WEIGHT, MOST_TOGETHER, MOST_CLUES, LONGEST = 36_500, 100, 200, 50, 200
_KEYS = {
    Way.PERSON: ("event", "person"),
    Way.OBJECT: ("event", "object", "of"),
    Way.TOGETHER: ("events", "together", "most"),
    Way.SIGNED_IN_ON: ("signed_in_on", "most"),
}


@cache
def built_in_kinds() -> TieKinds:
    """The kinds that hold where a shop has none."""
    return _Reader("kinds.yaml").kinds(built_in_text(), {})


def read_kinds(text: str, name: str | Message) -> TieKinds:
    """Parse and check kinds.

    Args:
        text: the YAML; a kind, or a key of one, that is missing is as the product has it.
        name: what messages call it, such as the file's name.

    Raises:
        RulesError: the first thing that is wrong, with its place and what was expected.
    """
    return _Reader(name).kinds(text, {kind.name: kind for kind in built_in_kinds().kinds})


class _Reader(DeclarationReader):
    error, most_bytes = RulesError, MOST_BYTES
    too_large, start = Message("ties_too_large", most=MOST_BYTES // 1024), Message("ties_start")
    unknown_key = Message("ties_unknown_key")

    def kinds(self, text: str, otherwise: dict[str, Kind]) -> TieKinds:
        top = self.load(text)
        self.known(top, KINDS, "")
        read = {name: self._kind(name, told, otherwise.get(name)) for name, told in top.items()}
        return TieKinds(tuple({**otherwise, **read}[name] for name in KINDS))

    def _kind(self, name: str, value: object, otherwise: Kind | None) -> Kind:
        told = self.section(value, name, ("weight", "half_life_days", "made_by"))
        as_built = otherwise or Kind(name, 0, 0)
        weight = self._weight(told["weight"], f"{name}.weight") if "weight" in told else as_built.weight
        days = (
            self.whole(told["half_life_days"], f"{name}.half_life_days", MOST_DAYS)
            if "half_life_days" in told
            else as_built.half_life_days
        )
        clues = self._clues(told["made_by"], f"{name}.made_by") if "made_by" in told else as_built.made_by
        return Kind(name, weight, days, clues)

    def _clues(self, value: object, key: str) -> tuple[Clue, ...]:
        if not isinstance(value, list) or len(value) > MOST_CLUES:
            raise self.wrong(key, Message("ties_clues", most=MOST_CLUES), value)
        return tuple(self._clue(one, f"{key}.{number}") for number, one in enumerate(value))

    def _clue(self, value: object, key: str) -> Clue:
        told = value if isinstance(value, dict) else {}
        way = next((way for way in Way if way in told), None)
        if way is None:
            raise self.wrong(key, Message("ties_way", choices=tuple(Way)), value)
        self.section(told, key, _KEYS[way])
        if way is Way.SIGNED_IN_ON:
            most = self.whole(told.get("most"), f"{key}.most", MOST_TOGETHER)
            return Clue(way, most=most, namespaces=self._namespaces(told[way], f"{key}.{way}"))
        name = self._text(told[way], f"{key}.{way}")
        if way is Way.TOGETHER:
            most = self.whole(told.get("most"), f"{key}.most", MOST_TOGETHER)
            return Clue(way, self._texts(told.get("events"), f"{key}.events"), name, most=most)
        of = self._text(told.get("of"), f"{key}.of") if way is Way.OBJECT else ""
        return Clue(way, (self._text(told.get("event"), f"{key}.event"),), name, of)

    def _namespaces(self, value: object, key: str) -> tuple[str, ...]:
        names = self._texts(value, key)
        for number, one in enumerate(names):
            if one not in NAMESPACES:
                raise self.wrong(f"{key}.{number}", Message("rules_namespace"), one, near(one, NAMESPACES))
        return names

    def _texts(self, value: object, key: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or len(value) > MOST_CLUES:
            raise self.wrong(key, Message("rules_list"), value)
        return tuple(self._text(one, f"{key}.{number}") for number, one in enumerate(value))

    def _text(self, value: object, key: str) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            raise self.wrong(key, Message("rules_text", most=LONGEST), Message("none") if value is None else value)
        return value

    def _weight(self, value: object, key: str) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= MOST_WEIGHT:
            raise self.wrong(key, Message("ties_weight", most=MOST_WEIGHT), value)
        return float(value)
