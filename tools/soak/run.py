"""One run on one database: learners learn while the killer kills, then everything is judged."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event, Lock, Thread

from flask import Flask
from sqlalchemy.orm import Session

from tools.bench.databases import Database
from tools.bench.installation import ROOT, Installation
from tools.bench.page import Key
from tools.soak import roster, verdict
from tools.soak.journal import Journal, Notes
from tools.soak.killer import Killer
from tools.soak.learner import Learner
from tools.soak.roster import PASSWORD, Someone
from training import jobs

FAULT = '"message": "unexpected"'


@dataclass(frozen=True)
class Plan:
    """How much is to happen; the same seed draws the same moments and the same choices."""

    seed: int
    kills: int
    learners: int
    at_once: int


class Run:
    """Everything of one run."""

    def __init__(self, database: Database, plan: Plan) -> None:
        """Set up the installation and its people."""
        self.plan = plan
        self.journal = Journal()
        self.place = Installation(database)
        self.place.prepare()
        self.app: Flask = self.place.app()
        engine = self.app.extensions["engine"]
        with Session(engine) as session:
            self._key = Key(session)
        self._waiting: Iterator[Someone] = iter(roster.make(engine, plan.learners))
        self._lock = Lock()
        self._stop = Event()
        self._enough = Event()

    def go(self) -> list[str]:
        """Run to the end and return what breaks a promise."""
        threads = [Thread(target=self._learn, args=(n,)) for n in range(self.plan.at_once)]
        chance = random.Random(self.plan.seed)  # noqa: S311 - it has to be repeatable, not secret
        killer = Killer(self.place, self.journal, chance, self._stop)
        try:
            self.place.server.start()
            self.place.worker.start()
            for thread in threads:
                thread.start()
            killer.kill(self.plan.kills)
            # Who is under way comes to the end; nobody new begins.
            self._enough.set()
            killer.rest()
            for thread in threads:
                thread.join()
        finally:
            self._stop.set()
            for thread in threads:
                if thread.is_alive():
                    thread.join()
            self.place.stop()
        return self._judge()

    def _learn(self, number: int) -> None:
        chance = random.Random(self.plan.seed * 1000 + number)  # noqa: S311 - repeatable
        while not self._stop.is_set() and not self._enough.is_set():
            with self._lock:
                someone = next(self._waiting, None)
            if someone is None:
                self.journal.count("learners that were missing")
                return
            notes = Notes(someone.person, someone.assignment, someone.name)
            self.journal.open(notes)
            learner = Learner(notes, self._key, self.journal, chance, self.place.port, self._stop)
            learner.learn(someone.user_name, PASSWORD)

    def _judge(self) -> list[str]:
        with self.app.app_context():
            jobs.run_all()  # What the worker does each minute.
        found = verdict.judge(self.app, self.journal)
        said = self.place.log.read_text(encoding="utf-8")
        if FAULT in said:
            first = said[said.index(FAULT) :].partition("\n")[0]
            found.append(f"{said.count(FAULT)} pages failed, the first with {first}")
        found += self._checked()
        return found

    def _checked(self) -> list[str]:
        """Ask the command that operators use."""
        done = subprocess.run(
            [sys.executable, "-m", "training.cli", "check"],
            cwd=ROOT,
            env=self.place.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0 and "Every record agrees." in done.stdout:
            return []
        return [f"training check: {done.stdout}{done.stderr}"]

    def close(self) -> None:
        """Let go of the database."""
        self.app.extensions["engine"].dispose()


def soak(database: Database, plan: Plan) -> tuple[Journal, list[str], float]:
    """Run once; return what was done, what breaks a promise, and how long it took."""
    begun = time.monotonic()
    run = Run(database, plan)
    try:
        return run.journal, run.go(), time.monotonic() - begun
    finally:
        run.close()
