"""Who completed what when, filtered, paged and exported."""

import csv
import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from modules.assignments.models import Assignment
from modules.catalogue.models import Course, CourseVersion
from modules.learning.models import Completion, Mode
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from training.accounts.models import Organisation
from training.permissions import Role


def completed(
    session: Session, make: Factory, home: Organisation, course: Course, number: int
) -> None:
    """Have many people complete a course, one a day, with a certificate each."""
    version = session.query(CourseVersion).first()
    assert version is not None
    people = make.crowd(home.id, number)
    assignments = [
        Assignment(person_id=p.id, course_id=course.id, cycle=1, assigned_at=NOW, completed_at=NOW)
        for p in people
    ]
    session.add_all(assignments)
    session.flush()
    done = [
        Completion(
            assignment_id=a.id,
            course_version_id=version.id,
            mode=Mode.ONLINE,
            minutes=60,
            achieved_on=TODAY - timedelta(days=i % 700),
            recorded_at=NOW,
            valid_until=TODAY + timedelta(days=700),
        )
        for i, a in enumerate(assignments)
    ]
    session.add_all(done)
    session.flush()
    session.add_all(
        Certificate(
            completion_id=c.id,
            person_id=p.id,
            course_id=course.id,
            number=f"N{c.id}",
            code="",
            course_title={"en": "T", "nl": "T"},
            version="1.0.0",
            minutes=60,
            module_titles=[],
            partial=False,
            organisation=home.name,
            organisation_id=home.id,
            achieved_on=c.achieved_on,
            valid_from=c.achieved_on,
            valid_until=c.valid_until,
            components=[],
            demonstration=False,
            issued_at=NOW,
            holder_name=p.printed_name,
        )
        for c, p in zip(done, people, strict=True)
    )
    session.commit()


@pytest.fixture
def home(make: Factory) -> Organisation:
    """Return the organisation whose HR asks."""
    return make.organisation()


@pytest.fixture
def desk(make: Factory, home: Organisation, browser: Browsers) -> Browser:
    """Return the browser of HR of that organisation."""
    return browser(make.person(Role.HR, organisation=home))


def exported(desk: Browser, query: str = "") -> list[list[str]]:
    """Return the rows of the CSV export, without its header."""
    data = desk.get(f"/records/completions.csv{query}", buffered=True).data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(data)))[1:]


@pytest.mark.parametrize("number", [1, 300])
def test_the_list_has_pages_and_few_statements_at_any_number(
    desk: Browser, home: Organisation, make: Factory, course: Course, session: Session,
    statements: list[str], number: int,
) -> None:  # fmt: skip
    completed(session, make, home, course, number)
    desk.get("/records/completions")
    statements.clear()
    shown = desk.get("/records/completions").text
    assert len(statements) <= 7, statements
    assert ("Next page" in shown) is (number > 1)


def test_a_filter_narrows_list_and_export_alike(
    desk: Browser, home: Organisation, make: Factory, course: Course, session: Session
) -> None:
    outer = make.unit(home)
    inner = make.unit(home, parent_id=outer.id)
    completed(session, make, home, course, 20)
    first = session.query(Assignment).order_by(Assignment.id).first()
    assert first is not None
    person = session.get_one(type(make.person()), first.person_id)
    person.unit_id = inner.id
    session.commit()
    assert len(exported(desk)) == 20
    assert len(exported(desk, f"?course={course.id}")) == 20
    assert len(exported(desk, f"?unit={outer.id}")) == 1
    day = TODAY.isoformat()
    assert len(exported(desk, f"?first={day}&last={day}")) == 1
    assert "No completion fits" in desk.get("/records/completions?last=1990-01-01").text


@pytest.mark.parametrize(
    "query", ["course=x", "course=99999", "unit=99999", "first=soon", "last=%E2%80%AE", "after=x"]
)
def test_a_filter_that_means_nothing_exports_nothing(
    desk: Browser, course: Course, query: str
) -> None:
    expect = 200 if query.startswith("after") else 422
    desk.get(f"/records/completions?{query}", expect=expect)
    desk.get(f"/records/completions.csv?{query}", expect=expect, buffered=True)
    desk.get("/records/completions.exe", expect=404)


def test_a_unit_of_another_organisation_is_no_choice(
    desk: Browser, course: Course, make: Factory
) -> None:
    theirs = make.unit(make.organisation())
    desk.get(f"/records/completions.csv?unit={theirs.id}", expect=422)


def test_another_organisations_completions_are_not_exported(
    desk: Browser, make: Factory, course: Course, session: Session
) -> None:
    completed(session, make, make.organisation(), course, 3)
    assert exported(desk) == []


def test_formulas_in_names_are_harmless(
    desk: Browser, home: Organisation, make: Factory, course: Course, session: Session
) -> None:
    completed(session, make, home, course, 1)
    row = session.query(Assignment).one()
    person = session.get_one(type(make.person()), row.person_id)
    person.printed_name = '=HYPERLINK("http://evil")'
    session.commit()
    assert exported(desk)[0][0].startswith("'=")
    data = desk.get("/records/completions.xlsx", buffered=True).data
    with ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "HYPERLINK" in sheet
        assert not [name for name in book.namelist() if "rels" in name and "sheet1" in name]


def test_an_export_holds_neither_score_nor_sex_nor_code(
    desk: Browser, home: Organisation, make: Factory, course: Course, session: Session
) -> None:
    completed(session, make, home, course, 1)
    text = desk.get("/records/completions.csv", buffered=True).data.decode("utf-8-sig").lower()
    assert not {"score", "sex", "code", "mission"} & set(text.splitlines()[0].split(","))
