"""Who lives in the world: tastes, habits, and whose phone number becomes whose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.world.calendar import DAY, Calendar
from qianmian.world.cast import RING_ACCOUNTS_A_DEVICE, Cast
from qianmian.world.goods import BANDS, BEAUTY, BRANDS_A_CATEGORY, CAMPING, CATEGORIES, HOUSEHOLD
from qianmian.world.plan import Neighbourhood
from qianmian.world.regions import TIER_OF_CITY, draw_cities
from qianmian.world.trace import NONE, Flags, Floats, Integers

ROLES = ("ordinary", "kol", "koc", "group_leader", "distributor")
ORDINARY_ROLE, KOL, KOC, GROUP_LEADER, DISTRIBUTOR = range(5)
_ROLE_SHARES = (4 / 2000, 20 / 2000, 24 / 2000, 60 / 2000)
_ROLE_VOICE = np.array([1.0, 12.0, 6.0, 4.0, 2.5])
AGES = ("18-24", "25-34", "35-44", "45+")
_AGE_SHARES = (0.27, 0.40, 0.20, 0.13)
FEMALE_SHARE = 0.66
#: Factor on a category's demand by sex (female, male).
_SEX_TASTE = np.array([[1.35, 1.0, 1.05, 1.15, 1.2, 0.7, 1.0, 0.8], [0.35, 1.0, 0.9, 0.7, 0.6, 1.7, 1.0, 1.4]])
#: Factor on a category's demand by age band.
_AGE_TASTE = np.array(
    [
        [1.3, 1.2, 0.6, 1.4, 0.1, 0.8, 1.2, 0.7],
        [1.0, 1.0, 1.0, 1.0, 1.6, 1.2, 1.1, 1.0],
        [0.8, 0.9, 1.2, 0.8, 1.4, 1.2, 0.8, 1.2],
        [0.7, 1.2, 1.5, 0.8, 0.3, 0.7, 0.7, 1.4],
    ]
)
#: Share of people who prefer the low, middle and high price band, by city tier.
_BAND_TASTE = np.array(
    [[0.20, 0.40, 0.40], [0.25, 0.42, 0.33], [0.32, 0.43, 0.25], [0.40, 0.40, 0.20], [0.48, 0.37, 0.15]]
)
#: Levels of membership, by what was spent in twelve months; few reach the last.
LEVELS = ("普通", "银卡", "金卡", "黑金")
_LEVEL_BORDERS = (0.55, 0.85, 0.97)
TRIP = 8 * DAY
#: Share of the looks at the preferred category, and at the second one.
_PREFERRED, _SECOND = 0.64, 0.2
#: Share of the looks at the preferred category that mean the preferred brand, and of all looks that mean the preferred
#: price band; the others fall on any.
OWN_BRAND, OWN_BAND = 0.55, 0.55
_HOME_SIZES = (3, 2, 4)
_ACTIVITY_SPREAD = 1.0
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class People:
    """The people of one neighbourhood; every array has one entry a person.

    Attributes:
        registered: has a user_id.
        female: sex.
        age: position in `AGES`.
        role: position in `ROLES`.
        city: position in `regions.CITIES`.
        trip_to: where the person travels once.
        trip_at: when the trip of a week begins.
        home: home with a shared tablet; `NONE` = none.
        chronotype: way to live, see `calendar`.
        activity: factor on the number of visits; heavy-tailed, mean 1.
        spending: factor on the inclination to buy.
        voice: factor on posts, likes, comments and invitations.
        category: preferred category.
        second: second category.
        brand: preferred brand within the preferred category.
        band: preferred price band.
        consent: position in `properties.CONSENTS`.
        withdraws_at: when marketing consent is withdrawn; far future = never.
        gives_at: when the person gives up the phone number; far future = never.
        takes_at: when the person takes over a number; far future = never.
        takes_from: whose number it is; `NONE` = nobody's.
        level: position in `LEVELS`.
    """

    registered: Flags
    female: Flags
    age: Integers
    role: Integers
    city: Integers
    trip_to: Integers
    trip_at: Integers
    home: Integers
    chronotype: Integers
    activity: Floats
    spending: Floats
    voice: Floats
    category: Integers
    second: Integers
    brand: Integers
    band: Integers
    consent: Integers
    withdraws_at: Integers
    gives_at: Integers
    takes_at: Integers
    takes_from: Integers
    level: Integers

    def __len__(self) -> int:
        return len(self.city)

    def city_at(self, person: Integers, at: Integers) -> Integers:
        """Where a person is at an instant: at home, or on the trip."""
        since = at - self.trip_at[person]
        cities: Integers = np.where((since >= 0) & (since < TRIP), self.trip_to[person], self.city[person])
        return cities

    def phone_slot(self, person: Integers, at: Integers) -> Integers:
        """Which number is a person's at an instant: slots 0…n−1 are first numbers, n…2n−1 replacements."""
        slot = np.where(at >= self.gives_at[person], person + len(self), person)
        slots: Integers = np.where(at >= self.takes_at[person], self.takes_from[person], slot)
        return slots


