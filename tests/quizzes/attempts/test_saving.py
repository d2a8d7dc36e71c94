"""Saving answers: the newest stands, every one is kept, and nothing that is wrong is taken."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from quizzes.attempts import saving, sheets
from quizzes.attempts.models import Attempt, Item, Response
from quizzes.attempts.services import NotOpen
from quizzes.bank.models import Kind, QuestionVersion
from tests.factories import NOW, Factory
from tests.races import alone, at_once
from training.accounts.models import Person
from training.errors import Invalid, NotFound

LATER = NOW + timedelta(minutes=1)
KEPT = select(Response).order_by(Response.id)
PLACE = 1


@pytest.fixture
def attempt(make: Factory, assignment: Assignment) -> Attempt:
    """Return an attempt under way."""
    return make.attempt(assignment)


class Sheet:
    """The first question of an attempt, answered in transactions of their own."""

    def __init__(self, engine: Engine, person: Person, attempt: Attempt) -> None:
        self.engine, self.person_id, self.attempt_id = engine, person.id, attempt.id

    def save(
        self,
        chosen: Sequence[str],
        *,
        round_: int = 0,
        place: int = PLACE,
        person_id: int | None = None,
        at: datetime = NOW,
    ) -> datetime:
        """Save an answer."""
        owner = person_id or self.person_id
        return alone(
            self.engine,
            lambda session: saving.save(
                session, owner, self.attempt_id, round_, place, chosen, at=at
            ),
        )

    def standing(self) -> tuple[str, ...]:
        """Return the answer that stands."""
        read = sheets.sheet
        whole = alone(self.engine, lambda s: read(s, self.person_id, self.attempt_id))
        return whole.current[PLACE - 1].chosen


@pytest.fixture
def sheet(
    engine: Engine, session: Session, make: Factory, person: Person, attempt: Attempt
) -> Sheet:
    """Return the sheet, whose first question takes one answer only."""
    ask(session, make, Kind.SINGLE)
    return Sheet(engine, person, attempt)


def ask(session: Session, make: Factory, kind: Kind) -> None:
    """Put a question of this kind in the first place, whatever the seed has drawn there."""
    drawn = make.rows(select(Item.question_version_id))
    others = select(QuestionVersion).where(QuestionVersion.id.not_in(drawn))
    question = next(q for q in make.rows(others) if q.kind is kind)
    item = make.rows(select(Item).where(Item.position == PLACE))[0]
    item.question_version_id = question.id
    item.option_order = [option["key"] for option in question.options]
    session.commit()


def test_the_newest_answer_stands_and_every_one_is_kept(make: Factory, sheet: Sheet) -> None:
    for minutes, choice in enumerate(("a", "b", "a")):
        assert sheet.save([choice], at=NOW + timedelta(minutes=minutes))
    assert sheet.standing() == ("a",)
    assert [row.chosen for row in make.rows(KEPT)] == [["a"], ["b"], ["a"]]


def test_the_same_answer_again_adds_no_row_and_says_when_it_was_saved(
    make: Factory, sheet: Sheet
) -> None:
    assert sheet.save(["a"]) == NOW
    assert sheet.save(["a"], at=LATER) == NOW
    assert sheet.save(["a", "a"], at=LATER) == NOW
    assert len(make.rows(KEPT)) == 1


def test_an_answer_can_be_taken_back(make: Factory, sheet: Sheet) -> None:
    sheet.save(["a"])
    assert sheet.save([], at=LATER) == LATER
    assert sheet.standing() == ()
    assert len(make.rows(KEPT)) == 2


def test_a_question_left_blank_is_saved_as_blank(make: Factory, sheet: Sheet) -> None:
    sheet.save([])
    sheet.save([], at=LATER)
    assert [row.chosen for row in make.rows(KEPT)] == [[]]


def test_several_options_are_one_answer_in_whatever_order(
    make: Factory, session: Session, sheet: Sheet
) -> None:
    ask(session, make, Kind.MULTIPLE)
    sheet.save(["c", "a"])
    sheet.save(["a", "c"], at=LATER)
    assert [row.chosen for row in make.rows(KEPT)] == [["a", "c"]]


@pytest.mark.parametrize(
    "chosen",
    [["z"], ["a", "b"], ["A"], [""], ["a", "z"], ["a\0"], ["\u202ea"], ["a" * 100_000]],
)
def test_what_is_not_one_of_the_options_is_refused(
    make: Factory, sheet: Sheet, chosen: list[str]
) -> None:
    sheet.save(["b"])
    with pytest.raises(Invalid) as refused:
        sheet.save(chosen, at=LATER)
    assert refused.value.field == "choice"
    assert sheet.standing() == ("b",)
    assert len(make.rows(KEPT)) == 1


@pytest.mark.parametrize("place", [0, 11, 99])
def test_a_question_that_is_not_there_cannot_be_answered(
    make: Factory, sheet: Sheet, place: int
) -> None:
    with pytest.raises(NotFound):
        sheet.save(["a"], place=place)
    assert make.rows(KEPT) == []


def test_nobody_answers_for_somebody_else(make: Factory, sheet: Sheet) -> None:
    stranger = make.person()
    with pytest.raises(NotFound):
        sheet.save(["a"], person_id=stranger.id)
    assert make.rows(KEPT) == []


@pytest.mark.parametrize("round_", [1, 2])
def test_a_round_that_has_not_begun_takes_no_answers(sheet: Sheet, round_: int) -> None:
    with pytest.raises(NotOpen):
        sheet.save(["a"], round_=round_)


def test_eight_answers_at_once_leave_the_last_one_standing(
    engine: Engine, make: Factory, person: Person, sheet: Sheet
) -> None:
    choices = [["a"], ["b"], ["c"], []] * 2
    saved = at_once(
        engine,
        lambda session, number: saving.save(
            session, person.id, sheet.attempt_id, 0, PLACE, choices[number], at=NOW
        ),
    )
    rows = make.rows(KEPT)
    assert saved == [NOW] * 8
    assert sheet.standing() == tuple(rows[-1].chosen)
    # What was the same as the one before it was not kept twice.
    assert all(row.chosen != before.chosen for before, row in pairwise(rows))


def test_eight_questions_answered_at_once_are_all_kept(
    engine: Engine, make: Factory, person: Person, attempt: Attempt
) -> None:
    at_once(
        engine,
        lambda session, number: saving.save(
            session, person.id, attempt.id, 0, number + 1, ["a"], at=NOW
        ),
    )
    assert len({row.item_id for row in make.rows(KEPT)}) == 8
