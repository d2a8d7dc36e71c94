"""Whether everything is running, and what happened last."""
