"""What tests of the platform share: a clock that they move."""

from datetime import datetime, timedelta

import pytest

from tests.factories import NOW
from training import clock


class Time:
    """Stands still until a test lets it pass."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **amount: float) -> None:
        """Let some time pass, e.g. `minutes=5`."""
        self.now += timedelta(**amount)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Return the clock of the application, which the test moves."""
    stopped = Time()
    monkeypatch.setattr(clock, "now", stopped)
    return stopped


# For rules of the pages alone, on which no database has a say.
embedded = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
