"""What pages and exports show of a record: no score, no sex, no answers."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from certificates.records.history import CourseRecord, Cycle
from certificates.register.models import DocumentState
from certificates.register.shown import STATE_LABELS, components, limits, worth
from certificates.register.state import Held
from quizzes.attempts.keeping import OUTCOMES
from quizzes.attempts.models import Attempt
from training import clock, i18n

# (certificate id, language) -> the ways to a document; (certificate id) -> its page.
DocumentUrls = Callable[[Held, str], dict[str, str]]


def standing(courses: Sequence[CourseRecord], day: date) -> list[dict[str, Any]]:
    """Return what counts on a day, course by course and component by component."""
    return [_standing(course, day) for course in courses]


def _standing(course: CourseRecord, day: date) -> dict[str, Any]:
    language, held = i18n.content_language(), course.standing(day)
    shown: dict[str, Any] = {
        "title": course.title[language],
        "number": None,
        "valid_until": None,
        "only": None,
        "demonstration": False,
    }
    if held is None:
        done = course.cycles[0].completion is not None
        label = _("Completed, without a certificate") if done else _("Not completed")
        return shown | {"state": "open", "state_label": label, "components": []}
    return shown | {
        **worth(held.on(day)),
        **limits(held.certificate),
        "number": held.certificate.number,
        "valid_until": held.certificate.valid_until,
        "components": components(held, day),
    }


def certificates(
    courses: Sequence[CourseRecord], day: date, urls: DocumentUrls
) -> list[dict[str, Any]]:
    """Return every certificate, the newest first."""
    held = [c.held for course in courses for c in course.cycles if c.held is not None]
    newest_first = sorted(held, key=lambda h: h.certificate.id, reverse=True)
    return [_certificate(h, day, urls) for h in newest_first]


def _certificate(held: Held, day: date, urls: DocumentUrls) -> dict[str, Any]:
    certificate = held.certificate
    return {
        "id": certificate.id,
        "title": certificate.course_title[i18n.content_language()],
        "version": certificate.version,
        "number": certificate.number,
        "holder_name": certificate.holder_name,
        "organisation": certificate.organisation,
        "achieved_on": certificate.achieved_on,
        "valid_until": certificate.valid_until,
        **worth(held.on(day)),
        **limits(certificate),
        "components": components(held, day),
        "blocked": any(d.state is DocumentState.BLOCKED for d in certificate.documents),
        "documents": [
            {"language": i18n.LANGUAGES[d.language], **urls(held, d.language)}
            for d in certificate.documents
            if d.state is DocumentState.READY
        ],
    }


def history(courses: Sequence[CourseRecord], day: date, zone: str) -> list[dict[str, Any]]:
    """Return every cycle of every course, the newest first."""
    language = i18n.content_language()
    return [
        {
            "title": course.title[language],
            "cycles": [_cycle(cycle, day, zone) for cycle in course.cycles],
        }
        for course in courses
    ]


def _cycle(cycle: Cycle, day: date, zone: str) -> dict[str, Any]:
    completion, held = cycle.completion, cycle.held
    state = held.on(day) if held else None
    return {
        "number": cycle.assignment.cycle,
        "assigned_on": clock.day_at(cycle.assignment.assigned_at, zone),
        "due_on": cycle.assignment.due_on,
        "attempts": [_attempt(attempt, zone) for attempt in cycle.attempts],
        "achieved_on": completion.achieved_on if completion else None,
        "recorded_on": clock.day_at(completion.recorded_at, zone) if completion else None,
        "valid_until": completion.valid_until if completion else None,
        "annulled_on": completion.annulled_on if completion else None,
        "version": cycle.version,
        "certificate": held.certificate.number if held else None,
        "certificate_id": held.certificate.id if held else None,
        "state": state.value if state else None,
        "state_label": STATE_LABELS[state] if state else None,
    }


def _attempt(attempt: Attempt, zone: str) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "on": clock.day_at(attempt.finished_at or attempt.started_at, zone),
        "outcome": OUTCOMES[attempt.status],
    }


def cells(course: dict[str, Any], cycle: dict[str, Any]) -> tuple[Any, ...]:
    """Return a cycle as the cells of an export, in the order of `header`."""
    last = cycle["attempts"][-1] if cycle["attempts"] else None
    return (
        course["title"],
        cycle["number"],
        cycle["assigned_on"],
        cycle["due_on"],
        len(cycle["attempts"]),
        str(last["outcome"]) if last else None,
        cycle["version"],
        cycle["achieved_on"],
        cycle["recorded_on"],
        cycle["valid_until"],
        cycle["certificate"],
        str(cycle["state_label"]) if cycle["state_label"] else None,
    )


def header() -> tuple[str, ...]:
    """Return the names of the columns of a person's record."""
    return (
        _("Course"),
        _("Cycle"),
        _("Assigned on"),
        _("Due date"),
        _("Attempts"),
        _("Last outcome"),
        _("Version"),
        _("Achieved on"),
        _("Recorded on"),
        _("Valid until"),
        _("Certificate number"),
        _("State"),
    )
