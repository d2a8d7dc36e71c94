"""Acts on a selection: due dates, both values after a change meanwhile, and undoing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.assignments import services as assignments
from modules.assignments.models import Assignment, BulkAction
from modules.catalogue.models import Course
from quizzes.progress import changes
from quizzes.progress.changes import Extended, NotUndoable, Shown
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from tests.pages import Browser
from tests.quizzes.progress.conftest import SOON, Learners, seen
from tests.races import alone, at_once
from training.accounts.models import Organisation, Person
from training.audit import AuditEvent
from training.errors import Forbidden, Invalid, NotFound
from training.permissions import Role, Viewer

NEXT = SOON + timedelta(days=14)
IN_ORDER = select(Assignment).order_by(Assignment.id)


def extend(engine: Engine, viewer: Viewer, shown: Shown, due_on: date = NEXT) -> Extended:
    """Set due dates in a transaction of its own."""
    return alone(engine, lambda s: changes.extend(s, viewer, shown, due_on, today=TODAY, at=NOW))


def undo(engine: Engine, viewer: Viewer, action_id: int) -> None:
    """Take back in a transaction of its own."""
    alone(engine, lambda s: changes.undo(s, viewer, action_id, at=NOW))


def dates(make: Factory) -> list[date | None]:
    """Return the due dates as they are now."""
    return [a.due_on for a in make.rows(IN_ORDER)]


def last(make: Factory) -> int:
    """Return the id of the newest act."""
    return make.rows(select(BulkAction).order_by(BulkAction.id))[-1].id


def test_a_selection_gets_one_date_and_the_old_ones_are_on_record(
    engine: Engine, viewer: Viewer, learners: Learners, make: Factory
) -> None:
    first, second, done = learners.new(), learners.new("Otto", due_on=None), learners.done()
    learners.new("Left alone")
    found = extend(engine, viewer, {first.id: SOON, second.id: None, done.id: SOON})
    assert (found.changed, found.finished, list(found.meanwhile)) == (2, 1, [])
    assert dates(make) == [NEXT, NEXT, SOON, SOON]
    events = make.rows(select(AuditEvent).where(AuditEvent.action == "assignment.extended"))
    assert [e.detail["before"] for e in events] == [SOON.isoformat(), None]


def test_a_date_that_changed_meanwhile_keeps_everything_as_it_is(
    engine: Engine, viewer: Viewer, learners: Learners, make: Factory
) -> None:
    first, second = learners.new(), learners.new("Otto")
    extend(engine, viewer, {first.id: SOON}, SOON + timedelta(days=1))
    found = extend(engine, viewer, {first.id: SOON, second.id: SOON})
    assert [a.id for a in found.meanwhile] == [first.id]
    assert dates(make) == [SOON + timedelta(days=1), SOON]


def test_a_past_day_is_refused(engine: Engine, viewer: Viewer, learners: Learners) -> None:
    with pytest.raises(Invalid):
        extend(engine, viewer, {learners.new().id: SOON}, TODAY - timedelta(days=1))


def test_one_foreign_id_refuses_the_whole_selection(
    engine: Engine, viewer: Viewer, learners: Learners, make: Factory, course: Course
) -> None:
    mine, foreign = learners.new(), make.assignment(make.person(), course, due_on=SOON)
    with pytest.raises(NotFound):
        extend(engine, viewer, {mine.id: SOON, foreign.id: SOON})
    assert dates(make) == [SOON, SOON]


def test_nobody_changes_their_own_due_date(
    engine: Engine, viewer: Viewer, trainer: Person, make: Factory, course: Course
) -> None:
    own = make.assignment(trainer, course, due_on=SOON)
    with pytest.raises(Forbidden):
        extend(engine, viewer, {own.id: SOON})


def test_of_eight_trainers_at_once_one_date_wins_and_the_others_are_told(
    engine: Engine, make: Factory, learners: Learners
) -> None:
    assignment = learners.new()
    viewers = [seen(make.person(Role.TRAINER, organisation=learners.home)) for _ in range(8)]

    def act(session: Session, number: int) -> int:
        day = NEXT + timedelta(days=number)
        shown = {assignment.id: SOON}
        return changes.extend(session, viewers[number], shown, day, today=TODAY, at=NOW).changed

    assert sum(at_once(engine, act)) == 1


def test_undoing_an_extension_restores_each_date(
    engine: Engine, viewer: Viewer, learners: Learners, make: Factory
) -> None:
    first, second = learners.new(), learners.new("Otto", due_on=None)
    extend(engine, viewer, {first.id: SOON, second.id: None})
    undo(engine, viewer, last(make))
    undo(engine, viewer, last(make))  # Once more changes nothing.
    assert dates(make) == [SOON, None]


def assign(engine: Engine, viewer: Viewer, course: Course, *names: str) -> None:
    """Assign by name."""
    alone(engine, lambda s: assignments.assign(s, viewer, course.id, names, NEXT, at=NOW))


def test_undoing_an_assignment_deletes_what_was_made_and_restores_what_was_moved(
    engine: Engine, viewer: Viewer, learners: Learners, make: Factory, course: Course
) -> None:
    old = learners.new()
    fresh = make.person(organisation=learners.home, user_name="fresh")
    name = make.session.get_one(Person, old.person_id).user_name
    make.session.commit()
    assign(engine, viewer, course, name, fresh.user_name)
    assert dates(make) == [NEXT, NEXT]
    undo(engine, viewer, last(make))
    assert [(a.id, a.due_on) for a in make.rows(IN_ORDER)] == [(old.id, SOON)]
    events = make.rows(select(AuditEvent).where(AuditEvent.action == "bulk.undone"))
    assert len(events) == 1


def test_nothing_is_undone_once_somebody_has_begun(
    engine: Engine, viewer: Viewer, learners: Learners, make: Factory, course: Course
) -> None:
    make.person(organisation=learners.home, user_name="fresh")
    assign(engine, viewer, course, "fresh")
    make.read_all(make.rows(IN_ORDER)[0])
    with pytest.raises(NotUndoable, match="begun"):
        undo(engine, viewer, last(make))
    assert len(make.rows(IN_ORDER)) == 1


def test_only_the_last_act_and_only_ones_own_is_undone(
    engine: Engine, viewer: Viewer, learners: Learners, make: Factory
) -> None:
    assignment = learners.new()
    extend(engine, viewer, {assignment.id: SOON})
    first = last(make)
    extend(engine, viewer, {assignment.id: NEXT}, NEXT + timedelta(days=1))
    with pytest.raises(NotUndoable, match="last"):
        undo(engine, viewer, first)
    colleague = seen(make.person(Role.TRAINER, organisation=learners.home))
    with pytest.raises(NotFound):
        undo(engine, colleague, last(make))


def test_a_date_that_a_colleague_changed_since_is_not_undone(
    engine: Engine, viewer: Viewer, learners: Learners, make: Factory
) -> None:
    assignment = learners.new()
    extend(engine, viewer, {assignment.id: SOON})
    mine = last(make)
    colleague = seen(make.person(Role.TRAINER, organisation=learners.home))
    extend(engine, colleague, {assignment.id: NEXT}, NEXT + timedelta(days=1))
    with pytest.raises(NotUndoable, match="changed since"):
        undo(engine, viewer, mine)


def test_a_unit_is_assigned_with_those_under_it_and_nobody_twice(
    page: Browser, make: Factory, course: Course, home: Organisation
) -> None:
    above = make.unit(home)
    below = make.unit(home, parent_id=above.id)
    inside = make.person(organisation=home, unit_id=above.id, user_name="above")
    make.person(organisation=home, unit_id=below.id, user_name="below")
    make.person(organisation=home, unit_id=below.id, user_name="gone", is_active=False)
    make.person(organisation=home, user_name="outside")
    data = {"course": course.id, "unit_id": above.id, "people": "above", "due_on": SOON}
    text = page.post("/assignments/new", data, expect=200).text
    assert "2 lines" in text
    assert "You assigned a training to 2 people" in text
    assert len(make.rows(IN_ORDER)) == 2
    page.post(f"/progress/undo/{last(make)}")
    assert make.rows(IN_ORDER) == []
    assert inside.unit_id == above.id


def test_a_unit_of_others_and_an_empty_one_are_refused(
    page: Browser, make: Factory, course: Course, home: Organisation
) -> None:
    foreign, empty = make.unit(make.organisation()), make.unit(home)
    for unit in (foreign, empty):
        page.post("/assignments/new", {"course": course.id, "unit_id": unit.id}, expect=422)
    page.post("/assignments/new", {"course": course.id, "unit_id": 0, "people": ""}, expect=422)


def test_ticked_people_get_a_date_and_can_be_undone_from_the_list(
    page: Browser, learners: Learners, make: Factory
) -> None:
    first, second = learners.new(), learners.new("Otto")
    assert f'value="{first.id}:{SOON}"' in page.get("/progress/").text
    data = {"chosen": [f"{a.id}:{SOON}" for a in (first, second)], "due_on": NEXT}
    assert page.post("/progress/extend?state=not_started", data).location.endswith("not_started")
    assert dates(make) == [NEXT, NEXT]
    assert "You changed 2 due dates" in page.get("/progress/").text
    page.post(f"/progress/undo/{last(make)}")
    assert dates(make) == [SOON, SOON]
    assert "You changed" not in page.get("/progress/").text


def test_both_values_are_shown_and_the_trainer_chooses(
    page: Browser, learners: Learners, make: Factory, engine: Engine
) -> None:
    first, second = learners.new("Changed meanwhile"), learners.new("Otto")
    colleague = seen(make.person(Role.TRAINER, organisation=learners.home))
    theirs = SOON + timedelta(days=3)
    extend(engine, colleague, {first.id: SOON}, theirs)
    data = {"chosen": [f"{a.id}:{SOON}" for a in (first, second)], "due_on": NEXT}
    text = page.post("/progress/extend", data, expect=409).text
    assert dates(make) == [theirs, SOON]
    for part in ("Changed meanwhile", "14 December 2026", "17 December 2026"):
        assert part in text
    data["chosen"] = [f"{second.id}:{SOON}", f"{first.id}:{theirs}"]
    page.post("/progress/extend", data)
    assert dates(make) == [NEXT, NEXT]


def test_everyone_the_filter_shows_is_asked_first_and_never_oneself(
    page: Browser, learners: Learners, make: Factory, trainer: Person, course: Course
) -> None:
    learners.new("Nora")
    learners.new("Otto")
    make.assignment(trainer, course, due_on=SOON)
    data = {"everyone": "y", "due_on": NEXT}
    text = page.post("/progress/extend", data | {"q": "nora"}, expect=200).text
    assert text.count('name="chosen"') == 1
    assert page.post("/progress/extend", data, expect=200).text.count('name="chosen"') == 2
    assert set(dates(make)) == {SOON}


def test_the_selection_is_filled_in_for_assigning(page: Browser, learners: Learners) -> None:
    first, second = learners.new(), learners.done()
    data = {"chosen": [f"{first.id}:{SOON}", f"{second.id}:{SOON}"]}
    text = page.post("/progress/assign", data, expect=200).text
    assert text.count("person") >= 2
    filled = text.split("<textarea")[1].split("</textarea>")[0]
    assert len(filled.split(">")[1].split()) == 2


@pytest.mark.parametrize(
    "chosen", ["", "x", "1:x", "0:", "-1:", "999999999999999999999:", "1:2026-13-01", "\x00:"]
)
def test_a_selection_that_cannot_be_read_is_refused(page: Browser, chosen: str) -> None:
    page.post("/progress/extend", {"chosen": chosen, "due_on": NEXT}, expect=422)
    page.post("/progress/assign", {"chosen": chosen}, expect=422)


@pytest.mark.parametrize("due_on", ["", "soon", "2020-01-01", "\x00", "99999-01-01"])
def test_a_bad_date_is_refused_beside_its_field(
    page: Browser, learners: Learners, due_on: str
) -> None:
    chosen = f"{learners.new().id}:{SOON}"
    page.post("/progress/extend", {"chosen": chosen, "due_on": due_on}, expect=422)


def test_ids_of_others_are_not_found(
    browser: Browsers, page: Browser, make: Factory, course: Course, learners: Learners
) -> None:
    foreign = make.assignment(make.person(), course, due_on=SOON)
    data = {"chosen": f"{foreign.id}:{SOON}", "due_on": NEXT}
    page.post("/progress/extend", data, expect=404)
    page.post("/progress/assign", data, expect=404)
    page.post("/progress/undo/1", expect=404)
