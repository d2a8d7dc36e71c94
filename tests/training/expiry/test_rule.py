"""On which day the records of a person end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from training.expiry.rule import NOTICE, Facts, removed_on

TODAY = date(2026, 11, 24)
LONG_AGO = date(2010, 1, 1)
GONE = Facts(
    years=7,
    deployed_until=date(2020, 2, 29),
    recorded_on=date(2025, 1, 1),
    signed_in_on=None,
    is_active=False,
    is_busy=False,
    written_down=None,
)


@pytest.mark.parametrize(
    ("changed", "day"),
    [
        ({}, date(2027, 2, 28)),
        ({"deployed_until": date(2028, 3, 1)}, date(2035, 3, 1)),
        ({"deployed_until": None}, date(2032, 1, 1)),
        ({"years": 10}, date(2030, 2, 28)),
        ({"is_active": True}, date(2027, 2, 28)),
        ({"is_active": True, "signed_in_on": TODAY}, date(2033, 11, 24)),
        ({"is_active": True, "signed_in_on": LONG_AGO}, date(2027, 2, 28)),
        ({"signed_in_on": TODAY}, date(2027, 2, 28)),
        ({"is_active": True, "is_busy": True}, None),
        ({"is_busy": True}, date(2027, 2, 28)),
    ],
)
def test_the_years_count_from_the_last_deployment_else_from_the_last_record(
    changed: dict[str, object], day: date | None
) -> None:
    assert removed_on(replace(GONE, **changed), TODAY) == day  # type: ignore[arg-type]


def test_nobody_is_removed_sooner_than_their_removal_was_written_down() -> None:
    late = replace(GONE, deployed_until=LONG_AGO)
    noted = removed_on(late, TODAY)
    assert noted == TODAY + NOTICE
    for days in range(1, 200, 33):
        written = replace(late, written_down=noted)
        assert removed_on(written, TODAY + timedelta(days=days)) == noted
