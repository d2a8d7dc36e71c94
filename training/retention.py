"""Until when things are kept, in words for the person they are about."""

from flask_babel import ngettext


def records(years: int) -> str:
    """Say how long what was earned, and what it rests on, is kept."""
    return ngettext(
        "Until %(num)s year after your last deployment",
        "Until %(num)s years after your last deployment",
        years,
    )


def days(number: int) -> str:
    """Say that something is kept for so many days."""
    return ngettext("For %(num)s day", "For %(num)s days", number)


def days_after_attempt(number: int) -> str:
    """Say that something is kept for so many days after an attempt."""
    return ngettext(
        "Until %(num)s day after the attempt", "Until %(num)s days after the attempt", number
    )


def months_after_attempt(number: int) -> str:
    """Say that something is kept for so many months after an attempt."""
    return ngettext(
        "Until %(num)s month after the attempt", "Until %(num)s months after the attempt", number
    )
