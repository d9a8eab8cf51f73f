"""What was worked out stays on a shelf of limited size, for whoever asks for it next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from threading import Lock, RLock
from typing import Generic, Protocol, TypeVar


class _Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


Thing = TypeVar("Thing", bound=_Sized)
Name = TypeVar("Name", bound=Hashable)


class Shelf(Generic[Name, Thing]):
    """Things by name; what nobody asked for longest leaves first. Several threads may ask at a time.

    What is missing is worked out by one thread at a time, so that two that miss the same thing work it out once, and
    two that miss different ones do not need the memory of both. What is there is handed out meanwhile.
    """

    def __init__(self, most_bytes: int) -> None:
        """An empty shelf.

        Args:
            most_bytes: of all things together. A single one that is larger is handed out and not kept.
        """
        self._most = most_bytes
        self._things: OrderedDict[Name, Thing] = OrderedDict()
        self._bytes = 0
        self._looking = Lock()
        self._making = RLock()

    @property
    def nbytes(self) -> int:
        """Memory that the things take."""
        return self._bytes

    def __len__(self) -> int:
        """How many things there are."""
        return len(self._things)

    def get(self, names: Iterable[Name], make: Callable[[list[Name]], Mapping[Name, Thing]]) -> dict[Name, Thing]:
        """Things by their names.

        Args:
            names: what is wanted.
            make: works out those that are missing, all together, in the order in which they are wanted.
        """
        wanted = list(dict.fromkeys(names))
        found = self._there(wanted)
        if len(found) < len(wanted):
            with self._making:
                found = self._there(wanted)  # another thread may have worked them out
                made = make([name for name in wanted if name not in found]) if len(found) < len(wanted) else {}
                self._put(made)
                found |= made
        return found

    def _there(self, wanted: list[Name]) -> dict[Name, Thing]:
        with self._looking:
            found = {name: self._things[name] for name in wanted if name in self._things}
            for name in found:
                self._things.move_to_end(name)
        return found

    def _put(self, made: Mapping[Name, Thing]) -> None:
        with self._looking:
            for name, thing in made.items():
                if name not in self._things:
                    self._things[name] = thing
                    self._bytes += thing.nbytes
            while self._bytes > self._most:
                self._bytes -= self._things.popitem(last=False)[1].nbytes
