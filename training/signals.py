"""The two signals by which knowledge flows upwards inside a transaction.

A listener gets the session as sender and writes rows; it cannot refuse.
"""

from blinker import Signal

deployment_changed = Signal("A deployment was made or moved: session, deployment_id, at.")
completed = Signal("A course was completed: session, completion_id, at.")
