"""On which day the records of a person end. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from training.clock import add_months

# Nobody is removed sooner after it was written down: HR can see it coming and prevent it.
NOTICE = timedelta(days=90)


@dataclass(frozen=True)
class Facts:
    """What decides how long the records of one person are kept."""

    years: int
    deployed_until: date | None
    # When there was no deployment: the last completion, assignment or leaving, else the arrival.
    recorded_on: date
    signed_in_on: date | None
    is_active: bool
    # Whether they have a role, or training that is open.
    is_busy: bool
    written_down: date | None


def removed_on(facts: Facts, today: date) -> date | None:
    """Return the day on which a person's records are removed, None while that cannot be said.

    The years count from the end of the last deployment, which may lie ahead, and when there was
    none from the last thing that made a record. For whoever has an account in use they count from
    the last sign-in at the soonest, and not at all while they have a role or open training.
    Whoever has left is not waited for: no role, no open training and no sign-in keeps them.
    Whatever comes out, removal is written down `NOTICE` before it happens, so also where somebody
    left, or the organisation chose fewer years, only now.
    """
    if facts.is_active and facts.is_busy:
        return None
    last = facts.deployed_until or facts.recorded_on
    if facts.is_active and facts.signed_in_on is not None:
        last = max(last, facts.signed_in_on)
    ends_on = add_months(last, 12 * facts.years)
    soonest = today + NOTICE
    if ends_on >= soonest:
        return ends_on
    return max(ends_on, facts.written_down or soonest)
