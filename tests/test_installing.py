"""Installing with make: a machine that lacks something, and an installation left half made."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tools import chromium

ROOT = Path(__file__).parent.parent
# Stands in for the Python of a fresh Debian, whose ensurepip is in a package of its own.
PYTHON = """#!/bin/sh
case "$*" in
  *ensurepip*) exit {ensurepip} ;;
  *version_info*) echo python3.11-venv ;;
  "-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python; cp pip .venv/bin/pip ;;
esac
"""


def install(folder: Path, *, ensurepip: bool) -> str:
    """Run `make install` in a folder whose commands only say what they would do."""
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "requirements.txt").touch()
    (folder / "tools").mkdir()
    commands = {
        "tools/packages.sh": "#!/bin/sh\necho PACKAGES $@\n",
        "pip": "#!/bin/sh\necho PIP $@\n",
        "python": PYTHON.format(ensurepip=0 if ensurepip else 1),
    }
    for name, text in commands.items():
        (folder / name).write_text(text, encoding="ascii")
        (folder / name).chmod(0o755)
    command = ["make", "install", f"PYTHON={folder}/python"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def test_what_making_an_environment_needs_is_installed_first(tmp_path: Path) -> None:
    said = install(tmp_path, ensurepip=False)
    assert "PACKAGES python3.11-venv" in said
    assert "PIP install" in said


def test_nothing_is_installed_where_it_is_there(tmp_path: Path) -> None:
    assert "-venv" not in install(tmp_path, ensurepip=True)


def test_an_environment_left_without_pip_is_made_again(tmp_path: Path) -> None:
    half = tmp_path / ".venv" / "bin"
    half.mkdir(parents=True)
    (half / "python").write_text("#!/bin/sh\n", encoding="ascii")
    (half / "python").chmod(0o755)
    assert "PIP install" in install(tmp_path, ensurepip=True)


@pytest.mark.parametrize("name", chromium.NAMES)
def test_the_browser_is_found_under_each_of_its_names(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="install one of chromium"):
        chromium.path()
    (tmp_path / name).touch(mode=0o755)
    assert chromium.path() == str(tmp_path / name)
