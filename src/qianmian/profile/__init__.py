"""From facts to a description of each person, with evidence. Must not read events after the fold."""
