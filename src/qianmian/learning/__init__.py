"""Models without plumbing: arrays in, scores out. Must not read a table, a clock or a person's name."""
