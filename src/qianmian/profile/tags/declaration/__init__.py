"""Tags that are declared in YAML: a text becomes `Tag` values. No text of its author ever becomes SQL."""
