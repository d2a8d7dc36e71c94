"""Doing one thing several times at once, each time in a transaction of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

Result = TypeVar("Result")
TIMES = 8
PATIENCE = 20


def alone(engine: Engine, act: Callable[[Session], Result]) -> Result:
    """Do this in a session of its own that commits, or rolls back when it is refused."""
    options = engine.execution_options(write=True)
    with Session(options, expire_on_commit=False) as session, session.begin():
        return act(session)


def together(acts: Sequence[Callable[[], Result]]) -> list[Result]:
    """Begin all of these at the same moment and return what each returned."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Result]) -> Result:
        barrier.wait(PATIENCE)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def at_once(
    engine: Engine, act: Callable[[Session, int], Result], times: int = TIMES
) -> list[Result]:
    """Do this so many times at once, each with a number and a session that commits."""

    def numbered(number: int) -> Callable[[], Result]:
        return lambda: alone(engine, lambda session: act(session, number))

    return together([numbered(number) for number in range(times)])
