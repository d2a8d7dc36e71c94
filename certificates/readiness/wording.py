"""Readiness in words: what is required, and why somebody stands as they do."""

from collections.abc import Iterable, Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session

from certificates.readiness.assessing import Finding, Required
from certificates.readiness.judging import Reason, State, Work
from modules.catalogue.services import published
from modules.requirements.validity import Judgement, Standing
from training import i18n

# The badge of each state, which is a colour, a shape and a word.
BADGES = {
    State.NOT_READY: "notready",
    State.AT_RISK: "risk",
    State.ON_SCHEDULE: "schedule",
    State.WAIVED: "waived",
    State.READY: "ready",
}
STATES = {
    State.NOT_READY: _l("Not ready"),
    State.AT_RISK: _l("At risk"),
    State.ON_SCHEDULE: _l("On schedule"),
    State.WAIVED: _l("Waived"),
    State.READY: _l("Ready"),
}


def names(session: Session, required: Iterable[Required]) -> Mapping[int, str]:
    """Return what each requirement asks for, in the language of the reader."""
    return {
        each.id: title(session, each.course_id, each.version_id, each.component)
        for each in required
    }


def title(
    session: Session, course_id: int | None, version_id: int | None, component: str | None
) -> str:
    """Return what is asked for: a course, one component of it, or the mission module."""
    if course_id is None:
        return _("Mission module")
    if version_id is None:
        return _("A course that is no longer taught")
    course = published(session, version_id)
    parts = (m.title for m in course.modules if m.component == component is not None)
    return next(parts, course.title)[i18n.content_language()]


def reason(finding: Finding, starts_on: date, day: date) -> str:
    """Return in words why a requirement stands as it does."""
    judgement, why = finding.judgement, finding.verdict.reason
    if why is Reason.WAIVED and finding.waiver is not None:
        return _("waived until %(day)s", day=i18n.day(finding.waiver.ends_on))
    if finding.verdict.trained:
        return _met(judgement, why)
    said = (_held(judgement, day), _open(finding, starts_on))
    return "; ".join(part for part in said if part)


def _met(judgement: Judgement, why: Reason) -> str:
    until = i18n.day(judgement.until) if judgement.until else ""
    if why is Reason.MET_LATE and judgement.held is not None:
        achieved = i18n.day(judgement.held.achieved_on)
        return _("achieved on %(day)s, after departure", day=achieved)
    if why is Reason.REFRESHER:
        return _("valid until %(day)s; a refresher falls due during the tour", day=until)
    return _("valid until %(day)s", day=until) if until else _("valid")


def _held(judgement: Judgement, day: date) -> str:
    """Return what is wrong with the best of what is held, if anything is."""
    until = i18n.day(judgement.until) if judgement.until else ""
    past = judgement.until is not None and judgement.until < day
    if judgement.standing is Standing.EXPIRED and past:
        return _("expired on %(day)s, before departure", day=until)
    if judgement.standing is Standing.EXPIRED:
        return _("expires on %(day)s, before departure", day=until)
    if judgement.standing is Standing.EXPIRES:
        return _("expires on %(day)s, during the tour", day=until)
    if judgement.standing is Standing.TOO_OLD and judgement.held is not None:
        achieved = i18n.day(judgement.held.achieved_on)
        return _("achieved on %(day)s, which is too long before departure", day=achieved)
    return ""


def _open(finding: Finding, starts_on: date) -> str:
    why, work = finding.verdict.reason, finding.open.work if finding.open else None
    if why is Reason.DEPARTED:
        return _("left on %(day)s without it", day=i18n.day(starts_on))
    if work is None:
        return _("not written yet") if why is Reason.NOT_WRITTEN else _("not assigned")
    if why is Reason.SOON:  # Its due date may even be after the departure.
        return _("not finished, and leaves on %(day)s", day=i18n.day(starts_on))
    return _at_work(why, work)


def _at_work(why: Reason, work: Work) -> str:
    due_on = i18n.day(work.due_on) if work.due_on else ""
    if why is Reason.BLOCKED:
        return _("waits for a talk with a trainer")
    if why is Reason.OVERDUE:
        return _("not finished, and was due on %(day)s", day=due_on)
    if why in {Reason.TOO_MUCH, Reason.IMPOSSIBLE}:
        left = ngettext("%(num)s minute", "%(num)s minutes", work.minutes_left)
        return _("%(minutes)s of lessons left, which is too much for the days left", minutes=left)
    return _("not finished; due on %(day)s", day=due_on) if due_on else _("not finished")
