"""Sending remarks and reading one's own. Each function runs inside the caller's transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from modules.remarks.models import ContentRemark, Kind, State, Subject
from training import audit
from training.accounts.models import Person
from training.errors import DomainError

MOST_A_DAY = 20
PAGE = 50


class TooManyRemarks(DomainError):
    """Nobody finds more than so many mistakes on a day."""


class AlreadyClosed(DomainError):
    """An author has answered or dismissed the remark already."""


@dataclass(frozen=True)
class Target:
    """The text that a remark is about, as one course version has it."""

    subject: Subject
    course_version_id: int
    place: str


def send(
    session: Session,
    person_id: int,
    target: Target,
    language: str,
    kind: Kind,
    text: str,
    *,
    today: date,
    at: datetime,
) -> ContentRemark:
    """Keep a remark; about the same text on the same day the newest words count.

    Raises `TooManyRemarks`, and `AlreadyClosed` when that day's remark has its answer.
    """
    # Held, so that of two requests at once the second one sees what the first one made.
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    remark = _same_day(session, person_id, target, today)
    if remark is None:
        remark = _begun(session, person_id, target, today)
    elif remark.state is not State.OPEN:
        raise AlreadyClosed("An author has answered what you wrote today. Write again tomorrow.")
    elif (remark.kind, remark.text, remark.language) == (kind, text, language):
        return remark
    remark.kind, remark.text, remark.language, remark.made_at = kind, text, language, at
    session.add(remark)
    session.flush()
    audit.record(session, "remark.sent", "remark", remark.id, actor_id=person_id, at=at)
    return remark


def _same_day(
    session: Session, person_id: int, target: Target, today: date
) -> ContentRemark | None:
    query = select(ContentRemark).where(
        ContentRemark.person_id == person_id,
        ContentRemark.course_version_id == target.course_version_id,
        ContentRemark.subject == target.subject,
        ContentRemark.place == target.place,
        ContentRemark.made_on == today,
    )
    held = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(held).first()


def _begun(session: Session, person_id: int, target: Target, today: date) -> ContentRemark:
    query = select(func.count(ContentRemark.id)).where(
        ContentRemark.person_id == person_id, ContentRemark.made_on == today
    )
    if session.scalars(query).one() >= MOST_A_DAY:
        raise TooManyRemarks("You have sent 20 remarks today. Please go on tomorrow.")
    return ContentRemark(
        person_id=person_id,
        course_version_id=target.course_version_id,
        subject=target.subject,
        place=target.place,
        made_on=today,
    )


def own(session: Session, person_id: int, before: int | None) -> list[ContentRemark]:
    """Return one page of a person's remarks, the newest first, and one more if there is one."""
    query = select(ContentRemark).where(ContentRemark.person_id == person_id)
    if before is not None:
        query = query.where(ContentRemark.id < before)
    return list(session.scalars(query.order_by(ContentRemark.id.desc()).limit(PAGE + 1)))
