"""The six figures: the vectors of the standard, the window, and no code twice."""

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from training.accounts import codes, totp
from training.accounts.passwords import plain_code

SHARED = base64.b32encode(b"12345678901234567890").decode()
AT = datetime(2026, 11, 24, 12, 0, 10, tzinfo=UTC)
HALF_MINUTE = timedelta(seconds=30)


@pytest.mark.parametrize(
    ("seconds", "code"),
    # RFC 6238, appendix B, the last six of eight figures.
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.step_of(SHARED, code, last=None, at=at) == seconds // 30
    assert totp.step_of(SHARED, f" {code[:3]} {code[3:]} ", last=None, at=at) == seconds // 30


@pytest.mark.parametrize(("steps", "taken"), [(-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)])
def test_a_clock_may_be_half_a_minute_off_either_way(steps: int, taken: int) -> None:
    code = pyotp.TOTP(SHARED).at(AT + steps * HALF_MINUTE)
    assert (totp.step_of(SHARED, code, last=None, at=AT) is not None) == bool(taken)


def test_no_code_is_taken_twice_nor_after_a_newer_one() -> None:
    now = pyotp.TOTP(SHARED).at(AT)
    before = pyotp.TOTP(SHARED).at(AT - HALF_MINUTE)
    step = totp.step_of(SHARED, now, last=None, at=AT)
    assert totp.step_of(SHARED, now, last=step, at=AT) is None
    assert totp.step_of(SHARED, now, last=step, at=AT + HALF_MINUTE) is None
    assert totp.step_of(SHARED, before, last=step, at=AT) is None


def test_a_clock_set_back_locks_nobody_out() -> None:
    ahead = totp.step_at(AT + timedelta(days=400))
    assert totp.step_of(SHARED, pyotp.TOTP(SHARED).at(AT), last=ahead, at=AT) is not None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\0", "-12345"])
def test_anything_but_six_figures_is_refused(typed: str) -> None:
    assert totp.step_of(SHARED, typed, last=None, at=AT) is None


def test_the_secret_needs_the_key_of_the_installation() -> None:
    assert totp.secret("one key", "salt") != totp.secret("another key", "salt")
    assert len(base64.b32decode(totp.secret("one key", "salt"))) == 20


def test_codes_are_kept_for_one_person_and_one_key() -> None:
    code = codes.start_code("key", "token", 1)
    assert plain_code(code) == code
    assert len(code.replace("-", "")) == 12
    stored = codes.start_code_hash("key", 1, code)
    assert codes.matches("key", 1, stored, code.lower().replace("-", " "))
    assert not codes.matches("key", 2, stored, code)
    assert not codes.matches("other", 1, stored, code)
    assert not codes.matches("key", 1, stored, stored)
    assert not codes.matches("key", 1, None, code)
    assert codes.start_code("key", "token", 2) != code != codes.start_code("key", "other", 1)


def test_recovery_codes_are_ten_and_read_however_they_are_typed() -> None:
    made = codes.recovery_codes()
    assert len(set(made)) == 10
    kept = codes.recovery_code_hash("key", 1, made[0])
    assert codes.recovery_code_hash("key", 1, made[0].lower().replace("-", " ")) == kept
    assert codes.recovery_code_hash("key", 2, made[0]) != kept
