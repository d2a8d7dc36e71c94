"""A version is published once, stays as it is, and is read without asking again."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from modules.catalogue import services
from modules.catalogue.approvals import approval_of
from modules.catalogue.models import Asset, Course, CourseVersion, Lesson, LessonText
from modules.catalogue.published import PublishedCourse
from modules.catalogue.taught import newest_version_of
from tests.modules.catalogue.writing import COURSE, Mistake, change, write_course
from training.errors import DomainError, NotFound

MODULE = "01-first/module.toml"
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def taught(session: Session) -> PublishedCourse:
    found = services.latest(session, "small")
    assert found is not None
    return found


def versions_taught(session: Session) -> list[int | None]:
    """Return which version of each course is taught."""
    query = select(Course.id, newest_version_of(Course.id)).order_by(Course.id)
    return [version_id for _course_id, version_id in session.execute(query)]


def rise(folder: Path, version: str) -> None:
    table = folder / "course.toml"
    table.write_text(COURSE.replace("1.2.0", version))


def test_publishing_twice_changes_nothing(session: Session, tmp_path: Path) -> None:
    write_course(tmp_path)
    assert services.publish(session, tmp_path, AT) == ["small 1.2.0: 1 module, 4 lessons"]
    before = [session.scalar(select(func.count()).select_from(t)) for t in (Lesson, LessonText)]
    assert services.publish(session, tmp_path, AT) == []
    after = [session.scalar(select(func.count()).select_from(t)) for t in (Lesson, LessonText)]
    assert before == after == [4, 8]
    assert services.validate(session, tmp_path) == []


def test_what_is_published_is_what_was_written(session: Session, tmp_path: Path) -> None:
    write_course(tmp_path)
    services.publish(session, tmp_path, AT)
    course = taught(session)
    (module,) = course.modules
    assert (course.version, course.partial, course.pass_mark) == ("1.2.0", False, 80)
    assert (module.code, module.component, module.component_months) == ("C1", "conduct", 12)
    assert [lesson.slug for lesson in module.lessons] == ["alpha", "beta", "gamma", "delta"]
    assert [(o.code, o.draw_critical, o.draw_other) for o in course.objectives] == [
        ("C1.1", 1, 1),
        ("C1.2", 0, 1),
    ]
    assert course.objectives[1].text["nl"] == "Het doen."
    parts = services.lesson_parts(session, course.lessons[0].id, "nl")
    assert [part["kind"] for part in parts] == ["html", "referral", "html"]
    asset = session.scalars(select(Asset)).one()
    assert f"/assets/{asset.digest}.svg" in parts[0]["html"]


def test_an_approval_written_in_the_files_holds_for_every_organisation(
    session: Session, tmp_path: Path
) -> None:
    file = write_course(tmp_path) / "course.toml"
    words = 'approved_by = "GENAD"\napproved_on = 2026-11-01\npass_mark'
    file.write_text(file.read_text("utf-8").replace("pass_mark", words, 1), "utf-8")
    services.publish(session, tmp_path, AT)
    assert approval_of(session, taught(session).id, 0) == ("GENAD", date(2026, 11, 1))


def test_unsound_content_is_not_published_whoever_calls(session: Session, tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    change(folder / "01-first" / "10-alpha.en.md", "::: sources", "::: key")
    with pytest.raises(DomainError, match="names no sources"):
        services.publish(session, tmp_path, AT)
    assert session.scalars(select(Course)).all() == []


def test_other_content_under_a_published_version_is_refused(
    session: Session, tmp_path: Path
) -> None:
    folder = write_course(tmp_path)
    services.publish(session, tmp_path, AT)
    change(folder / "01-first" / "10-alpha.en.md", "Remember this", "Remember that")
    (problem,) = services.validate(session, tmp_path)
    assert (problem.file, problem.line) == ("small/course.toml", 2)
    assert problem.message == "Version 1.2.0 is published already, with other content."
    assert problem.remedy.startswith("Raise Z")


def test_a_lower_version_is_refused(session: Session, tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    services.publish(session, tmp_path, AT)
    rise(folder, "1.1.9")
    (problem,) = services.validate(session, tmp_path)
    assert problem.message == "Version 1.1.9 is lower than 1.2.0, which is published."
    with pytest.raises(DomainError):
        services.publish(session, tmp_path, AT)


def test_new_wording_raises_z_and_becomes_what_is_taught(session: Session, tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    services.publish(session, tmp_path, AT)
    first = taught(session)
    rise(folder, "1.2.1")
    change(folder / "01-first" / "10-alpha.en.md", "Remember this", "Remember that")
    assert services.publish(session, tmp_path, AT) == ["small 1.2.1: 1 module, 4 lessons"]
    second = taught(session)
    assert second.version == "1.2.1"
    assert versions_taught(session) == [second.id]
    assert "Remember that" in services.lesson_parts(session, second.lessons[0].id, "en")[0]["html"]
    assert "Remember this" in services.lesson_parts(session, first.lessons[0].id, "en")[0]["html"]
    assert len(session.scalars(select(Asset)).all()) == 1


@pytest.mark.parametrize(
    "edit",
    [
        Mistake(MODULE, "critical = 1", "critical = 2", "", "objective C1.1"),
        Mistake(MODULE, "component_months = 12", "component_months = 6", "", "module C1"),
        Mistake("course.toml", "pass_mark = 80", "pass_mark = 70", "", "pass_mark"),
        Mistake(MODULE, '["C1.1", "C1.2"]', '["C1.1"]', "", "the lessons of C1"),
    ],
    ids=lambda edit: edit.says,
)
def test_z_alone_cannot_change_the_structure(
    session: Session, tmp_path: Path, edit: Mistake
) -> None:
    folder = write_course(tmp_path)
    services.publish(session, tmp_path, AT)
    rise(folder, "1.2.1")
    change(folder / edit.file, edit.old, edit.new)
    (problem,) = services.validate(session, tmp_path)
    assert problem.message == f"Only Z was raised since 1.2.0, but this changed: {edit.says}."
    assert problem.remedy.startswith("Raise Y")
    change(folder / "course.toml", "1.2.1", "1.3.0")
    assert services.validate(session, tmp_path) == []


def test_a_withdrawn_course_is_not_taught(session: Session, tmp_path: Path) -> None:
    write_course(tmp_path)
    services.publish(session, tmp_path, AT)
    course = session.scalars(select(Course)).one()
    assert versions_taught(session) == [taught(session).id]
    course.withdrawn_at = AT
    session.flush()
    assert versions_taught(session) == [None]


def test_reading_asks_the_database_once(
    session: Session, tmp_path: Path, statements: list[str]
) -> None:
    write_course(tmp_path)
    services.publish(session, tmp_path, AT)
    version_id = session.scalars(select(CourseVersion.id)).one()
    first = services.published(session, version_id)
    services.lesson_parts(session, first.lessons[0].id, "en")
    statements.clear()
    assert services.published(session, version_id) is first
    services.lesson_parts(session, first.lessons[0].id, "en")
    assert statements == []


def test_what_was_rolled_back_is_not_remembered(session: Session, tmp_path: Path) -> None:
    write_course(tmp_path)
    services.publish(session, tmp_path, AT)
    version_id = taught(session).id
    session.rollback()
    with pytest.raises(NotFound):
        services.published(session, version_id)


def test_publishing_finds_the_work_done_by_checking(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_course(tmp_path)
    services.validate(session, tmp_path)
    monkeypatch.setattr("modules.catalogue.prepared.render", None)
    assert services.publish(session, tmp_path, AT) == ["small 1.2.0: 1 module, 4 lessons"]


def test_what_does_not_exist_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        services.published(session, 4_711)
    with pytest.raises(NotFound):
        services.lesson_parts(session, 4_711, "en")
