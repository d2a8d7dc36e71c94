"""Two trainers at once, and the machine that dies half-way: each deployment once."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import races
from tests.factories import NOW, TODAY, Factory
from training import signals
from training.accounts.models import Organisation, Person
from training.imports import applying, services
from training.imports.models import Upload, UploadState
from training.missions.models import Deployment, DeploymentChange, Mission, Rotation
from training.orm import make_engine
from training.permissions import Grant, Role, Viewer
from training.rosters.services import SUBJECT

HEAD = "Naam;Nr;Vertrek;Terugkeer\n"
COLUMNS = {"name": 0, "personnel_number": 1, "starts_on": 2, "ends_on": 3}
ROWS = 100
KILLED_AT = 50


def viewer_of(person: Person) -> Viewer:
    """Return somebody as trainer of their organisation."""
    home = person.organisation_id
    return Viewer(person.id, home, (Grant(Role.TRAINER, home),))


def waiting(session: Session, viewer: Viewer, mission: Mission, token: str, rows: int) -> int:
    """Send a roster in and say what its columns hold."""
    text = HEAD + "".join(
        f"Robin Rij {'x' * (n % 30 + 1)};N{n};2027-03-01;2027-09-05\n" for n in range(rows)
    )
    to = {"mission": str(mission.id), "mission_name": mission.name, "rotation_name": "R"}
    to |= {"new_rotation": "R", "today": TODAY.isoformat()}
    data = text.encode()
    sheets = services.understood(data, SUBJECT.vocabulary, "Europe/Amsterdam", NOW)
    upload = services.keep(session, viewer, SUBJECT, token * 4, data, sheets, to, at=NOW)
    choices = {"category": "police"}
    services.choose(session, viewer, SUBJECT, upload.id, 0, COLUMNS, choices)
    session.commit()
    return upload.id


def imported_at_once(
    engine: Engine, session: Session, viewers: Sequence[Viewer], mission: Mission, rows: int
) -> None:
    """Let each of these send the same roster in, and all of them say yes at once."""
    ids = [waiting(session, v, mission, f"token-{n}", rows) for n, v in enumerate(viewers)]
    seen = [applying.look(session, v, SUBJECT, i) for v, i in zip(viewers, ids, strict=True)]
    session.commit()

    def act(current: Session, number: int) -> UploadState:
        viewer = viewers[number]
        return applying.apply(current, viewer, SUBJECT, ids[number], seen[number], {}, at=NOW).state

    assert races.at_once(engine, act, len(ids)) == [UploadState.DONE] * len(ids)


def test_trainers_who_import_the_same_roster_at_once_make_each_deployment_once(
    engine: Engine, session: Session, make: Factory, home: Organisation, mission: Mission
) -> None:
    viewers = [viewer_of(make.person(Role.TRAINER, organisation=home)) for _ in range(4)]
    imported_at_once(engine, session, viewers, mission, 30)
    assert len(make.rows(select(Deployment))) == 30
    assert len(make.rows(select(DeploymentChange))) == 30
    assert len(make.rows(select(Rotation))) == 1
    uploads = make.rows(select(Upload))
    assert sorted((u.created, u.unchanged) for u in uploads) == [(0, 30)] * 3 + [(30, 0)]


def test_two_organisations_that_make_the_same_rotation_at_once_share_it(
    engine: Engine, session: Session, make: Factory, mission: Mission
) -> None:
    viewers = [viewer_of(make.person(Role.TRAINER)) for _ in range(4)]
    imported_at_once(engine, session, viewers, mission, 5)
    assert len(make.rows(select(Rotation))) == 1
    assert len(make.rows(select(Deployment))) == 20


def begun(session: Session, viewer: Viewer, upload_id: int) -> None:
    """Say yes to a roster that is left to the worker."""
    seen = applying.look(session, viewer, SUBJECT, upload_id)
    applying.apply(session, viewer, SUBJECT, upload_id, seen, {}, at=NOW)
    session.commit()


def batches(url: str, upload_id: int) -> None:
    """Go on with a roster to its end, as the worker does, unless the process dies before."""
    engine = make_engine(url)
    with Session(engine) as session:
        rows = applying.rows_of(session, SUBJECT, upload_id)
    under_way = True
    while under_way:
        under_way = races.alone(
            engine,
            lambda current: applying.go_on(current, SUBJECT, upload_id, rows, frozenset(), at=NOW),
        )
    engine.dispose()


def die_at(number: int) -> None:
    """Kill this process without a word at the deployment of this number."""
    made = iter(range(1, number + 1))

    def count(_session: Session, **_values: object) -> None:
        if next(made) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    signals.deployment_changed.connect(count, weak=False)


def test_a_roster_whose_import_was_killed_goes_on_where_it_was(
    session: Session,
    make: Factory,
    trainer: Person,
    mission: Mission,
    database_url: str,
) -> None:
    upload_id = waiting(session, viewer_of(trainer), mission, "token", ROWS)
    begun(session, viewer_of(trainer), upload_id)
    command = [sys.executable, "-m", __name__, database_url, str(upload_id)]
    killed = subprocess.run(command, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert len(make.rows(select(Deployment))) == SUBJECT.batch
    batches(database_url, upload_id)
    assert len(make.rows(select(Deployment))) == ROWS
    assert len(make.rows(select(DeploymentChange))) == ROWS
    people = select(func.count()).where(Person.organisation_id == trainer.organisation_id)
    assert make.rows(people) == [ROWS + 1]
    (upload,) = make.rows(select(Upload))
    assert (upload.state, upload.created, upload.unchanged) == (UploadState.DONE, ROWS, 0)


@pytest.mark.parametrize("rows", [30, ROWS])
def test_one_roster_confirmed_eight_times_at_once_is_taken_over_once(
    rows: int,
    engine: Engine,
    session: Session,
    make: Factory,
    trainer: Person,
    mission: Mission,
    database_url: str,
) -> None:
    viewer = viewer_of(trainer)
    upload_id = waiting(session, viewer, mission, "token", rows)
    seen = applying.look(session, viewer, SUBJECT, upload_id)
    session.commit()
    races.at_once(
        engine,
        lambda current, _number: (
            applying.apply(current, viewer, SUBJECT, upload_id, seen, {}, at=NOW).state
        ),
    )
    races.together([lambda: batches(database_url, upload_id)] * 2)
    assert len(make.rows(select(Deployment))) == rows
    assert len(make.rows(select(DeploymentChange))) == rows


if __name__ == "__main__":
    die_at(KILLED_AT)
    batches(sys.argv[1], int(sys.argv[2]))
