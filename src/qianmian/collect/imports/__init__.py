"""Files to events: a declared mapping, a dry run, rejects that explain themselves. Must not drop a row silently."""
