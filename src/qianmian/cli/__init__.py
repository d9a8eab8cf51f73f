"""The command-line door, one file a stage. Data on stdout, progress on stderr; must not hold logic."""
