"""What we keep about you: complete, for oneself alone, to take along as JSON and as PDF."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from modules.catalogue.models import Course
from tests import world
from tests.conftest import Browsers
from tests.factories import NOW, Factory
from tests.races import at_once
from training import audit, clock
from training.audit import AuditEvent
from training.kept import corrections, paper, services
from training.kept.models import About, OwnPaper, OwnPaperContent, PersonStatistic, Sex
from training.orm import Base
from training.permissions import Role


def whole(page: Any) -> dict[str, Any]:
    """Return the JSON document of a browser's person."""
    answer = page.post("/kept/json", expect=200)
    found: dict[str, Any] = json.loads(answer.data)
    return found


def keys(document: dict[str, Any]) -> set[str]:
    """Return the keys of all its records."""
    return {record["key"] for section in document["sections"] for record in section["records"]}


def events(session: Session) -> list[AuditEvent]:
    """Return what was written down about exports."""
    query = select(AuditEvent).where(AuditEvent.action == "own_record.exported")
    return list(session.scalars(query))


def test_the_page_shows_what_every_feature_keeps_who_entered_it_and_until_when(
    app: Flask, make: Factory, course: Course, browser: Browsers
) -> None:
    trainer = make.person(Role.TRAINER, printed_name="Willem Brouwer")
    person = make.person(printed_name="Robin Vos")
    make.deployment(person, make.mission(name="Mission Tarsa"))
    assignment = make.assignment(person, course, assigned_by_id=trainer.id)
    make.read_all(assignment)
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id)
    with app.app_context():
        make.submit(attempt, person.id)
    shown = browser(person).get("/kept/").text
    for words in (
        "Robin Vos",
        "Mission Tarsa",
        "Willem Brouwer",
        "Until 22 June 2034",
        "Until 24 months after the attempt",
        "Passed, 10 of 10 points",
        "10 answers",
        "1 sign-in",
        "4 lessons",
    ):
        assert words in shown, words


def test_the_json_document_has_each_answer_and_keys_that_no_language_changes(
    make: Factory, course: Course, browser: Browsers
) -> None:
    person = make.person(language="nl")
    assignment = make.assignment(person, course)
    make.read_all(assignment)
    attempt = make.attempt(assignment)
    make.answer(attempt, person.id, wrong=1)
    make.answer(attempt, person.id)
    dutch = whole(browser(person))
    person.language = "en"
    make.session.commit()
    english = whole(browser(person))
    assert dutch["format"] == english["format"] == "mission-training/what-we-keep/1"
    assert keys(english) == keys(dutch)
    assert {"printed_name", "assignment", "attempt", "answers", "replaced_answers"} <= keys(dutch)
    records = {r["key"]: r for s in english["sections"] for r in s["records"]}
    assert len(records["answers"]["data"]["answers"]) == 10
    assert len(records["replaced_answers"]["data"]["answers"]) == 1
    assert records["printed_name"]["entered_by"] == "Your organisation"
    assert records["answers"]["entered_by"] == "You"


def test_who_is_no_longer_on_record_is_named_as_the_organisation(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person()
    audit.record(session, "person.created", "person", person.id, actor_id=0, at=NOW)
    session.commit()
    records = {r["key"]: r for s in whole(browser(person))["sections"] for r in s["records"]}
    assert records["user_name"]["entered_by"] == "Your organisation"


def test_every_table_about_a_person_is_in_it_or_named_here_with_its_reason() -> None:
    shown = {
        "role_grant",
        "transfer",
        "sign_in_session",
        "second_factor",
        "recovery_code",
        "held_form",
        "import_person",
        "deployment",
        "assignment",
        "unlock",
        "certificate",
        "withdrawal",
        "person_statistic",
        "correction_request",
        "own_paper",
        "outbox_mail",
        "content_remark",
        "merge_record",
        "person",  # The record it was merged into.
    }
    # What somebody did as staff.
    about_work = {
        "approval",
        "bulk_action",
        "deployment_change",
        "import_upload",
        "import_set_aside",
        "mandate",
        "requirement",
        "waiver",
    }
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "person"
    }
    assert pointing == shown | about_work


