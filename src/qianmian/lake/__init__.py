"""Where tables live: files, commits, snapshots, durability. Must not know what a stage means by a table."""
