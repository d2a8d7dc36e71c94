"""How the people of the demonstration did in the final test."""

import enum
from collections.abc import Sequence
from datetime import datetime, timedelta
from zlib import crc32

from sqlalchemy.orm import Session

from modules.assignments import services as assignments
from quizzes.attempts import saving, services, sheets, unlocking
from quizzes.attempts.sheets import Answered, Sheet
from training import db
from training.accounts import demonstration
from training.accounts.invented import Invented, Stage
from training.accounts.models import Person
from training.clock import day_at

BETWEEN = timedelta(seconds=50)
WAYS = 5


class Way(enum.Enum):
    """How one attempt goes."""

    HALF = enum.auto()  # Half of the questions are answered, nothing is handed in.
    CHECK = enum.auto()  # The mark is reached, a critical question missed.
    CHECKED = enum.auto()  # The same, and then the conduct check is passed.
    FAILED = enum.auto()
    PASSED = enum.auto()


ATTEMPTS = {
    Stage.TESTING: (Way.HALF,),
    Stage.CHECK: (Way.CHECK,),
    Stage.FAILED: (Way.FAILED,),
    Stage.FAILED_THRICE: (Way.FAILED, Way.FAILED, Way.FAILED),
}


def demonstrate(now: datetime) -> None:
    """Have everybody of the roster who came that far take the test, one attempt a day."""
    with db.transaction() as session:
        if not demonstration.first_time(session, "attempts", at=now):
            return
        for someone, person in demonstration.people(session):
            for owned in assignments.of_person(session, person.id):
                attempts = _attempts(someone)
                for left, way in zip(range(len(attempts))[::-1], attempts, strict=True):
                    at = someone.last_at(now, before=left)
                    sitting = _Sitting(session, someone, person, owned.assignment.id, at)
                    sitting.take(way)
                if someone.stage is Stage.FAILED_THRICE:
                    unlocking.ask(session, person.id, owned.assignment.id, at=sitting.at)


def _attempts(someone: Invented) -> Sequence[Way]:
    if someone.stage not in {Stage.PASSED, Stage.CERTIFIED}:
        return ATTEMPTS.get(someone.stage, ())
    # Most pass at once; some by way of the conduct check, some at the second attempt.
    ways = {1: (Way.CHECKED,), 2: (Way.FAILED, Way.PASSED)}
    return ways.get(someone.number % WAYS, (Way.PASSED,))


class _Sitting:
    """Somebody at the test, with a clock that goes on from answer to answer."""

    def __init__(
        self, session: Session, someone: Invented, person: Person, assignment_id: int, at: datetime
    ) -> None:
        self.session = session
        self.someone = someone
        self.person = person
        self.at = at
        self.attempt_id = services.start(session, person.id, assignment_id, at=at).id

    def take(self, way: Way) -> None:
        """Answer, hand in, and take the conduct check where there is one to be taken."""
        sheet = self._sheet()
        missed = _missed(sheet, way, self.someone.number)
        if way is Way.HALF:
            self._answer(sheet.current[: len(sheet.current) // 2], missed)
            return
        self._answer(sheet.current, missed)
        self._submit(0)
        if way is Way.CHECKED:
            for lesson in sheets.lessons_again(self._sheet()):
                services.read_again(
                    self.session, self.person.id, self.attempt_id, lesson.id, at=self._later()
                )
            self._answer(self._sheet().current, set())
            self._submit(1)

    def _answer(self, questions: Sequence[Answered], missed: set[int]) -> None:
        for asked in questions:
            wrong = asked.item.id in missed
            saving.save(
                self.session,
                self.person.id,
                self.attempt_id,
                asked.item.round,
                asked.item.position,
                _wrong(asked, self.someone.number) if wrong else sorted(asked.question.right),
                at=self._later(),
            )

    def _submit(self, round_: int) -> None:
        at = self._later()
        today = day_at(at, self.person.organisation.time_zone)
        services.submit(self.session, self.person.id, self.attempt_id, round_, today=today, at=at)

    def _sheet(self) -> Sheet:
        return sheets.sheet(self.session, self.person.id, self.attempt_id)

    def _later(self) -> datetime:
        self.at += BETWEEN
        return self.at


def _missed(sheet: Sheet, way: Way, number: int) -> set[int]:
    """Return the ids of the items answered wrongly; hard questions are hard for everybody."""
    by_difficulty = sorted(sheet.current, key=lambda a: crc32(a.question.code.encode()))
    critical = [a.item.id for a in by_difficulty if a.question.critical]
    others = [a.item.id for a in by_difficulty if not a.question.critical]
    free = len(by_difficulty) * (100 - sheet.attempt.pass_mark) // 100
    if way is Way.FAILED:
        first, then = (critical, others) if number % 2 else (others, critical)
        return {*(first + then)[: free + 1 + number % 3]}
    if way in {Way.CHECK, Way.CHECKED}:
        return {*critical[:1], *others[: (free - 1) * (number % 2)]}
    return {*others[: number % (free + 1)]}


def _wrong(asked: Answered, number: int) -> list[str]:
    wrong = [option["key"] for option in asked.question.options if not option["right"]]
    # Where everything is right, leaving one out is wrong.
    return [wrong[number % len(wrong)]] if wrong else sorted(asked.question.right)[1:]
