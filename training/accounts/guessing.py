"""How long somebody waits after a failed sign-in. Pure; the reasons are in docs/decisions/0005."""

from dataclasses import dataclass

FREE_FOR_PAIR = 3
LONGEST_FOR_PAIR = 900
FREE_FOR_ACCOUNT = 20
LONGEST_FOR_ACCOUNT = 30
MANY_FROM_ADDRESS = 30
DELAY_FROM_ADDRESS = 5


@dataclass(frozen=True)
class Failures:
    """Failed tries so far, this one included."""

    # For this account from this address.
    pair: int
    # For this account from everywhere but where it signed in lately.
    account: int
    # For any account from this address.
    address: int


@dataclass(frozen=True)
class Delays:
    """The seconds before the next try: for this account from here, and from elsewhere."""

    pair: int
    account: int


def delay(failures: int, free: int, longest: int = LONGEST_FOR_PAIR) -> int:
    """Return the seconds to wait after so many failures, of which `free` cost nothing."""
    # 2 to the power of 10 exceeds every limit.
    return 0 if failures <= free else min(2 ** min(failures - free, 10), longest)


def delays(failures: Failures) -> Delays:
    """Return the delays that one more failure causes.

    What others do at the same address delays nobody's first try, and a second one by a small
    fixed time.
    """
    least = DELAY_FROM_ADDRESS if failures.address >= MANY_FROM_ADDRESS else 0
    return Delays(
        pair=max(delay(failures.pair, FREE_FOR_PAIR), least),
        account=delay(failures.account, FREE_FOR_ACCOUNT, LONGEST_FOR_ACCOUNT),
    )
