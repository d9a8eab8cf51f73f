"""A hostile crowd at the door fails nobody else; see the module for the wait until the slow are let go."""

from __future__ import annotations

from pathlib import Path

from tests.faults.sockets import is_sound, run


def test_nothing_fails_and_the_others_are_served(tmp_path: Path):
    told = run(tmp_path, 40, patiently=False, tell=lambda _: None)
    assert told["trials"] >= 80
    assert is_sound(told), told


def test_what_fails_hangs_stays_or_grows_would_be_found():
    told = dict.fromkeys(("failures", "hung", "still_open", "failed", "mib_before", "mib_peak"), 0) | {"served": 1}
    assert is_sound(told)
    for name, value in (
        ("failures", 1),
        ("hung", 1),
        ("still_open", 1),
        ("failed", 1),
        ("mib_peak", 999),
        ("served", 0),
    ):
        assert not is_sound(told | {name: value})
