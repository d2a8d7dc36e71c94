"""People, and how they get in."""