def make_people(place: Neighbourhood, calendar: Calendar, cast: Cast) -> People:
    """Draw the people of a neighbourhood, the leading parts among them."""
    random, size = place.random("people"), place.size
    female = random.random(size) < FEMALE_SHARE
    age = _choose(random, np.tile(_AGE_SHARES, (size, 1)))
    female[cast.family], age[cast.family] = (False, True, True)[: len(cast.family)], (3, 3, 0)[: len(cast.family)]
    demand = np.array([category.share for category in CATEGORIES])
    taste = demand * _SEX_TASTE[np.where(female, 0, 1)] * _AGE_TASTE[age]
    role = _give_roles(random, size, cast)
    registered = (random.random(size) >= place.plan.unregistered_share) | (role > 0)
    registered[0] = registered[cast.everybody] = True  # the first is the heavy person, if there is one
    free = registered.copy()
    free[0] = free[cast.everybody] = False
    home = _found_homes(random, place, np.flatnonzero(free), cast)
    city = _settle(draw_cities(random, size), home)
    mother = female & (_choose(random, taste) == 4)
    mother[cast.everybody] = False
    chronotype = np.where(mother, 3, random.integers(0, 3, size))
    category = np.where(mother, 4, _choose(random, taste)).astype(np.int8)
    category[cast.family] = (CAMPING, HOUSEHOLD, BEAUTY)[: len(cast.family)]
    activity, spending = _heavy_tailed(random, size, _ACTIVITY_SPREAD), _heavy_tailed(random, size, 0.6)
    activity[cast.machines] = spending[cast.machines] = 0.0
    spent = spending * activity**0.5 * np.exp(random.normal(0, 0.3, size))
    return People(
        registered=registered,
        female=female,
        age=age,
        role=role,
        city=city,
        trip_to=draw_cities(random, size),
        trip_at=_instants(random, calendar, size),
        home=home,
        chronotype=chronotype.astype(np.int8),
        activity=activity,
        spending=spending,
        voice=_heavy_tailed(random, size, 0.8) * _ROLE_VOICE[role],
        category=category,
        second=_choose(random, taste),
        brand=random.integers(0, BRANDS_A_CATEGORY, size).astype(np.int8),
        band=_choose(random, _BAND_TASTE[TIER_OF_CITY[city]]),
        consent=_choose(random, np.tile((0.62, 0.23, 0.1, 0.05), (size, 1))),
        withdraws_at=np.where(random.random(size) < 0.03, _instants(random, calendar, size), _NEVER),
        level=np.searchsorted(np.quantile(spent, _LEVEL_BORDERS), spent).astype(np.int8),
        **_recycle(random, place, calendar, np.flatnonzero(free), cast),
    )


def draw_cells(
    random: np.random.Generator, people: People, person: Integers, focus: Integers | None = None
) -> Integers:
    """A (category, brand, price band) for each look at goods, by the person's taste, or in the category in focus."""
    size = len(person)
    where = random.random(size)
    demand = np.cumsum([category.share for category in CATEGORIES])[:-1]
    anything = np.searchsorted(demand, random.random(size))
    category = np.select(
        [where < _PREFERRED, where < _PREFERRED + _SECOND], [people.category[person], people.second[person]], anything
    )
    if focus is not None:
        category = np.where(focus >= 0, focus, category)
    loyal = (random.random(size) < OWN_BRAND) & (category == people.category[person])
    brand = np.where(loyal, people.brand[person], random.integers(0, BRANDS_A_CATEGORY, size))
    band = np.where(random.random(size) < OWN_BAND, people.band[person], random.integers(0, len(BANDS), size))
    cells: Integers = (category.astype(np.int32) * BRANDS_A_CATEGORY + brand) * len(BANDS) + band
    return cells


