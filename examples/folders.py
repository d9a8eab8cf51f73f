"""Where an example finds its data and puts its workspace."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: Beside the repository; the product ships no data.
_DEFAULT = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Folders:
    """What an example works on.

    Attributes:
        data: folder of the public data sets.
        workspace: folder of the workspace that the example makes; must not be one yet.
    """

    data: Path
    workspace: Path


def data_folder() -> Path:
    """The folder of the public data sets: ``QIANMIAN_DATA``, else ``../shared/data`` beside the repository."""
    named = os.environ.get("QIANMIAN_DATA")
    return Path(named) if named else _DEFAULT


def read_folders(story: str, arguments: Sequence[str] | None = None) -> Folders:
    """Read the command line of an example.

    Args:
        story: one sentence for ``--help``.
        arguments: the words after the command; those of this program if not given.
    """
    parser = argparse.ArgumentParser(description=story)
    parser.add_argument("--data", type=Path, default=data_folder(), help="folder of the data sets")
    parser.add_argument("--folder", type=Path, required=True, help="the workspace to make")
    read = parser.parse_args(arguments)
    return Folders(read.data, read.folder)
