"""The same list at the same moment, and somebody who is in the way: each person once."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import races
from tests.factories import NOW, Factory
from tests.training.imports.lists import CSV
from training.accounts.models import Organisation, Person
from training.errors import Invalid
from training.imports import applying, services
from training.imports.models import Upload, UploadState
from training.imports.people import SUBJECT
from training.imports.people_columns import PEOPLE
from training.permissions import Grant, Role, Viewer

LIST = CSV + "".join(f"Robin Rij {'x' * n};N{n};;\n" for n in range(1, 30)) + "Kim Geen;;;\n"
COLUMNS = {"name": 0, "personnel_number": 1, "rank": 2, "unit": 3}


def waiting(session: Session, viewer: Viewer, token: str) -> int:
    """Send a list in and say what its columns hold."""
    data = LIST.encode()
    sheets = services.understood(data, PEOPLE, "Europe/Amsterdam", NOW)
    upload = services.keep(session, viewer, SUBJECT, token, data, sheets, {}, at=NOW)
    services.choose(session, viewer, SUBJECT, upload.id, 0, COLUMNS, {"category": "police"})
    session.commit()
    return upload.id


def viewer_of(person: Person) -> Viewer:
    """Return somebody as administrator of their organisation."""
    home = person.organisation_id
    return Viewer(person.id, home, (Grant(Role.ADMINISTRATOR, home),))


def numbers(make: Factory, home: Organisation) -> list[str]:
    """Return the numbers of everybody but the administrator."""
    people = make.rows(select(Person).where(Person.organisation_id == home.id))
    return sorted(p.personnel_number or "" for p in people if p.user_name != "ada")


def test_eight_imports_of_the_same_list_at_once_make_each_person_once(
    engine: Engine, session: Session, make: Factory, admin: Person, home: Organisation
) -> None:
    viewer = viewer_of(admin)
    ids = [waiting(session, viewer, f"token-of-the-form-{n}") for n in range(races.TIMES)]
    seen = {i: applying.look(session, viewer, SUBJECT, i) for i in ids}
    session.commit()

    def act(current: Session, number: int) -> str:
        upload_id = ids[number]
        try:
            return applying.apply(
                current, viewer, SUBJECT, upload_id, seen[upload_id], {}, at=NOW
            ).state.value
        except Invalid:
            # Somebody without a number is there by now, and whether it is the same is asked.
            return "asked"

    outcomes = races.at_once(engine, act)
    assert outcomes.count("done") == 1
    assert outcomes.count("asked") == races.TIMES - 1
    assert numbers(make, home) == sorted(["", *(f"N{n}" for n in range(1, 30))])


def test_one_import_confirmed_eight_times_at_once_is_done_once(
    engine: Engine, session: Session, make: Factory, admin: Person, home: Organisation
) -> None:
    viewer = viewer_of(admin)
    upload_id = waiting(session, viewer, "token-of-the-form")
    seen = applying.look(session, viewer, SUBJECT, upload_id)
    session.commit()

    def act(current: Session, _number: int) -> UploadState:
        return applying.apply(current, viewer, SUBJECT, upload_id, seen, {}, at=NOW).state

    assert races.at_once(engine, act) == [UploadState.DONE] * races.TIMES
    assert len(numbers(make, home)) == 30
    (upload,) = make.rows(select(Upload))
    assert (upload.created, upload.changed) == (30, 0)


def test_two_organisations_that_make_the_same_user_names_at_once_both_succeed(
    engine: Engine, session: Session, make: Factory
) -> None:
    viewers = [viewer_of(make.person(Role.ADMINISTRATOR)) for _ in range(4)]
    ids = [waiting(session, v, f"token-of-the-form-{n}") for n, v in enumerate(viewers)]
    seen = [applying.look(session, v, SUBJECT, i) for v, i in zip(viewers, ids, strict=True)]
    session.commit()

    def act(current: Session, number: int) -> UploadState:
        viewer = viewers[number]
        return applying.apply(current, viewer, SUBJECT, ids[number], seen[number], {}, at=NOW).state

    assert races.at_once(engine, act, 4) == [UploadState.DONE] * 4
    names = [p.user_name for p in make.rows(select(Person))]
    assert len(names) == len(set(names)) == 4 * 31


def test_an_import_that_was_changed_after_it_was_looked_at_is_not_taken_over(
    session: Session, admin: Person, make: Factory, home: Organisation
) -> None:
    viewer = viewer_of(admin)
    upload_id = waiting(session, viewer, "token-of-the-form")
    seen = applying.look(session, viewer, SUBJECT, upload_id)
    services.decide(session, viewer, SUBJECT, upload_id, 3, "aside")
    session.commit()
    with pytest.raises(Invalid, match="changed this import meanwhile"):
        applying.apply(session, viewer, SUBJECT, upload_id, seen, {}, at=NOW)
    session.rollback()
    assert numbers(make, home) == []
