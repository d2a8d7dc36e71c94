"""Courses and their published versions."""
