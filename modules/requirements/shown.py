"""Rules, and what they would mean, as the pages show them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.catalogue.taught import newest_titles
from modules.requirements import sentences
from modules.requirements.example import WIDTH, example
from modules.requirements.foresight import Reach
from modules.requirements.sentences import Names
from modules.requirements.validity import Span
from modules.requirements.values import Values
from modules.requirements.wants import Cannot
from training import clock, i18n
from training.auth import signed_in
from training.missions.models import Mission

REASONS = {
    Cannot.DEPARTED: _l("Has left already"),
    Cannot.TOO_LATE: _l("Fewer days than the training takes"),
    Cannot.ENDS: _l("What it gives would end too soon"),
}


def names(session: Session) -> Names:
    """Return what courses and missions are called, in the language of the page."""
    language = i18n.content_language()
    titles = {course_id: title[language] for course_id, title in newest_titles(session).items()}
    missions = session.execute(select(Mission.id, Mission.name).order_by(Mission.name))
    return Names(titles, {mission_id: name for mission_id, name in missions})  # noqa: C416


def shown_rule(values: Values, called: Names) -> dict[str, Any]:
    """Return a rule as its sentence, what else it says, and its time line."""
    today = clock.day_at(clock.now(), signed_in().time_zone)
    line = example(Span(values["span"]), values["max_age_days"], values["due_days_before"], today)
    return {
        "title": sentences.what(values, called),
        "sentence": sentences.main(values, called),
        "further": sentences.further(values, called),
        "line": {
            "width": WIDTH,
            "starts": line.at(line.starts_on),
            "ends": line.at(line.ends_on),
            "due": line.at(line.due_on),
            "oldest": line.at(line.oldest_on) if line.oldest_on else None,
            "counts": line.at(line.counts_until),
        },
        "example": _example(line),
    }


def _example(line: Any) -> str:
    days = {
        "start": i18n.day(line.starts_on),
        "end": i18n.day(line.ends_on),
        "due": i18n.day(line.due_on),
        "until": i18n.day(line.counts_until),
    }
    if line.oldest_on is None:
        return _(
            "Example: somebody is away from %(start)s until %(end)s. They finish by %(due)s, and "
            "it must count until %(until)s.",
            **days,
        )
    return _(
        "Example: somebody is away from %(start)s until %(end)s. They finish between %(oldest)s "
        "and %(due)s, and it must count until %(until)s.",
        oldest=i18n.day(line.oldest_on),
        **days,
    )


def shown_reach(reach: Reach) -> Mapping[str, Any]:
    """Return whom a rule would affect."""
    return {
        "reach": reach,
        "never": [
            {
                "name": each.name,
                "starts_on": each.going.tour.starts_on,
                "reason": REASONS[each.reason],
            }
            for each in reach.named
        ],
    }


def whole(values: Values, called: Names) -> str:
    """Return all that a rule says."""
    return " ".join([sentences.main(values, called), *sentences.further(values, called)])
