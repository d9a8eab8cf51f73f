"""Makes a generated shop's words and money as sources make them: each in a way of its own, the truth kept beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
#: Ways to write a region that is told as 省/市.
REGIONS: tuple[Callable[[str], str], ...] = (
    lambda path: path,
    lambda path: path.partition("/")[2],
    lambda path: path.partition("/")[2].removesuffix("市"),
    lambda path: path.replace("/", ""),
    lambda path: path.replace("/", " "),
    lambda path: path.replace("省", "").replace("市", "").replace("/", "-"),
)
#: Ways to write any word.
WORDS: tuple[Callable[[str], str], ...] = (
    lambda word: word,
    lambda word: f" {word}",
    lambda word: word.upper(),
    lambda word: word.translate(WIDE),
)


def dirtied(words: pa.ChunkedArray, ways: Sequence[Callable[[str], str]], seed: int) -> pa.Array:
    """The same words, each written in a way drawn from a stream of its own."""
    drawn = np.random.default_rng([seed, 37]).integers(len(ways), size=len(words))
    told = zip(words.to_pylist(), drawn, strict=True)
    return pa.array([None if word is None else ways[way](word) for word, way in told], pa.string())
