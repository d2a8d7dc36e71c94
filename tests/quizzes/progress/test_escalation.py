"""When a request goes to HR: after a working day, weekends skipped."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from quizzes.attempts.escalation import goes_to_hr_at

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2026-11-23 09:00", "2026-11-24 09:00"),  # Monday.
        ("2026-11-26 23:59", "2026-11-27 23:59"),  # Thursday.
        ("2026-11-27 16:30", "2026-11-30 16:30"),  # Friday goes to Monday.
        ("2026-11-28 10:00", "2026-12-01 00:00"),  # Saturday counts from Monday.
        ("2026-11-29 23:00", "2026-12-01 00:00"),  # Sunday as well.
        ("2026-11-30 00:00", "2026-12-01 00:00"),
        ("2027-03-26 12:00", "2027-03-29 12:00"),  # Over the change to summer time.
    ],
)
def test_a_request_goes_to_hr_after_a_working_day(asked: str, expected: str) -> None:
    at = datetime.fromisoformat(asked).replace(tzinfo=AMSTERDAM)
    then = datetime.fromisoformat(expected).replace(tzinfo=AMSTERDAM)
    assert goes_to_hr_at(at.astimezone(UTC), "Europe/Amsterdam") == then


def test_the_weekend_is_that_of_the_organisation() -> None:
    # Sunday evening in UTC is Monday morning in Tokyo.
    asked = datetime(2026, 11, 29, 23, 0, tzinfo=UTC)
    assert goes_to_hr_at(asked, "Asia/Tokyo") == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
