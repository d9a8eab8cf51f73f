"""What comes in by itself: rows of other databases, and files of watched folders."""
