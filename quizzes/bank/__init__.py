"""The questions of the courses."""
