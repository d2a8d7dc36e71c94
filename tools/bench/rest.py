"""How much memory the whole stack holds when it has done a little and rests."""

import time
from dataclasses import dataclass

from tools.bench.installation import Installation
from tools.bench.meter import memory
from tools.bench.scene import Scene

SIGN_INS = 8
MIB = 1024 * 1024


@dataclass(frozen=True)
class Rest:
    """Mebibytes, proportional: what processes share is counted once."""

    server: float
    worker: float
    database: float

    @property
    def total(self) -> float:
        """Return all of it."""
        return self.server + self.worker + self.database


def measure(place: Installation, scene: Scene) -> Rest:
    """Let eight people sign in and read; the worker has made certificates already."""
    for _ in range(SIGN_INS):
        scene.sign_in()
        scene.home()
        scene.lesson()
    time.sleep(2)
    database = place.database.process
    return Rest(
        memory(place.server.pid) / MIB,
        memory(place.worker.pid) / MIB,
        memory(database) / MIB if database is not None else 0.0,
    )
