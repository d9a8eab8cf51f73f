"""Members of saved audiences over time: who came and went with each build, and why ([decision 0044]).

Reads what a build leaves, and `events` and `moved` for the causes; leaves `memberships` and `audience_builds`.
"""
