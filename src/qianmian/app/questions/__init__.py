"""What the console's screens ask of the last build; each answer names the build it comes from."""
