"""Whether the holder of a certificate has a later one, asked of many at once."""

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from certificates.register.models import Certificate, Withdrawal
from modules.learning.models import Completion


def has_newer() -> ColumnElement[bool]:
    """Return the expression for a later certificate of the same person and course that counts."""
    later, withdrawal, completion = aliased(Certificate), aliased(Withdrawal), aliased(Completion)
    withdrawn = exists().where(withdrawal.certificate_id == later.id)
    annulled = exists().where(
        completion.id == later.completion_id, completion.annulled_on.is_not(None)
    )
    return exists().where(
        later.person_id == Certificate.person_id,
        later.course_id == Certificate.course_id,
        later.id > Certificate.id,
        later.issued_at.is_not(None),
        ~withdrawn,
        ~annulled,
    )
