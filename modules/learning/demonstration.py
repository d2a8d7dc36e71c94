"""What the people of the demonstration have read."""

from datetime import datetime, timedelta

from modules.assignments import services as assignments
from modules.learning import services
from training import db
from training.accounts import demonstration
from training.accounts.invented import Stage

BEFORE_THE_TEST = 4  # Days between the last lesson and the last act in the test.
BETWEEN = timedelta(minutes=12)
ONLY_READING = {Stage.BEGUN, Stage.READING, Stage.READ}


def demonstrate(now: datetime) -> None:
    """Tick the lessons that everybody of the roster has read."""
    with db.transaction() as session:
        if not demonstration.first_time(session, "learning", at=now):
            return
        for someone, person in demonstration.people(session):
            before = 0 if someone.stage in ONLY_READING else BEFORE_THE_TEST
            last_at = someone.last_at(now, before=before)
            owned = assignments.of_person(session, person.id)
            for assignment_id, progress in services.progress(session, owned).items():
                lessons = progress.course.lessons
                read = lessons[: _how_many(someone.stage, len(lessons))]
                for left, lesson in enumerate(reversed(read)):
                    services.tick(session, assignment_id, lesson.id, at=last_at - left * BETWEEN)


def _how_many(stage: Stage, lessons: int) -> int:
    some = {Stage.NEW: 0, Stage.BEGUN: 1, Stage.READING: (lessons + 1) // 2}
    return some.get(stage, lessons)
