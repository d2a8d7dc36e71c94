"""Whether the application lives and can do its work."""

from dataclasses import replace

import pytest
from flask import Flask
from huey import MemoryHuey
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.conftest import Browsers
from tests.pages import Browser
from tests.training.conftest import Time, embedded
from training import health, jobs
from training.app import create_app
from training.config import Settings


def sentences(app: Flask) -> list[str]:
    """Return what keeps the application from doing its work."""
    with app.app_context():
        return health.problems()


@embedded
def test_a_process_that_answers_lives_whatever_else_is_wrong(browser: Browsers) -> None:
    assert browser(None).get("/livez").json == {"status": "ok"}


@embedded
def test_readiness_needs_a_worker_that_was_heard_within_three_minutes(
    app: Flask, settings: Settings, browser: Browsers, time: Time
) -> None:
    answer = browser(None).get("/readyz", expect=503)
    assert answer.json is not None
    assert answer.json["status"] == "not ready"
    silent = sentences(app)
    assert any("training worker" in sentence for sentence in silent)
    assert answer.json["problems"] == len(silent)
    assert "worker" not in answer.text, "strangers are not told what is wrong"
    jobs.beat(settings.data)
    time.passes(minutes=3)
    assert len(sentences(app)) == len(silent) - 1
    time.passes(seconds=1)
    assert any("silent" in sentence for sentence in sentences(app))


def test_readiness_needs_the_schema_of_this_version(
    app: Flask, session: Session, browser: Browsers
) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()
    assert any("training upgrade" in sentence for sentence in sentences(app))
    browser(None).get("/readyz", expect=503)


@embedded
@pytest.mark.parametrize("written", ["", "yesterday"])
def test_a_sign_of_life_that_cannot_be_read_is_none(
    written: str, app: Flask, settings: Settings
) -> None:
    (settings.data / "worker.beat").write_text(written, encoding="ascii")
    assert any("training worker" in sentence for sentence in sentences(app))


@embedded
def test_readiness_answers_before_the_folder_of_data_exists(
    settings: Settings, engine: Engine
) -> None:
    early = replace(settings, data=settings.data / "not yet")
    app = create_app(early, engine=engine, queue=MemoryHuey())
    Browser(app).get("/readyz", expect=503)
    assert any("training init" in sentence for sentence in sentences(app))
