"""What the registered features say of records that end."""

from training.erasure import Erasure
from training.parts import registered


def erasures() -> list[Erasure]:
    """Return how each feature removes what it keeps, the lowest first."""
    return [part.erasure for part in registered() if part.erasure is not None]
