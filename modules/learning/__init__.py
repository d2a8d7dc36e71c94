"""Reading, progress and completion."""
