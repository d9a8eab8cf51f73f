"""A child process that dies at a failpoint."""

from __future__ import annotations

import signal
import subprocess
import sys

PRELUDE = """
import numpy as np
from pathlib import Path
from qianmian.core.failpoints import arm
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.pseudonyms import pseudonymise
from qianmian.privacy.vault import Vault
"""


def killed_at(name: str, code: str) -> None:
    """Run the code in a process of its own, which must die by SIGKILL at the failpoint."""
    program = f"{PRELUDE}\narm({name!r})\n{code}\n"
    child = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert child.returncode == -signal.SIGKILL, child.stderr
