"""The rule of waiting, as a table."""

import pytest

from training.accounts.guessing import Delays, Failures, delay, delays


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (3, 0), (4, 2), (5, 4), (6, 8), (12, 512), (13, 900), (14, 900), (10**9, 900)],
)
def test_the_delay_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert delay(failures, 3) == seconds


@pytest.mark.parametrize(
    ("pair", "account", "address", "expected"),
    [
        # Somebody who mistypes.
        (1, 1, 0, Delays(0, 0)),
        (3, 3, 2, Delays(0, 0)),
        (4, 4, 3, Delays(2, 0)),
        (8, 8, 7, Delays(32, 0)),
        (50, 50, 50, Delays(900, 30)),
        # Somebody who mistypes where an attacker guesses at other accounts.
        (1, 1, 29, Delays(0, 0)),
        (1, 1, 30, Delays(5, 0)),
        (1, 1, 100_000, Delays(5, 0)),
        (5, 5, 100_000, Delays(5, 0)),
        (6, 6, 100_000, Delays(8, 0)),
        # One account guessed at from many addresses.
        (1, 20, 0, Delays(0, 0)),
        (1, 21, 0, Delays(0, 2)),
        (1, 24, 0, Delays(0, 16)),
        (1, 25, 0, Delays(0, 30)),
        (1, 100_000, 0, Delays(0, 30)),
    ],
)
def test_what_one_more_failure_costs(
    pair: int, account: int, address: int, expected: Delays
) -> None:
    assert delays(Failures(pair, account, address)) == expected
