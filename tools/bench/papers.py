"""What the worker spends on a certificate: the first one, one at a time, and many together."""

import time
from dataclasses import dataclass

from sqlalchemy import Engine, func, insert, select

from certificates.register.models import Document, DocumentState
from tools.bench.installation import Installation
from tools.bench.measuring import MILLI
from tools.bench.meter import Drift, drift, seconds
from tools.bench.scene import Scene
from training import clock

SINGLY = 10
PATIENCE = 120
# Seconds of CPU in a second of the clock.
QUIET = 0.1


@dataclass(frozen=True)
class Papers:
    """Milliseconds of CPU for one document, and how many come in a second of the clock."""

    first: float
    singly: float
    in_bulk: float
    a_second: float


def measure(place: Installation, engine: Engine, scene: Scene, many: int) -> Papers:
    """Start the worker and have it make documents; a learner's wish wakes it."""
    place.worker.start()
    _wait_for_beat(place)
    database = place.database.process
    roots = (place.worker.pid,) if database is None else (place.worker.pid, database)
    idle = _quiet(*roots)
    learners = scene.material.population.learners
    many = min(many, len(learners) - SINGLY - 1)
    people = iter(learners)

    def made(extra: int) -> tuple[float, float]:
        waiting = [next(people) for _ in range(extra)]
        if extra:
            _want(engine, waiting)
        before, begun = seconds(*roots), time.monotonic()
        scene.visitor(one := next(people)).post(f"/certificates/{one}/documents/nl")
        _wait(engine)
        elapsed = time.monotonic() - begun
        return idle.without(seconds(*roots) - before, elapsed) / (extra + 1), elapsed

    first, _ = made(0)
    singly = [made(0)[0] for _ in range(SINGLY)]
    in_bulk, elapsed = made(many - 1)
    return Papers(first * MILLI, sum(singly) / SINGLY * MILLI, in_bulk * MILLI, many / elapsed)


def _want(engine: Engine, people: list[int]) -> None:
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(
            insert(Document),
            [
                {
                    "certificate_id": person,
                    "language": "nl",
                    "state": DocumentState.WANTED,
                    "wanted_at": clock.now(),
                }
                for person in people
            ],
        )


def _wait(engine: Engine) -> None:
    end = time.monotonic() + PATIENCE
    waiting = select(func.count()).where(Document.state == DocumentState.WANTED)
    while True:
        with engine.connect() as connection:
            if not connection.scalar(waiting):
                return
        if time.monotonic() > end:
            raise RuntimeError("the worker does not make what is wanted")
        time.sleep(0.05)


def _wait_for_beat(place: Installation) -> None:
    end = time.monotonic() + PATIENCE
    while not (place.data / "worker.beat").exists():
        if place.worker.ended or time.monotonic() > end:
            raise RuntimeError(f"the worker does not run:\n{place.said()}")
        time.sleep(0.1)


def _quiet(*roots: int) -> Drift:
    """Wait until the worker has looked through everything once, which takes longer with more."""
    end = time.monotonic() + PATIENCE
    while (idle := drift(*roots)).rate > QUIET:
        if time.monotonic() > end:
            raise RuntimeError("the worker does not come to rest")
    return idle
