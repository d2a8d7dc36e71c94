"""The demonstration has the standard rules, and its people keep what they have."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from modules.learning.models import Completion, ComponentValidity
from modules.requirements.models import Requirement
from tests.conftest import Worker
from tests.factories import NOW, Factory
from tests.test_demonstration import fill
from training import clock
from training.accounts.models import Person
from training.missions.models import Deployment


def test_the_rules_of_the_demonstration_change_nothing_of_what_its_people_have(
    app: Flask, make: Factory, course: Course, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    fill(app)
    rules = Counter(rule.organisation_id for rule in make.rows(select(Requirement)))
    assert set(rules) == set(make.rows(select(Person.organisation_id).distinct()))
    assert set(rules.values()) == {3}
    before = everything(make)
    worker()
    after = everything(make)
    assert after[: len(before)] == before
    # Only those whose conduct ends before they leave have something new to do.
    new = make.rows(select(Assignment).where(Assignment.cycle > 1))
    assert len(before) + len(new) == len(after)
    ending = (
        select(Assignment.person_id)
        .join(Completion, Completion.assignment_id == Assignment.id)
        .join(ComponentValidity, ComponentValidity.completion_id == Completion.id)
        .join(Deployment, Deployment.person_id == Assignment.person_id)
        .where(ComponentValidity.valid_until < Deployment.starts_on)
    )
    assert {a.person_id for a in new} == set(make.rows(ending))


def everything(make: Factory) -> list[object]:
    """Return all assignments with their dates."""
    rows = make.rows(select(Assignment).order_by(Assignment.id))
    return [(a.id, a.person_id, a.cycle, a.due_on, a.assigned_by_id) for a in rows]
