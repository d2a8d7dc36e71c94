"""Who needs which training before they go, and what may stand for it."""
