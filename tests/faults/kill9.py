"""Kill -9 while importing, building, undoing and erasing: every failpoint once, and N random moments."""

from __future__ import annotations

import argparse
import importlib
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import qianmian
from qianmian.core.errors import QianmianError
from qianmian.core.failpoints import REGISTERED
from tests.faults import campaigns, collector, journal, syncs
from tests.faults.parts.child import KILLED, Ending, Moment, Trouble, run
from tests.faults.parts.deeds import DEEDS, perform
from tests.faults.parts.scene import Scene, prepare
from tests.faults.parts.state import RELEASED, Difference, State, compare, leftovers, read_state

#: Who passes each failpoint, and at which time it dies there.
DEATHS = {
    "import.after_staging": ("import", 1),
    "import.after_vault": ("import", 1),
    "import.after_files": ("import", 1),
    "vault.after_salts": ("import", 2),
    "vault.after_rows": ("import", 2),
    "lake.after_files": ("day", 1),
    "lake.after_followers": ("build", 1),
    "lake.after_leader": ("import", 1),
    "build.after_release": ("build", 1),
    "lake.during_expiry": ("build", 3),
    "lake.during_log_expiry": ("build", 2),
    "lake.during_compaction": ("compact", 1),
    "keys.after_wrapping": ("rotate", 1),
    "vault.salts_destroyed": ("undo", 1),
    "erase.after_suppression": ("erase", 1),
    "erase.after_rows": ("erase", 1),
    "erase.after_rebuild": ("erase", 1),
    "erase.after_shredding": ("erase", 1),
    "folder.before_import": ("watch", 1),
    "folder.after_import": ("watch", 1),
}
#: What is killed at random moments.
RANDOM = ("import", "build", "day", "erase", "undo")
#: Deeds whose every release is all that they do: before or after, nothing in between is ever seen.
ATOMIC = ("import", "build", "undo", "compact")


@dataclass(frozen=True)
class Trial:
    """What came of one kill.

    Attributes:
        what: the deed and where it died.
        ending: how the process ended.
        unreadable: why the workspace could not be opened or the deed not repeated; empty if it could.
        torn: in between before and after, right after the kill.
        difference: after the deed was repeated, against an undisturbed one.
        leftovers: files that nothing explains, after the repetition.
    """

    what: str
    ending: Ending
    unreadable: str = ""
    torn: bool = False
    difference: Difference = field(default_factory=lambda: Difference({}, {}))
    leftovers: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled, torn or left behind."""
        return not (self.unreadable or self.torn or self.difference or self.leftovers)


class Stage:
    """Prepared workspaces, and what each deed makes of them undisturbed."""

    def __init__(self, root: Path) -> None:
        self.scene: Scene = prepare(root / "scene")
        self._root = root
        self._after: dict[str, State] = {}
        self._before: dict[str, State] = {}
        self._steps: dict[str, tuple[float, ...]] = {}
        self._trials = 0

    def trial(self, deed: str, where: str, kill: Callable[[Path], Ending]) -> Trial:
        """Kill a deed, look, repeat it, and compare."""
        after, before = self.after(deed), self._before[DEEDS[deed].state]
        what, folder = f"{deed} {where}", self._copy(deed)
        ending = kill(folder)
        try:
            seen = read_state(folder)
            torn = deed in ATOMIC and all(compare(seen, whole, RELEASED) for whole in (before, after))
            perform(deed, folder, self.scene)
            found = Trial(what, ending, "", torn, compare(read_state(folder), after), tuple(leftovers(folder)))
        except (QianmianError, OSError) as error:
            found = Trial(what, ending, f"{type(error).__name__}: {error}")
        shutil.rmtree(folder.parent)
        return found

    def at_failpoint(self, name: str) -> Trial:
        """Die at a failpoint."""
        deed, hit = DEATHS[name]
        return self.trial(deed, f"at {name}", lambda folder: run(deed, folder, self.scene, Trouble(name, hit)))

    def at_random(self, seed: int) -> Trial:
        """Die some time after one of the deed's steps, or between its first instruction and its first step."""
        chance = random.Random(seed)
        deed = RANDOM[seed % len(RANDOM)]
        self.after(deed)
        steps = self._steps[deed]
        step = chance.randrange(len(steps) - 1)
        moment = Moment(step, chance.uniform(0, steps[step + 1] - steps[step]))
        where = f"{moment.delay * 1000:.0f} ms after step {step} of {len(steps) - 1}"
        return self.trial(deed, where, lambda folder: run(deed, folder, self.scene, moment=moment))

    def after(self, deed: str) -> State:
        """The state that a deed leaves when nothing happens to it."""
        if deed not in self._after:
            state = DEEDS[deed].state
            if state not in self._before:
                self._before[state] = read_state(self.scene.state(state))
            folder = self._copy(deed)
            ending = run(deed, folder, self.scene)
            if ending.status:
                raise AssertionError(f"{deed} without any fault: {ending.error} {ending.told}")
            self._steps[deed] = (*ending.steps, ending.steps[-1] + 0.2)
            self._after[deed] = read_state(folder)
        return self._after[deed]

    def _copy(self, deed: str) -> Path:
        self._trials += 1
        folder = self._root / f"trial-{self._trials}" / "shop"
        return Path(shutil.copytree(self.scene.state(DEEDS[deed].state), folder))


def registered() -> set[str]:
    """Every failpoint of the product; imports each module that has one."""
    top = Path(qianmian.__path__[0])
    for file in top.rglob("*.py"):
        if "= failpoint(" in file.read_text(encoding="utf-8"):
            importlib.import_module(".".join(("qianmian", *file.relative_to(top).with_suffix("").parts)))
    return set(REGISTERED)


def _trials(stage: Stage, moments: int) -> Iterator[Trial]:
    for name in DEATHS:
        yield stage.at_failpoint(name)
    for seed in range(moments):
        yield stage.at_random(seed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="random moments, beside every failpoint once")
    told = parser.parse_args()
    counts = {"trials": 0, "lost": 0, "duplicated": 0, "unreadable": 0}
    missed = sorted(
        registered()
        ^ (DEATHS.keys() | journal.DEATHS.keys() | set(collector.FLUSHING) | set(campaigns.DEATHS) | set(syncs.DEATHS))
    )
    clean = not missed
    with tempfile.TemporaryDirectory() as folder:
        for trial in _trials(Stage(Path(folder)), told.trials):
            counts["trials"] += 1
            counts["lost"] += sum(trial.difference.lost.values())
            counts["duplicated"] += sum(trial.difference.extra.values())
            counts["unreadable"] += bool(trial.unreadable)
            alive = " (was done already)" if trial.ending.status != KILLED else ""
            print(f"{'ok ' if trial.is_clean else 'BAD'} {trial.what}{alive}", flush=True)
            if not trial.is_clean:
                clean = False
                print(f"    {trial}", flush=True)
    if missed:
        print(f"failpoints that nothing kills at, or that are gone: {', '.join(missed)}")
    print(json.dumps({"name": "kill9", **counts}))
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
