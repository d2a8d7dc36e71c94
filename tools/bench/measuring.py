"""Do a thing many times and see what it cost."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Engine, event

from tools.bench.meter import Drift, seconds
from tools.bench.scene import Row, Scene

WARM = 8
MILLI = 1000


@dataclass(frozen=True)
class Stack:
    """The processes that work for one request, and what they use when nobody asks."""

    server: int
    database: int | None
    idle: Drift

    @property
    def roots(self) -> tuple[int, ...]:
        """Return the processes under which all others are."""
        return (self.server,) if self.database is None else (self.server, self.database)


@dataclass(frozen=True)
class Cost:
    """What one act costs, in milliseconds."""

    cpu: float
    database: float
    wall: float


@dataclass(frozen=True)
class Shape:
    """What one act consists of."""

    requests: int
    statements: int
    size: int


def cost(act: Callable[[], object], times: int, stack: Stack, rounds: int) -> Cost:
    """Do it in rounds and take the round that cost least: other work can only add to it."""
    for _ in range(min(WARM, times)):
        act()
    found = [_round(act, times, stack) for _ in range(rounds)]
    least = min(found, key=lambda one: one.cpu)
    return Cost(least.cpu, least.database, median(one.wall for one in found))


def _round(act: Callable[[], object], times: int, stack: Stack) -> Cost:
    walls = []
    before, of_database = seconds(*stack.roots), _of_database(stack)
    begun = time.perf_counter()
    for _ in range(times):
        start = time.perf_counter()
        act()
        walls.append(time.perf_counter() - start)
    elapsed = time.perf_counter() - begun
    used = stack.idle.without(seconds(*stack.roots) - before, elapsed)
    database = _of_database(stack) - of_database
    return Cost(used / times * MILLI, database / times * MILLI, median(walls) * MILLI)


def _of_database(stack: Stack) -> float:
    return 0.0 if stack.database is None else seconds(stack.database)


def shape(row: Row, scene: Scene, engine: Engine) -> Shape:
    """Do it within this process, when everything is warm, and count."""
    row.act(scene)
    row.act(scene)
    scene.sizes.clear()
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        row.act(scene)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return Shape(len(scene.sizes), len(statements), sum(scene.sizes))
