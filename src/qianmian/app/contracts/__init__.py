"""What the doors hand out, in one shape: the JSON of a command and of a route are the same models."""
