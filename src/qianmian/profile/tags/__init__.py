"""Tags: definition, needs, one scan, mergeable partials, values. Must not run a scan of its own for one tag."""
