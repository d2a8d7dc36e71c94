"""The main job, through HTTP only: read, pass, confirm, download, verify."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from modules.catalogue.models import Course
from quizzes.attempts.models import Attempt
from tests.conftest import Browsers, Worker
from tests.factories import Factory


def test_from_the_first_lesson_to_a_verified_certificate(
    make: Factory, browser: Browsers, course: Course, session: Session, worker: Worker
) -> None:
    person = make.person(printed_name="Zoë van der Berg")
    assignment = make.assignment(person, course)
    page = browser(person)
    assert "Start reading" in page.get("/").text
    where = re.search(r'href="(/learn/\d+/lessons/[^"]+)"', page.get("/").text)
    assert where is not None
    path = where[1]
    for _ in range(4):
        page.get(path)
        path = page.post(path).location
    assert path == f"/learn/{assignment.id}/"
    page.get(f"/learn/{assignment.id}/test")
    page.get(page.post(f"/learn/{assignment.id}/test").location, expect=302)
    attempt = session.scalars(select(Attempt)).one()
    session.commit()
    for position in range(1, 11):
        page.get(f"/attempts/{attempt.id}/0/{position}")
    make.answer(attempt, person.id)
    page.get(f"/attempts/{attempt.id}/0/overview")
    result = page.get(page.post(f"/attempts/{attempt.id}/0/submit").location)
    assert "Confirm your name" in result.text
    certificate = session.scalars(select(Certificate)).one()
    session.commit()
    confirm = f"/certificates/{certificate.id}/name"
    assert "Zoë van der Berg" in page.get(confirm).text
    shown = page.post(confirm, {"name": "Zoë van der Berg"}).location
    assert "Being made" in page.get(shown).text
    worker()
    page.get(shown)
    pdf = page.get(f"/certificates/{certificate.id}/en.pdf")
    assert pdf.data.startswith(b"%PDF")
    stranger = browser(None)
    answer = stranger.post(
        "/verify", {"number": certificate.number, "code": certificate.code}, expect=200
    )
    assert "Zoë van der Berg" in answer.text
    without = stranger.post("/verify", {"number": certificate.number}, expect=200)
    assert "Zoë" not in without.text
