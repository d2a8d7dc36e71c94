"""A short soak on each database, with the same seed each time; `make soak` runs the long one."""

from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from modules.learning.models import Reading
from quizzes.attempts.models import Response
from tests.conftest import Databases
from tools.bench.databases import Database
from tools.soak.run import Plan, Run
from tools.soak.verdict import judge
from training.audit import AuditEvent

PLAN = Plan(seed=10, kills=2, learners=40, at_once=3)


@pytest.mark.slow
def test_what_was_acknowledged_survives_kill_9_and_is_done_once(
    databases: Databases, tmp_path: Path
) -> None:
    with databases.copy("taught") as url:
        run = Run(Database("any", url, tmp_path), PLAN)
        try:
            assert run.go() == []
            assert run.journal.counts["journeys finished"] >= PLAN.at_once
            assert run.journal.counts["kills of the server"]
            assert run.journal.counts["kills of the worker"]
            _the_judge_sees_what_is_missing(run)
        finally:
            run.close()


def _the_judge_sees_what_is_missing(run: Run) -> None:
    with Session(run.app.extensions["engine"].execution_options(write=True)) as session:
        for model in (Reading, Response):
            session.execute(delete(model))
        session.execute(delete(AuditEvent).where(AuditEvent.action == "attempt.graded"))
        session.commit()
    said = " ".join(judge(run.app, run.journal))
    for what in ("the tick was", "answer (", "its grade is not", "attempt.graded: 0"):
        assert what in said
