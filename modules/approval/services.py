"""Approving course versions. Each function runs inside the caller's transaction."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, joinedload

from modules.catalogue.known import NEWEST_FIRST
from modules.catalogue.models import Approval, CourseVersion, Lesson, LessonText, Module
from modules.catalogue.published import PublishedCourse
from training import audit
from training.errors import Forbidden, NotFound
from training.permissions import Permission, Viewer

PAGE = 50


def versions(session: Session, before: int | None) -> list[CourseVersion]:
    """Return one page of course versions, the newest first, and one more if there is one."""
    query = select(CourseVersion)
    if before is not None:
        query = query.where(CourseVersion.id < before)
    return list(session.scalars(query.order_by(CourseVersion.id.desc()).limit(PAGE + 1)))


def former_id(session: Session, course: PublishedCourse) -> int | None:
    """Return the id of the version before this one; none for the first."""
    query = select(CourseVersion).where(CourseVersion.course_id == course.course_id)
    rows = session.scalars(query.order_by(*NEWEST_FIRST)).all()
    after = [row.id for row in rows]
    following = after[after.index(course.id) + 1 :]
    return following[0] if following else None


def approvals(session: Session, viewer: Viewer, version_ids: Sequence[int]) -> list[Approval]:
    """Return the approvals of versions that concern the viewer, withdrawn ones included."""
    query = select(Approval).options(joinedload(Approval.organisation))
    concerned = Approval.course_version_id.in_(version_ids) & _concerns(viewer)
    return list(session.scalars(query.where(concerned).order_by(Approval.id.desc())))


def _concerns(viewer: Viewer) -> ColumnElement[bool]:
    homes = viewer.organisations(Permission.AUTHOR_CONTENT)
    if homes is None:
        return true()
    return or_(Approval.organisation_id.is_(None), Approval.organisation_id.in_(homes))


def reviews_for(viewer: Viewer) -> int | None:
    """Return for which organisation the viewer approves; none means for all of them.

    Raises `Forbidden` when it is neither all nor their own.
    """
    homes = viewer.organisations(Permission.REVIEW_CONTENT)
    if homes is None:
        return None
    if viewer.organisation_id not in homes:
        raise Forbidden("You are not a reviewer for your organisation.")
    return viewer.organisation_id


def approve(
    session: Session, viewer: Viewer, version_id: int, function: str, *, today: date, at: datetime
) -> Approval:
    """Answer for a version; what is approved already stays as it is.

    Raises `NotFound` for an unknown version.
    """
    home = reviews_for(viewer)
    # Two reviewers at once: the second one waits, and finds it done.
    version = select(CourseVersion.id).where(CourseVersion.id == version_id)
    if session.scalar(version.with_for_update(key_share=True)) is None:
        raise NotFound("This version of the course does not exist.")
    query = select(Approval).where(
        Approval.course_version_id == version_id,
        Approval.organisation_id.is_not_distinct_from(home),
        Approval.withdrawn_at.is_(None),
    )
    if found := session.scalars(query).first():
        return found
    approval = Approval(
        course_version_id=version_id,
        organisation_id=home,
        function=function,
        approved_on=today,
        approved_at=at,
        approved_by_id=viewer.person_id,
    )
    session.add(approval)
    session.flush()
    _record(session, "content.approved", approval, viewer, at)
    return approval


def withdraw(
    session: Session, viewer: Viewer, approval_id: int, reason: str, *, at: datetime
) -> Approval:
    """Take an approval back; no further certificates come of it, and those issued stay.

    A second time changes nothing. Raises `NotFound` for one the viewer could not have given.
    """
    approval = given(session, viewer, approval_id, lock=True)
    if approval.withdrawn_at is None:
        approval.withdrawn_at, approval.withdrawn_by_id = at, viewer.person_id
        approval.reason = reason
        _record(session, "content.approval_withdrawn", approval, viewer, at)
    return approval


def given(session: Session, viewer: Viewer, approval_id: int, *, lock: bool = False) -> Approval:
    """Return an approval that the viewer could have given. Raises `NotFound`."""
    query = select(Approval).where(Approval.id == approval_id)
    homes = viewer.organisations(Permission.REVIEW_CONTENT)
    if homes is not None:
        query = query.where(Approval.organisation_id.in_(homes))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    approval = session.scalars(query).first()
    if approval is None:
        raise NotFound("There is no such approval.")
    return approval


def lessons(session: Session, course: PublishedCourse) -> dict[str, object]:
    """Return everything that readers see of each lesson, by `module/lesson`."""
    rows = session.execute(
        select(LessonText.lesson_id, LessonText.language, LessonText.parts)
        .join(Lesson, Lesson.id == LessonText.lesson_id)
        .join(Module, Module.id == Lesson.module_id)
        .where(Module.course_version_id == course.id)
    )
    texts: dict[int, dict[str, object]] = {}
    for lesson_id, language, parts in rows:
        texts.setdefault(lesson_id, {})[language] = parts
    return {
        f"{lesson.module_slug}/{lesson.slug}": (
            lesson.title,
            lesson.minutes,
            lesson.objectives,
            texts.get(lesson.id),
        )
        for lesson in course.lessons
    }


def _record(
    session: Session, action: str, approval: Approval, viewer: Viewer, at: datetime
) -> None:
    audit.record(
        session,
        action,
        "approval",
        approval.id,
        actor_id=viewer.person_id,
        at=at,
        course_version_id=approval.course_version_id,
        organisation_id=approval.organisation_id,
    )
