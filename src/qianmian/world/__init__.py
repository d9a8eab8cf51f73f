"""A generated shop with planted truth. Knows `core` only, so that it judges the product without asking it."""
