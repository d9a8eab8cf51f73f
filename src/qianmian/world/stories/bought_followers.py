"""40 万粉不如 3,000 粉: one opinion leader's followers are bought, and few orders follow the exposures."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qianmian.world.posts import Posts, shown_followers
from qianmian.world.scene import Scene
from qianmian.world.spread import Exposures
from qianmian.world.stories.story import Story, number
from qianmian.world.trace import Integers

STORY = Story(
    name="bought_followers",
    claim="the share of the star's known followers that are bought is found",
    measure="bought_share",
    unit="share of the followers that the shop knows",
)


def truth(scene: Scene, posts: Posts, exposures: Exposures, ordered: Integers) -> tuple[pa.Table, pa.Table]:
    """One row an author: followers shown and known, exposures, and the orders that came of them.

    Args:
        scene: where it happened.
        posts: all posts.
        exposures: all exposures.
        ordered: number of the order that came of each exposure; −1 = none.
    """
    size, fans = len(scene.people), scene.ties.fans
    author = np.unique(posts.author)
    by = posts.author[exposures.post]
    seen = np.bincount(by, minlength=size)[author]
    orders = np.bincount(by[ordered >= 0], minlength=size)[author]
    star = scene.cast.star
    bought = np.where(author == star, len(scene.cast.bought), 0)
    table = pa.table(
        {
            "person": author.astype(np.int64) + scene.place.first,
            "role": scene.people.role[author],
            "followers_shown": shown_followers(scene, author),
            "followers_known": fans.count(author),
            "followers_bought": bought,
            "exposures": seen,
            "orders": orders,
            "sway": scene.traits.sway[author],
        }
    )
    known = int(fans.count(np.array([star]))[0]) if star >= 0 else 0
    return table, number(STORY, (len(scene.cast.bought), known), (0, known))
