"""What ends server and worker at moments nobody chose, and starts them again."""

import random
import time
from threading import Event

from tools.bench.installation import Installation, answers
from tools.soak.journal import Journal

OF_SERVER = 0.6
EARLY = 0.15  # How often the server is killed before it has answered once.
LONGEST_PAUSE = 1.2
STARTING = 2.0
PATIENCE = 90


class Killer:
    """Kills one of the two programs at a time, and starts it again at once."""

    def __init__(
        self, place: Installation, journal: Journal, chance: random.Random, stop: Event
    ) -> None:
        """Remember what to kill and whom to tell."""
        self._place = place
        self._journal = journal
        self._chance = chance
        self._stop = stop
        self._beat = place.data / "worker.beat"

    def kill(self, times: int) -> None:
        """Kill so often, unless the run is stopped."""
        for _ in range(times):
            if self._stop.is_set():
                return
            if self._chance.random() < OF_SERVER:
                self._kill_server()
            else:
                self._kill_worker()
            self._stop.wait(self._chance.uniform(0, LONGEST_PAUSE))

    def _kill_server(self) -> None:
        if self._chance.random() < EARLY:
            self._stop.wait(self._chance.uniform(0, STARTING))
        else:
            self._wait_for_server()
            self._stop.wait(self._chance.uniform(0, LONGEST_PAUSE))
        self._place.server.kill()
        self._place.server.start()
        self._journal.count("kills of the server")

    def _kill_worker(self) -> None:
        if self._chance.random() > EARLY:
            self._wait_for_worker()
            self._stop.wait(self._chance.uniform(0, LONGEST_PAUSE))
        self._place.worker.kill()
        self._beat.unlink(missing_ok=True)
        self._place.worker.start()
        self._journal.count("kills of the worker")

    def _wait_for_server(self) -> None:
        end = time.monotonic() + PATIENCE
        while not answers(self._place.port) and not self._stop.is_set():
            if self._place.server.ended:
                # It found its port still taken, or its start was cut short.
                self._journal.count("starts of the server that had to be repeated")
                self._place.server.start()
            if time.monotonic() > end:
                self._journal.violate(f"the server does not come back:\n{self._place.said()}")
                self._stop.set()
            self._stop.wait(0.05)

    def _wait_for_worker(self) -> None:
        end = time.monotonic() + PATIENCE
        while not self._beat.exists() and not self._stop.is_set():
            if time.monotonic() > end or self._place.worker.ended:
                self._journal.violate(f"the worker does not come back:\n{self._place.said()}")
                self._stop.set()
            self._stop.wait(0.05)

    def rest(self) -> None:
        """Let the server stay, and start the worker afresh: it looks through everything then."""
        self._place.worker.kill()
        self._place.worker.start()
        self._wait_for_server()
