"""What remarks keep of a person, for that person."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.remarks.forms import KIND_WORDS, STATES
from modules.remarks.models import ContentRemark
from training.parts import Kept, KeptSection


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return what a person found wrong in lessons and questions, with the answers."""
    heading = _("Remarks about lessons and questions")
    return (KeptSection("remarks", heading, list(_remarks(session, person_id))),)


def _remarks(session: Session, person_id: int) -> Iterator[Kept]:
    query = select(ContentRemark).where(ContentRemark.person_id == person_id)
    for remark in session.scalars(query.order_by(ContentRemark.id)):
        label, value = str(KIND_WORDS[remark.kind]), f"{remark.text} ({STATES[remark.state]})"
        data = {"about": remark.place, "text": remark.text, "answer": remark.answer}
        yield Kept("remark", label, value, person_id, remark.made_at, None, data)
