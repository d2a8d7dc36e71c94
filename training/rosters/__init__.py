"""Rosters: lists of who goes on a mission, taken over into deployments."""
