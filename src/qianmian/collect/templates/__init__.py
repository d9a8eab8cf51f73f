"""Mappings for the files that platforms let merchants download, to use as they are or to start from."""
