"""The command `training`: setting up an installation and looking after it."""

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from certificates.register import fonts
from modules.catalogue.models import Course, CourseVersion
from tests.factories import NOW
from tests.modules.catalogue.test_mistakes import TOGETHER as IN_LESSONS
from tests.modules.catalogue.writing import Mistake, change, line_of, write_course
from tests.quizzes.bank.test_bank import TOGETHER as IN_QUESTIONS
from training import audit, cli, jobs
from training.accounts import passwords
from training.accounts.models import Person, RoleGrant
from training.app import create_app
from training.audit import AuditEvent
from training.config import Settings, load
from training.migrations import schema
from training.orm import make_engine
from training.permissions import Role

Run = Callable[..., Result]
ADMIN = ("create-admin", "--organisation", "Home", "--user-name", "Kim", "--name", "Kim Lee")


def environment(data: Path) -> dict[str, str | None]:
    """Return the environment of an installation."""
    unset = ("SECRET_KEY", "DATABASE_URL", "BASE_URL", "HOST", "PORT", "DEMO", "CURRICULUM")
    return {f"TRAINING_{name}": None for name in unset} | {"TRAINING_DATA": str(data)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an installation that was set up once."""
    data = tmp_path_factory.mktemp("made") / "var"
    result = CliRunner().invoke(cli.main, ["init"], env=environment(data))
    assert result.exit_code == 0, result.output
    return data


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before, level


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """Return the folder of an installation of the test's own."""
    return Path(shutil.copytree(made, tmp_path / "var"))


@pytest.fixture
def run(data: Path) -> Run:
    """Return what runs the command on that installation."""

    def run(*words: str, expect: int = 0, **more: str) -> Result:
        result = CliRunner().invoke(cli.main, words, env=environment(data) | more)
        assert result.exit_code == expect, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.fixture
def settings(data: Path) -> Settings:
    """Return the settings of that installation."""
    return load({"TRAINING_DATA": str(data)})


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """Return an engine on its database."""
    engine = make_engine(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Return a session on its database."""
    with Session(engine.execution_options(write=True)) as session:
        yield session


def test_setting_up_makes_key_database_queue_and_publishes(data: Path, session: Session) -> None:
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (data / "queue.db").exists()
    assert session.scalars(select(CourseVersion)).one().version


def test_setting_up_again_changes_nothing(run: Run, data: Path) -> None:
    key = (data / "secret.key").read_bytes()
    assert "published already" in run("init").output
    assert (data / "secret.key").read_bytes() == key
    assert "published already" in run("publish").output


def test_an_upgrade_backs_up_only_when_something_changes(
    run: Run, data: Path, engine: Engine
) -> None:
    run("upgrade")
    assert list(data.glob("before-upgrade-*")) == []
    schema.downgrade(engine, "base")
    assert "Backup:" in run("upgrade").output
    assert len(list(data.glob("before-upgrade-*.tar.gz"))) == 1


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_is_served_from_a_database_of_another_version(command: str, run: Run) -> None:
    shell = {"TRAINING_DATABASE_URL": "sqlite://"}
    assert "training upgrade" in run(command, expect=1, **shell).output


@pytest.mark.parametrize("command", ["init", "serve", "worker", "upgrade", "check"])
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "Look whether it is running"),
        ("sqlite:////no/such/folder/training.db", "TRAINING_DATABASE_URL is right"),
        ("", "or unset it"),
        ("mysql://db/x", "or unset it"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_in_one_sentence(
    command: str, url: str, said: str, run: Run
) -> None:
    output = run(command, expect=1, TRAINING_DATABASE_URL=url).output
    assert said in output
    assert len(output.splitlines()) == 1


def test_a_backup_of_a_database_that_is_gone_is_refused_in_one_sentence(run: Run) -> None:
    gone = {"TRAINING_DATABASE_URL": "sqlite:////no/such/folder/training.db"}
    assert "cannot be used" in run("backup", expect=1, **gone).output


def test_what_documents_lack_is_said_at_the_start(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = create_app(settings)
    with app.app_context():
        cli._refuse_unready(app)
        assert capsys.readouterr().err == ""
        monkeypatch.setattr(fonts, "FOLDER", tmp_path)
        monkeypatch.setattr(fonts, "_SUBSETTERS", ("libnothing.so",))
        cli._refuse_unready(app)
    said = capsys.readouterr().err
    assert "Warning: Documents cannot be made: the font Noto Sans is missing." in said
    assert "Install the Debian package libharfbuzz-subset0." in said
    app.extensions["engine"].dispose()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_missing_data_folder_is_said_with_its_remedy(
    command: str, tmp_path: Path, run: Run
) -> None:
    none = {"TRAINING_DATA": str(tmp_path / "none"), "TRAINING_SECRET_KEY": "k" * 32}
    assert "training init" in run(command, expect=1, **none).output
    assert not (tmp_path / "none").exists()


def test_a_data_folder_that_cannot_be_made_is_said(run: Run) -> None:
    output = run("init", expect=1, TRAINING_DATA="/proc/none").output
    assert "Look whether TRAINING_DATA is right" in output


@pytest.mark.parametrize("command", ["serve", "check", "upgrade", "backup", "doctor"])
def test_an_installation_without_a_key_is_refused_with_the_remedy(
    command: str, tmp_path: Path
) -> None:
    result = CliRunner().invoke(cli.main, [command], env=environment(tmp_path / "none"))
    assert result.exit_code == 1
    assert "training init" in result.output
    assert not (tmp_path / "none").exists()


def test_the_first_administrator_gets_a_start_code_that_is_shown_once(
    run: Run, session: Session
) -> None:
    output = run(*ADMIN).output
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", output)
    person = session.scalars(select(Person)).one()
    assert code is not None
    assert passwords.verify(person.start_code_hash, code[0])
    assert person.user_name == "kim"
    assert session.scalars(select(RoleGrant.role)).one() is Role.ADMINISTRATOR


def test_a_taken_user_name_is_refused_without_a_code(run: Run, session: Session) -> None:
    run(*ADMIN)
    output = run(*ADMIN, expect=1).output
    assert "already has this user name" in output
    assert "Start code" not in output
    assert len(session.scalars(select(Person)).all()) == 1


def test_a_backup_is_put_back_into_an_empty_installation_only(
    run: Run, data: Path, tmp_path: Path
) -> None:
    run(*ADMIN)
    archive = tmp_path / "backup.tar.gz"
    run("backup", str(archive))
    assert "exists" in run("restore", str(archive), expect=1).output
    assert "exists already" in run("backup", str(archive), expect=1).output
    fresh = {"TRAINING_DATA": str(tmp_path / "fresh")}
    assert "training upgrade" in run("restore", str(archive), **fresh).output
    run("upgrade", **fresh)
    assert "Every record agrees." in run("check", **fresh).output
    assert (tmp_path / "fresh" / "secret.key").read_bytes() == (data / "secret.key").read_bytes()


def test_a_changed_event_fails_the_check(run: Run, session: Session) -> None:
    run(*ADMIN)
    audit.seal(session, at=NOW)
    session.commit()
    assert "Every record agrees." in run("check").output
    session.scalars(select(AuditEvent)).first().action = "nothing"  # type: ignore[union-attr]
    session.commit()
    assert "seal 1" in run("check", expect=1).output


def test_the_demonstration_is_not_filled_outside_it(run: Run, session: Session) -> None:
    assert "TRAINING_DEMO=1" in run("demo", expect=1).output
    assert session.scalars(select(Person)).first() is None


def test_the_doctor_says_what_is_missing(run: Run, data: Path) -> None:
    assert "training worker" in run("doctor", expect=1).output
    jobs.beat(data)
    assert (
        "training worker"
        not in CliRunner().invoke(cli.main, ["doctor"], env=environment(data)).output
    )


def test_a_curriculum_with_mistakes_is_named_and_not_published(
    run: Run, tmp_path: Path, session: Session
) -> None:
    folder = tmp_path / "curriculum" / "core"
    folder.mkdir(parents=True)
    (folder / "course.toml").write_text("title = ", encoding="utf-8")
    wrong = {"TRAINING_CURRICULUM": str(folder.parent)}
    output = run("publish", expect=1, **wrong).output
    assert "course.toml" in output
    assert "nothing was published" in output
    assert len(session.scalars(select(CourseVersion)).all()) == 1


def test_thirty_mistakes_in_a_curriculum_are_all_named_and_nothing_is_published(
    run: Run, tmp_path: Path, session: Session
) -> None:
    folder = tmp_path / "curriculum"
    write_course(folder)
    mistakes = [*IN_LESSONS, *IN_QUESTIONS]
    for mistake in mistakes:
        change(folder / mistake.file, mistake.old, mistake.new)
    lines = run("publish", expect=1, TRAINING_CURRICULUM=str(folder)).output.splitlines()
    expected = {(placed(folder, mistake), mistake.says) for mistake in mistakes if mistake.says}
    assert len(expected) >= 30
    assert {Path(place.partition(":")[0]).suffix for place, _ in expected} >= {".md", ".toml"}
    missed = [(p, s) for p, s in expected if not any(x.startswith(p) and s in x for x in lines)]
    assert missed == []
    assert lines[-1] == f"Error: {len(lines) - 1} problems, nothing was published."
    assert session.scalars(select(Course.slug)).all() == ["core"]


def placed(folder: Path, mistake: Mistake) -> str:
    """Return how the line about a mistake begins: its file, and the line where that is known."""
    if mistake.line == "-":
        return f"{mistake.file}:"
    return f"{mistake.file}:{line_of(folder / mistake.file, mistake.line)}: "
