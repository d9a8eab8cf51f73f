"""What came of what was done: effects with their intervals, and what could be seen at all.

Reads: orders and assignments, as sums that are handed in. Must not assign anybody, nor send anything.
"""
