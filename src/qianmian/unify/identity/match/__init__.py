"""Records without a shared identifier that may be one person's: compared field by field, proposed, never merged."""
