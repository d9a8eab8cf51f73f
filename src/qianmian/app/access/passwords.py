"""Passwords: hashed with Argon2id, checked in a time that does not tell whether there is such an account."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qianmian.core.errors import InputError
from qianmian.privacy.keys import Entropy

SHORTEST, LONGEST = 10, 200
#: Without letters and digits that look alike; 32 signs, so that each tells five bits.
_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4
#: The library's profile, RFC 9106's for little memory: 64 MiB and about a tenth of a second for each try.
_HASHER = PasswordHasher()


def generated(entropy: Entropy) -> str:
    """A password of 80 random bits, in groups that can be read aloud.

    >>> generated(lambda size: bytes(range(size)))
    'abcd-efgh-ijkm-npqr'
    """
    signs = [_SIGNS[byte % len(_SIGNS)] for byte in entropy(_GROUPS * _GROUP)]
    return "-".join("".join(signs[at : at + _GROUP]) for at in range(0, len(signs), _GROUP))


def hashed(password: str) -> str:
    """What is stored of a password.

    Raises:
        InputError: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError("password_length", shortest=SHORTEST, longest=LONGEST, given=len(password))
    return _HASHER.hash(_normal(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed.

    Args:
        stored: its hash; None if there is no such account, which takes as long to find out.
        password: what somebody typed.
    """
    try:
        _HASHER.verify(stored or _nobodys(), _normal(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def _normal(password: str) -> str:
    """One spelling of each text, whichever keyboard wrote it; half characters count as lost."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
