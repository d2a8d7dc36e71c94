"""What readers of the demonstration found wrong, and what its author answered."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from modules.catalogue.published import PublishedCourse
from modules.catalogue.services import latest
from modules.remarks import answering, services
from modules.remarks.models import Kind, State, Subject
from modules.remarks.services import Target
from training import db
from training.accounts import demonstration
from training.accounts.invented import Stage
from training.parts import questions
from training.permissions import Role

NOT_YET = {Stage.NEW, Stage.BEGUN}
# Which lesson (none: the first question), kind, words, answer, days ago; the oldest first.
SAID = (
    (
        0,
        Kind.WRONG,
        "In our valley men fetch the water as well.",
        "Thank you. That is the point: it differs by place, so it is gender, not sex.",
        12,
    ),
    (None, Kind.UNCLEAR, "Two of the answers looked right to me.", "", 5),
    (-1, Kind.UNCLEAR, "What is a 'quiet transfer'? I read it twice.", "", 2),
)


def demonstrate(now: datetime) -> None:
    """Send the remarks, and answer those that have an answer."""
    with db.transaction() as session:
        course = latest(session, "core")
        if course is None or not demonstration.first_time(session, "remarks", at=now):
            return
        for home, author in demonstration.holders(session, Role.AUTHOR).items():
            readers = [
                person.id
                for someone, person in demonstration.people(session)
                if person.organisation_id == home and someone.stage not in NOT_YET
            ]
            for reader, (lesson, kind, text, answer, days) in zip(readers, SAID, strict=False):
                at = now - timedelta(days=days)
                target = _target(session, course, lesson)
                said = services.send(
                    session, reader, target, "en", kind, text, today=at.date(), at=at
                )
                if answer:
                    at += timedelta(days=1)
                    answering.close(session, author, said.id, State.ANSWERED, answer, at=at)


def _target(session: Session, course: PublishedCourse, index: int | None) -> Target:
    if index is None:
        return Target(Subject.QUESTION, course.id, questions(session, course.id)[0].code)
    lesson = course.lessons[index]
    return Target(Subject.LESSON, course.id, f"{lesson.module_slug}/{lesson.slug}")
