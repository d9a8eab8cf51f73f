"""Ways out: how a piece of a campaign reaches a program of the shop's."""
