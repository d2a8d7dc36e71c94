"""Missions and deployments."""
