"""Until when things are kept, in words for the person they are about."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from training import i18n


def records(years: int, day: date | None) -> str:
    """Say how long what was earned, and what it rests on, is kept: as it is now until a day."""
    if day is not None:
        return _("Until %(day)s", day=i18n.day(day))
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
