"""Two records of one person: attempts go with their assignment, unless a test is under way in both.

Of a course that both have open the assignment that goes on takes the attempts, and the talks, that
have come further: a test under way goes before none, more attempts before fewer. The others rest.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from modules.assignments.merging import open_on_both, still_open
from modules.assignments.models import Assignment
from quizzes.attempts.models import UNDER_WAY, Attempt, Unlock
from training.errors import spoken
from training.handover import Moving

BOTH = spoken("Both records have a test under way. Let one of them be handed in first.")
NUMBERED: Mapping[str, type[Attempt | Unlock]] = {"attempts": Attempt, "unlocks": Unlock}
# More than any assignment has, as a place to put numbers aside.
ASIDE = 1_000_000


def preview(session: Session, kept: int, gone: int) -> Moving:
    """Return how many attempts would move, and refuse when there are two tests under way."""
    query = select(Assignment.person_id, Attempt.status)
    query = query.join(Attempt, Attempt.assignment_id == Assignment.id)
    rows = session.execute(query.where(Assignment.person_id.in_((kept, gone)))).all()
    number = sum(owner == gone for owner, _status in rows)
    under_way = {owner for owner, status in rows if status in UNDER_WAY}
    refusals = (BOTH,) if under_way == {kept, gone} else ()
    return Moving(((_("Attempts"), number),), refusals=refusals)


def move(session: Session, kept: int, gone: int) -> Mapping[str, Any]:
    """Exchange attempts and talks where the one that rests has come further; return which."""
    pairs = [
        (stays, rests)
        for stays, rests in open_on_both(session, kept, gone)
        if _progress(session, rests) > _progress(session, stays)
    ]
    return {"exchanged": [_exchange(session, stays, rests) for stays, rests in pairs]}


def _progress(session: Session, assignment_id: int) -> tuple[bool, int]:
    query = select(Attempt.status).where(Attempt.assignment_id == assignment_id)
    found = session.scalars(query.with_for_update()).all()
    return any(status in UNDER_WAY for status in found), len(found)


def _exchange(session: Session, stays: int, rests: int) -> dict[str, Any]:
    done: dict[str, Any] = {"stays": stays, "rests": rests}
    for name, model in NUMBERED.items():
        came, went = (_in_order(session, model, i) for i in (rests, stays))
        _arrange(session, model, {stays: came, rests: went})
        done[name] = {"came": came, "went": went}
    return done


def undo(
    session: Session, _kept: int, _gone: int, moved: Mapping[str, Any], _merged_at: datetime
) -> None:
    """Exchange them again; what was begun since stays, and all where the course was completed."""
    exchanged = {each["stays"]: each for each in moved["exchanged"]}
    for stays in still_open(session, exchanged):
        for name, model in NUMBERED.items():
            _give_back(session, model, exchanged[stays], exchanged[stays][name])


def _give_back(
    session: Session, model: type[Attempt | Unlock], pair: Mapping[str, int], ids: Mapping[str, Any]
) -> None:
    here, there = (_in_order(session, model, pair[name]) for name in ("stays", "rests"))
    back = [i for i in here if i in ids["came"]]
    own = [i for i in there if i in ids["went"]]
    since = [i for i in here if i not in back]
    others = [i for i in there if i not in own]
    _arrange(session, model, {pair["stays"]: own + since, pair["rests"]: back + others})


def _in_order(session: Session, model: type[Attempt | Unlock], assignment_id: int) -> list[int]:
    query = select(model.id).where(model.assignment_id == assignment_id)
    return list(session.scalars(query.order_by(model.number)))


def _arrange(
    session: Session, model: type[Attempt | Unlock], wanted: Mapping[int, Sequence[int]]
) -> None:
    """Give each assignment these rows, numbered from 1."""
    # First out of each other's way: no two numbers of an assignment may be the same at any moment.
    every = update(model).where(model.id.in_([i for ids in wanted.values() for i in ids]))
    _run(session, every.values(number=ASIDE + model.id))
    for assignment_id, ids in wanted.items():
        for number, row_id in enumerate(ids, 1):
            placed = update(model).where(model.id == row_id)
            _run(session, placed.values(assignment_id=assignment_id, number=number))


def _run(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
