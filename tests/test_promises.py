"""What the platform promises not to hold, and that every promise names the tests behind it."""

import pkgutil
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from wtforms import Form
from wtforms.fields.core import UnboundField

import certificates
import modules
import quizzes
import training
from certificates.register.models import Certificate, DocumentContent
from modules.catalogue.models import Course
from tests.conftest import Browsers, Worker
from tests.factories import Factory
from tests.pages import Browser
from training.accounts.models import Person
from training.orm import Base

ROOT = Path(__file__).parents[1]
PROMISES = ROOT / "docs" / "promises.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
OWN = ("training.", "modules.", "quizzes.", "certificates.")
OF_SEX_OR_BIRTH = {
    "sex",
    "gender",
    "female",
    "male",
    "geslacht",
    "birth",
    "birthday",
    "born",
    "age",
}
OF_INCIDENTS = {
    "abuse", "accused", "allegation", "complaint", "harassment", "incident", "incidents",
    "misconduct", "offender", "perpetrator", "report", "reports", "victim", "victims", "witness",
}  # fmt: skip
# An adviser is named to whoever needs one; it says nothing of anybody's sex. And it is training
# that may have an age.
HARMLESS = {"gender_adviser", "max_age_days"}


def _load_everything() -> None:
    for package in (training, modules, quizzes, certificates):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." not in found.name:
                import_module(found.name)


def _forms(parent: type[Form] = Form) -> Iterator[type[Form]]:
    for form in parent.__subclasses__():
        if form.__module__.startswith(OWN):
            yield form
        yield from _forms(form)


def names() -> set[str]:
    """Return the name of every table, column, form and field of a form."""
    _load_everything()
    tables = Base.metadata.tables.values()
    columns = {column.name for table in tables for column in table.columns}
    forms = set(_forms())
    # A form may keep its fields from mypy, so they are looked for by what they are.
    fields = {n for f in forms for n in dir(f) if isinstance(getattr(f, n, None), UnboundField)}
    found = {*Base.metadata.tables, *columns, *fields, *(form.__name__ for form in forms)}
    assert found >= {"person", "personnel_number", "gender_adviser", "PersonForm"}
    return found - HARMLESS


def words(name: str) -> set[str]:
    """Return the words of a name, written with underscores or with capitals."""
    return set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))


def test_only_the_table_apart_and_its_form_ask_for_sex_and_nothing_for_birth() -> None:
    # How old what somebody achieved may be is no age of theirs.
    found = {name for name in names() - {"max_age_days"} if words(name) & OF_SEX_OR_BIRTH}
    assert found == {"SexForm", "sex"}
    holders = [table for table in Base.metadata.tables.values() if "sex" in table.columns]
    assert [table.name for table in holders] == ["person_statistic"]


def test_no_table_and_no_form_takes_an_incident_in() -> None:
    assert [name for name in sorted(names()) if words(name) & OF_INCIDENTS] == []


def test_neither_certificate_nor_verification_say_what_endangers_the_holder(
    app: Flask, make: Factory, course: Course, browser: Browsers, worker: Worker
) -> None:
    home = make.organisation(name="Ministry of Tarsa")
    unit = make.unit(home, name="Reconnaissance Platoon")
    person = make.person(organisation=home, unit_id=unit.id, personnel_number="SN-471193")
    mission = make.mission(name="Silent Heron", host_country="Karsia")
    going = make.deployment(person, mission)
    certificate = earned(app, make, course, person, browser(person))
    worker()
    (stored,) = make.rows(select(DocumentContent.data))
    command = ["pdftotext", "-", "-"]
    paper = subprocess.run(command, input=stored, capture_output=True, check=True).stdout.decode()
    number, code = certificate.number, certificate.code
    page = browser(None).post("/verify", {"number": number, "code": code}, expect=200).text
    for text in (paper, page):
        assert person.printed_name in " ".join(text.split())
        for secret in (unit.name, mission.name, mission.host_country, "SN-471193", " %"):
            assert secret not in text
        for day in (going.starts_on, going.ends_on):
            assert f"{day.day} {day:%B %Y}" not in text


def earned(app: Flask, make: Factory, course: Course, person: Person, page: Browser) -> Certificate:
    """Let the person of a browser pass and confirm their name."""
    assignment = make.assignment(person, course)
    make.read_all(assignment)
    with app.app_context():
        attempt = make.attempt(assignment)
        make.answer(attempt, person.id)
        make.submit(attempt, person.id)
    (certificate,) = make.rows(select(Certificate))
    page.post(f"/certificates/{certificate.id}/name", {"name": person.printed_name})
    return certificate


def test_every_promise_names_its_tests_and_every_test_that_is_named_exists() -> None:
    text = PROMISES.read_text("utf-8")
    promises = re.split(r"^## ", text, flags=re.MULTILINE)[1:13]
    assert [promise.partition(".")[0] for promise in promises] == [str(n) for n in range(1, 13)]
    assert [promise.splitlines()[0] for promise in promises if not NAMED.search(promise)] == []
    missing = [
        f"{file}::{name}"
        for file, name in NAMED.findall(text)
        if not (ROOT / file).is_file() or f"def {name}(" not in (ROOT / file).read_text("utf-8")
    ]
    assert missing == []
