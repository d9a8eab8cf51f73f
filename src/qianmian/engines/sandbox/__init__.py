"""A person's SQL, checked and run in a child process. Must not know what is in its relations."""
