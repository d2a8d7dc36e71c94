"""Sex, told or taken back, and PDFs of what is kept; in the caller's transaction."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from training import audit
from training.accounts.models import Person
from training.errors import NotFound
from training.kept.models import OwnPaper, OwnPaperContent, PersonStatistic, Sex

KEPT_FOR = timedelta(days=7)
JSON, PDF = "json", "pdf"


def sex_of(session: Session, person_id: int) -> Sex | None:
    """Return what a person said about themselves; nobody but that person may ask."""
    return session.scalar(select(PersonStatistic.sex).where(PersonStatistic.person_id == person_id))


def tell_sex(session: Session, person_id: int, sex: Sex | None, *, at: datetime) -> None:
    """Keep what a person says, or forget it. No event is written: it would tell of the answer."""
    _hold(session, person_id)
    row = session.get(PersonStatistic, person_id, populate_existing=True)
    if sex is None:
        if row is not None:
            session.delete(row)
        return
    row = row or PersonStatistic(person_id=person_id)
    row.sex, row.set_at = sex, at
    session.add(row)


def papers(session: Session, person_id: int) -> list[OwnPaper]:
    """Return the PDFs a person asked for, the newest first."""
    query = select(OwnPaper).where(OwnPaper.person_id == person_id)
    return list(session.scalars(query.order_by(OwnPaper.id.desc())))


def want_paper(session: Session, person_id: int, language: str, *, at: datetime) -> OwnPaper:
    """Ask for a PDF; while one is waiting to be made, that one is it."""
    _hold(session, person_id)
    waiting = select(OwnPaper).where(OwnPaper.person_id == person_id, OwnPaper.made_at.is_(None))
    paper = session.scalars(waiting).first()
    if paper is None:
        paper = OwnPaper(person_id=person_id, language=language, wanted_at=at)
        session.add(paper)
        session.flush()
        record_export(session, person_id, PDF, at=at)
    return paper


def record_export(session: Session, person_id: int, form: str, *, at: datetime) -> None:
    """Write down that a person took along what is kept about them."""
    audit.record(
        session, "own_record.exported", "person", person_id, actor_id=person_id, at=at, form=form
    )


def content(session: Session, person_id: int, paper_id: int) -> bytes:
    """Return one's own PDF. Raises `NotFound` until it is made, and for anybody else's."""
    data = session.scalar(
        select(OwnPaperContent.data)
        .join(OwnPaper, OwnPaper.id == OwnPaperContent.paper_id)
        .where(OwnPaper.id == paper_id, OwnPaper.person_id == person_id)
    )
    if data is None:
        raise NotFound("There is no such document.")
    return data


def wanted(session: Session) -> list[tuple[int, int, str]]:
    """Return what is to be made: the ids of paper and person, and the language."""
    query = select(OwnPaper.id, OwnPaper.person_id, OwnPaper.language)
    rows = session.execute(query.where(OwnPaper.made_at.is_(None)).order_by(OwnPaper.id))
    return [(paper, person, language) for paper, person, language in rows]


def store(session: Session, paper_id: int, data: bytes, *, at: datetime) -> None:
    """Keep a PDF; a second maker's work is dropped."""
    paper = session.get(OwnPaper, paper_id, with_for_update=True, populate_existing=True)
    if paper is not None and paper.made_at is None:
        paper.made_at = at
        session.add(OwnPaperContent(paper_id=paper_id, data=data))


def forget_old(session: Session, *, at: datetime) -> None:
    """Delete the PDFs of more than a week ago, with their bytes."""
    session.execute(delete(OwnPaper).where(OwnPaper.wanted_at < at - KEPT_FOR))


def _hold(session: Session, person_id: int) -> None:
    # Two tabs at once must do it once; rows may be added below the person meanwhile.
    query = select(Person.id).where(Person.id == person_id)
    session.execute(query.with_for_update(key_share=True))
