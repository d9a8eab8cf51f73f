"""The HTTP door, one file a stage. Must not hold logic: it reads a request, calls `app`, writes a response."""
