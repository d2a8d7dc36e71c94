"""Mail: an outbox of rows, handed over by the worker, and what did not arrive."""
