"""Records that end: the day they do, who is told before, and their removal."""