def test_taking_it_along_is_written_down_once_each(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person()
    page = browser(person)
    whole(page)
    page.post("/kept/papers")
    page.post("/kept/papers")
    assert [e.detail["form"] for e in events(session)] == ["json", "pdf"]
    assert {(e.actor_id, e.subject_id) for e in events(session)} == {(person.id, person.id)}


def test_the_worker_makes_the_pdf_in_the_language_in_which_it_was_asked_for(
    app: Flask, make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person(printed_name="Robin Vos", language="nl")
    page = browser(person)
    page.post("/kept/papers")
    row = session.scalars(select(OwnPaper)).one()
    session.commit()
    page.get(f"/kept/papers/{row.id}.pdf", expect=404)
    with app.app_context():
        paper.make_papers()
    answer = page.get(f"/kept/papers/{row.id}.pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="what-we-keep.pdf"'
    read = PdfReader(io.BytesIO(answer.data))
    assert str(read.root_object["/Lang"]) == "nl"
    assert "Robin Vos" in "\n".join(p.extract_text() for p in read.pages)


def test_nobody_else_gets_the_pdf(
    app: Flask, make: Factory, browser: Browsers, session: Session
) -> None:
    home = make.organisation()
    person = make.person(organisation=home)
    other = make.person(Role.ADMINISTRATOR, organisation=home)
    row = services.want_paper(session, person.id, "en", at=NOW)
    services.store(session, row.id, b"%PDF", at=NOW)
    session.commit()
    browser(person).get(f"/kept/papers/{row.id}.pdf")
    browser(other).get(f"/kept/papers/{row.id}.pdf", expect=404)


def test_a_pdf_is_gone_after_a_week(make: Factory, session: Session) -> None:
    person = make.person()
    row = services.want_paper(session, person.id, "en", at=NOW)
    services.store(session, row.id, b"%PDF", at=NOW)
    services.forget_old(session, at=NOW + timedelta(days=6))
    assert services.content(session, person.id, row.id) == b"%PDF"
    services.forget_old(session, at=NOW + timedelta(days=8))
    session.commit()
    for table in (OwnPaper, OwnPaperContent):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_paper_that_cannot_be_made_keeps_no_other_from_being_made(
    app: Flask, make: Factory, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make.person(), make.person()
    for person in (first, second):
        services.want_paper(session, person.id, "en", at=NOW)
    session.commit()

    def render(person_id: int, _language: str) -> bytes:
        if person_id == first.id:
            raise MemoryError
        return b"%PDF"

    monkeypatch.setattr(paper, "render", render)
    with app.app_context():
        paper.make_papers()
    made = make.rows(select(OwnPaper).order_by(OwnPaper.id))
    assert [row.made_at is not None for row in made] == [False, True]


def test_asking_eight_times_at_once_makes_one_pdf(engine: Engine, make: Factory) -> None:
    person = make.person()
    at_once(engine, lambda s, _: services.want_paper(s, person.id, "en", at=NOW).id)
    assert len(make.rows(select(OwnPaper))) == 1


@pytest.mark.parametrize("number", [1, 60])
def test_the_page_asks_the_same_number_of_statements_however_much_is_kept(
    make: Factory, course: Course, browser: Browsers, statements: list[str], number: int
) -> None:
    person = make.person()
    for cycle in range(1, number + 1):
        make.assignment(person, course, cycle=cycle)
        audit.record(
            make.session, "record.read", "person", person.id, actor_id=None, at=clock.now()
        )
    make.session.commit()
    page = browser(person)
    page.get("/kept/")
    del statements[:]
    page.get("/kept/")
    asked = [s for s in statements if s.startswith("SELECT")]
    assert len(asked) <= 38


def test_sex_stands_in_its_own_table_and_nowhere_else() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in {"sex", "gender"}
    }
    assert found == {"person_statistic.sex"}


def test_sex_is_set_changed_and_removed_by_the_person_alone(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person()
    page = browser(person)
    assert "You do not have to answer" in page.get("/kept/sex").text
    page.post("/kept/sex", {"sex": "woman"})
    page.post("/kept/sex", {"sex": "another"})
    assert services.sex_of(session, person.id) is Sex.ANOTHER
    session.commit()
    assert "sex" in keys(whole(page))
    page.post("/kept/sex", {"sex": "none"})
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(PersonStatistic)) == 0
    session.commit()
    assert "sex" not in keys(whole(page))
    page.post("/kept/sex", {"sex": "military"}, expect=422)
    page.post("/kept/sex", expect=422)


def test_what_is_said_of_sex_leaves_no_trace_in_the_log(
    make: Factory, session: Session, browser: Browsers
) -> None:
    browser(make.person()).post("/kept/sex", {"sex": "woman"})
    assert session.scalars(select(AuditEvent)).all() == []


def test_no_page_and_no_export_about_another_person_shows_sex(
    app: Flask, make: Factory, course: Course, browser: Browsers, session: Session
) -> None:
    built = world.build(make, course)
    said = "Another"
    for person in built.people.values():
        if person is not None:
            services.tell_sex(session, person.id, Sex.ANOTHER, at=NOW)
    services.tell_sex(session, built.values["person_id"], Sex.ANOTHER, at=NOW)
    session.commit()
    assert said in browser(built.people["deployee"]).get("/kept/").text
    number = built.values["person_id"]
    pages = ("/people/", f"/people/{number}", f"/people/{number}/edit", f"/records/{number}")
    lists = (
        "/records/completions",
        "/records/completions.csv",
        "/progress/",
        "/progress/export.csv",
    )
    page = browser(built.people["administrator"])
    for path in (*pages, *lists):
        answer = page.get(path)
        assert said not in answer.text, path
        answer.close()


def test_a_correction_somebody_asked_for_is_among_what_is_kept(
    make: Factory, browser: Browsers, session: Session
) -> None:
    person = make.person()
    corrections.ask(session, person.id, About.DETAILS, "The unit", "Unit 3", "t", at=NOW)
    session.commit()
    assert {"correction"} <= keys(whole(browser(person)))
