"""What learning adds to the platform."""

from datetime import date
from typing import Any

from flask import Flask, url_for
from sqlalchemy.orm import Session

from modules.assignments import services as assignments
from modules.learning import demonstration, keeping, merging, services, views
from training import i18n
from training.handover import Merge
from training.home import next_steps
from training.parts import Part, register

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
            merge=Merge(merging.preview),
            check=services.contradictions,
            demonstrate=demonstration.demonstrate,
        ),
    )


def _home(session: Session, person_id: int, today: date) -> dict[str, Any]:
    owned = assignments.of_person(session, person_id)
    progress = services.progress(session, owned)
    steps = next_steps(person_id, list(progress))
    shown = [o for o in owned if o.assignment.id in progress]
    return {"tasks": [_task(o, progress[o.assignment.id], steps, today) for o in shown]}


def _task(
    owned: assignments.Owned, progress: services.Progress, steps: dict[int, Any], today: date
) -> dict[str, Any]:
    assignment, language = owned.assignment, i18n.content_language()
    step = views.step_of(owned, progress, steps)
    completed = assignment.completed_at is not None
    days_left = (assignment.due_on - today).days if assignment.due_on else None
    late = days_left is not None and days_left < 0
    state = "done" if completed and not step.left else "late" if late and not completed else "open"
    return {
        "title": progress.course.title[language],
        "due_on": assignment.due_on,
        "days_left": days_left,
        "minutes_left": 0 if completed else progress.minutes_left + TEST_MINUTES,
        "done": len(progress.places) - len(progress.unread),
        "total": len(progress.places),
        "scope_note": views.scope_note(progress.course, language),
        "step": step,
        "state": state,
        "contents_url": url_for("learning.contents", assignment_id=assignment.id),
    }
