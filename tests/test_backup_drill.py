"""The drill: back up, go on issuing, lose everything, restore, and learn what is missing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from certificates.register import issued_log
from training import db, outside
from training.app import create_app
from training.cli import main
from training.config import load
from training.upkeep import seal_log, services

pytestmark = pytest.mark.slow


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Return what runs commands on an installation of its own."""
    monkeypatch.setenv("TRAINING_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("TRAINING_DATABASE_URL", raising=False)
    monkeypatch.delenv("TRAINING_SECRET_KEY", raising=False)
    monkeypatch.delenv("TRAINING_DEMO", raising=False)
    return CliRunner()


def test_after_a_restore_what_was_issued_since_the_backup_is_named(
    run: CliRunner, tmp_path: Path
) -> None:
    data, archive = tmp_path / "var", tmp_path / "backup.tar.gz"
    assert run.invoke(main, ["init"]).exit_code == 0
    assert run.invoke(main, ["backup", str(archive)]).exit_code == 0
    app = create_app(load())
    with app.app_context():
        assert services.last(db.session(), services.BACKUP) is not None
    app.extensions["engine"].dispose()
    # Issued after the backup: the list outside the database is all that is left of it.
    issued_log.append(data, "00000-00000", "0" * 64)
    outside.append(data / seal_log.NAME, f"9 {'0' * 64} 2026-11-24T12:00:00+00:00")
    refused = run.invoke(main, ["restore", str(archive)])
    assert "move it away first" in refused.output
    for path in data.glob("training.db*"):
        path.unlink()
    restored = run.invoke(main, ["restore", str(archive)])
    assert restored.exit_code == 0, restored.output
    assert "Certificate 00000-00000 was issued and is not in this database." in restored.output
    assert "went back to seal 0: the audit events under the seals up to 9" in restored.output
    checked = run.invoke(main, ["check"])
    assert checked.exit_code == 1
    assert "00000-00000" in checked.output
    assert "cut off" not in checked.output
