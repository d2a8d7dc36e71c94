"""What attempts add to the platform."""

from collections.abc import Mapping, Sequence

from flask import Flask
from sqlalchemy.orm import Session

from quizzes.attempts import (
    checks,
    demonstration,
    erasing,
    keeping,
    merging,
    remarking,
    results,
    retention,
    sheets,
    views,
)
from quizzes.attempts.steps import step_of
from training.erasure import Erasure
from training.handover import Merge
from training.parts import Part, Step, register


def init_app(app: Flask) -> None:
    """Add the pages of the test."""
    for feature in (views, results, remarking):
        app.register_blueprint(feature.bp)
    register(
        app,
        Part(
            "attempts",
            steps=_steps,
            export=keeping.export,
            merge=Merge(merging.preview, merging.move, merging.undo),
            erasure=Erasure(erasing.erase),
            check=checks.contradictions,
            demonstrate=demonstration.demonstrate,
            jobs={"retention": retention.run},
        ),
    )


def _steps(session: Session, _person_id: int, ids: Sequence[int]) -> Mapping[int, Step]:
    found = {i: step_of(standing) for i, standing in sheets.standings(session, ids).items()}
    return {assignment_id: step for assignment_id, step in found.items() if step is not None}
