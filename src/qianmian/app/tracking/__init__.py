"""The tracking plan of a workspace: its versions and modes, what was seen, and what was kept apart."""
