"""Measuring: what became of the shop, and of what was done, in numbers with one definition each.

Effects come with their intervals, and with what could be seen at all (`effect`); metrics are declared (`metrics`).

Reads: history, orders, refunds, event_lines, events, the tags of the last build; of campaigns sums that are handed in.
Leaves: nothing of its own. Must not assign anybody, nor send anything.
"""
