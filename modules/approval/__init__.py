"""Reviewers read what is taught, and answer for it."""
