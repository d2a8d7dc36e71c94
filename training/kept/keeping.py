"""What this feature itself keeps of a person, for that person."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from training import retention
from training.kept import corrections, services
from training.kept.forms import OUTCOMES, SEXES, SUBJECTS
from training.kept.models import CorrectionRequest, PersonStatistic
from training.parts import Kept, KeptSection


def export(session: Session, person_id: int) -> Sequence[KeptSection]:
    """Return sex, the requests for a correction, and the PDFs that were asked for."""
    return (
        KeptSection("statistic", _("For the statistics only"), list(_sex(session, person_id))),
        KeptSection(
            "corrections", _("Corrections you asked for"), list(_asked(session, person_id))
        ),
        KeptSection("papers", _("PDFs you asked for here"), list(_papers(session, person_id))),
    )


def _sex(session: Session, person_id: int) -> Iterator[Kept]:
    row = session.get(PersonStatistic, person_id)
    if row is not None:
        until = _("Until you remove it")
        yield Kept("sex", _("Sex"), str(SEXES[row.sex]), person_id, row.set_at, until, row.sex)


def _asked(session: Session, person_id: int) -> Iterator[Kept]:
    for row in corrections.of_person(session, person_id):
        label = str(SUBJECTS[row.about])
        yield Kept("correction", label, row.wrong, person_id, row.asked_at, None, _request(row))
        if row.outcome is not None:
            value = ": ".join(filter(None, (str(OUTCOMES[row.outcome]), row.answer)))
            by, label = row.answered_by_id or "", _("The answer to it")
            yield Kept("answer", label, value, by, row.answered_at, None)


def _request(row: CorrectionRequest) -> dict[str, object]:
    names = ("about", "wrong", "should_be", "asked_at", "outcome", "answer", "answered_at")
    return {name: getattr(row, name) for name in names}


def _papers(session: Session, person_id: int) -> Iterator[Kept]:
    until = retention.days(services.KEPT_FOR.days)
    for row in services.papers(session, person_id):
        label = _("What we keep about you, as a PDF")
        yield Kept("paper", label, "", person_id, row.wanted_at, until, {"language": row.language})
