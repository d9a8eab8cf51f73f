"""Measuring: what became of the shop, and of what was done, in numbers with one definition each.

Reads: history, orders, refunds, event_lines, events, and the tags of the last build.
Leaves: nothing of its own for metrics, which are worked out when they are asked for.
"""
