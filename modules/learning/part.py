"""What learning adds to the platform."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Flask, url_for
from sqlalchemy.orm import Session

from modules.assignments import services as assignments
from modules.catalogue.taught import newest_titles
from modules.learning import demonstration, erasing, keeping, merging, services, views
from modules.requirements.rules import is_short_notice
from training import i18n
from training.erasure import Erasure
from training.handover import Merge
from training.home import next_steps
from training.parts import Part, Step, register

TEST_MINUTES = 15


def init_app(app: Flask) -> None:
    """Add the lessons and the tasks of the first page."""
    app.register_blueprint(views.bp)
    register(
        app,
        Part(
            "learning",
            home=_home,
            export=keeping.export,
            merge=Merge(merging.preview, merging.move, merging.undo),
            erasure=Erasure(erasing.erase),
            check=services.contradictions,
            demonstrate=demonstration.demonstrate,
        ),
    )


def _home(session: Session, person_id: int, today: date) -> dict[str, Any]:
    owned = assignments.of_person(session, person_id, today)
    progress = services.progress(session, owned)
    steps = next_steps(person_id, [o.assignment.id for o in owned])
    taught = [o for o in owned if o.assignment.id in progress]
    # For whoever leaves shortly, what that asks for stands first; then what everybody must know
    # of conduct, then what is due first.
    leaving = {
        o.assignment.id: o.starts_on
        for o in taught
        if o.starts_on is not None
        and o.assignment.completed_at is None
        and is_short_notice(o.starts_on, today)
    }
    taught.sort(
        key=lambda o: (o.assignment.id not in leaving, not progress[o.assignment.id].conduct_left)
    )
    tasks = [_task(o, progress[o.assignment.id], steps, today) for o in taught]
    first = min(leaving.values(), default=None)
    return {
        "tasks": [*_going_on(session, owned, steps, today), *tasks],
        "leaving_in": (first - today).days if first is not None else None,
    }


def _task(
    owned: assignments.Owned, progress: services.Progress, steps: dict[int, Step], today: date
) -> dict[str, Any]:
    assignment, language = owned.assignment, i18n.content_language()
    step = views.step_of(owned, progress, steps)
    completed = assignment.completed_at is not None
    return _standing(owned, step, today) | {
        "title": progress.course.title[language],
        "minutes_left": 0 if completed else progress.minutes_left + TEST_MINUTES,
        "done": len(progress.places) - len(progress.unread),
        "total": len(progress.places),
        "scope_note": views.scope_note(progress.course, language),
        "contents_url": url_for("learning.contents", assignment_id=assignment.id),
    }


def _going_on(
    session: Session, owned: Sequence[assignments.Owned], steps: dict[int, Step], today: date
) -> list[dict[str, Any]]:
    """Return what was begun in courses that are no longer taught: that alone can be finished."""
    begun = [
        (o, steps[o.assignment.id])
        for o in owned
        if o.version_id is None and o.assignment.id in steps and steps[o.assignment.id].under_way
    ]
    titles, language = newest_titles(session) if begun else {}, i18n.content_language()
    return [
        _standing(o, step, today)
        | {
            "title": titles[o.assignment.course_id][language],
            "minutes_left": TEST_MINUTES,
            "total": 0,
            "scope_note": None,
            "contents_url": None,
        }
        for o, step in begun
    ]


def _standing(owned: assignments.Owned, step: Step, today: date) -> dict[str, Any]:
    due_on, completed = owned.assignment.due_on, owned.assignment.completed_at is not None
    days_left = (due_on - today).days if due_on else None
    late = days_left is not None and days_left < 0
    state = "done" if completed and not step.left else "late" if late and not completed else "open"
    return {"due_on": due_on, "days_left": days_left, "step": step, "state": state}
