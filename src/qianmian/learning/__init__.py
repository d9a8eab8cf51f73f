"""Models without plumbing: arrays in, scores out."""