def interests(people: People) -> Floats:
    """How much each person looks at each category, in shares that add up to 1; one row a person."""
    demand = np.array([category.share for category in CATEGORIES])
    shares = np.tile((1 - _PREFERRED - _SECOND) * demand / demand.sum(), (len(people), 1))
    everybody = np.arange(len(people))
    shares[everybody, people.category] += _PREFERRED
    shares[everybody, people.second] += _SECOND
    return shares


def _give_roles(random: np.random.Generator, size: int, cast: Cast) -> Integers:
    """Position in `ROLES` of each person: as many of each as planned, the star first."""
    free = np.ones(size, np.bool_)
    free[cast.everybody] = False
    star = np.arange(size) == cast.star
    order = np.concatenate([np.flatnonzero(star), random.permutation(np.flatnonzero(free & ~star))])
    counts = [round(size * share) for share in _ROLE_SHARES]
    role = np.full(size, ORDINARY_ROLE, np.int8)
    role[order[: sum(counts)]] = np.repeat([KOL, KOC, GROUP_LEADER, DISTRIBUTOR], counts)
    return role


def _found_homes(random: np.random.Generator, place: Neighbourhood, free: Integers, cast: Cast) -> Integers:
    """Home of each person, or `NONE`; homes hold two to four people, together the planned share.

    A ring's accounts sit at their devices as people sit at a tablet at home.
    """
    candidates = random.permutation(free)
    members = max(round(place.size * place.plan.shared_device_share) - len(cast.family), 0)
    sizes = np.resize(_HOME_SIZES, -(-members // 2))
    homes = np.repeat(np.arange(len(sizes)), sizes)
    whole = int(np.searchsorted(homes, homes[members - 1], side="right")) if members else 0
    placed = candidates[:whole]
    home = np.full(place.size, NONE)
    home[placed] = homes[: len(placed)]
    home[cast.family] = home.max(initial=-1) + 1
    home[cast.ring] = home.max(initial=-1) + 1 + np.arange(len(cast.ring)) // RING_ACCOUNTS_A_DEVICE
    return home


def _settle(city: Integers, home: Integers) -> Integers:
    """The people of a home live in one city."""
    members = np.flatnonzero(home >= 0)
    homes, first = np.unique(home[members], return_index=True)
    settled = city.copy()
    settled[members] = city[members[first]][np.searchsorted(homes, home[members])]
    return settled


def _recycle(
    random: np.random.Generator, place: Neighbourhood, calendar: Calendar, free: Integers, cast: Cast
) -> dict[str, Integers]:
    gives_at, takes_at = np.full(place.size, _NEVER), np.full(place.size, _NEVER)
    takes_from = np.full(place.size, NONE)
    candidates = random.permutation(free)
    pairs = min(round(place.size * place.plan.recycled_phone_share), len(candidates) // 2)
    givers, takers = candidates[:pairs], candidates[pairs : 2 * pairs]
    givers, takers = np.append(givers, cast.stranger), np.append(takers, cast.family[:1])
    moved = calendar.start + ((calendar.end - calendar.start) * random.uniform(0.4, 0.7, len(takers))).astype(np.int64)
    takes_at[takers], takes_from[takers] = moved, givers
    gives_at[givers] = moved - 5 * DAY
    return {"gives_at": gives_at, "takes_at": takes_at, "takes_from": takes_from}


def _choose(random: np.random.Generator, weights: Floats) -> Integers:
    """One choice a row, by the row's weights."""
    steps = np.cumsum(weights, axis=1)
    drawn = random.random(len(weights)) * steps[:, -1]
    choice: Integers = (drawn[:, None] >= steps[:, :-1]).sum(axis=1).astype(np.int8)
    return choice


def _heavy_tailed(random: np.random.Generator, size: int, spread: float) -> Floats:
    return np.exp(random.normal(-spread * spread / 2, spread, size))


def _instants(random: np.random.Generator, calendar: Calendar, size: int) -> Integers:
    return random.integers(calendar.start, calendar.end, size)
