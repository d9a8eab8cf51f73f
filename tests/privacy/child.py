"""A child process that dies at a failpoint."""

from __future__ import annotations

import signal
import subprocess
import sys

PRELUDE = """
import numpy as np
from pathlib import Path
from qianmian.core.failpoints import arm
from qianmian.privacy.database import open_database
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.pseudonyms import pseudonymise
from qianmian.privacy.server import Server, open_server
from qianmian.privacy.tables import IDENTIFIERS
from qianmian.privacy.vault import Vault
tables = (IDENTIFIERS,)
"""


def killed_at(name: str, code: str) -> None:
    """Run the code in a process of its own, which must die by SIGKILL at the failpoint."""
    program = f"{PRELUDE}\narm({name!r})\n{code}\n"
    child = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert child.returncode == -signal.SIGKILL, child.stderr
