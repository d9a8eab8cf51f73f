"""Runnable stories over public data: `python -m examples.online_retail`, `python -m examples.group_buy`."""
