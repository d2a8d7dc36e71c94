"""Editions of the core course: cut down, or under another version and with other words."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

from flask import Flask

import modules
from training import publishing

MARK = "Revised:"
SHIPPED = Path(modules.__path__[0]) / "curriculum"


def cut_down(folder: Path) -> None:
    """Copy the core course into a folder with the module on conduct alone, as version 0.1.0."""
    course = folder / "core"
    others = shutil.ignore_patterns("0[!6]-*")
    shutil.copytree(SHIPPED / "core", course, ignore=others)
    _change(course / "course.toml", r'^version = ".*"', 'version = "0.1.0"')


def publish_edition(
    app: Flask,
    folder: Path,
    version: str,
    *,
    pass_mark: int = 80,
    reworded: bool = False,
    whole: bool = False,
) -> None:
    """Publish a copy from `folder`; reworded, every text in English begins with a mark.

    It has the module on conduct alone, unless it shall be whole.
    """
    with app.app_context():
        shutil.copytree(SHIPPED if whole else publishing.curriculum(), folder)
        app.extensions["settings"] = replace(app.extensions["settings"], curriculum=folder)
        course = folder / "core" / "course.toml"
        _change(course, r'^version = ".*"', f'version = "{version}"')
        _change(course, r"^pass_mark = \d+", f"pass_mark = {pass_mark}")
        for bank in folder.glob("core/*/questions.toml") if reworded else ():
            _change(bank, r'^text = \{ en = "', f'text = {{ en = "{MARK} ')
        for lesson in folder.glob("core/*/*.en.md") if reworded else ():
            lesson.write_text(f"{MARK} new words.\n\n{lesson.read_text('utf-8')}", "utf-8")
        assert publishing.validate() == []
        assert publishing.publish()


def publish_without_conduct(app: Flask, folder: Path) -> None:
    """Publish a second course, `task`, that has no module on conduct."""
    with app.app_context():
        shutil.copytree(publishing.curriculum(), folder)
        app.extensions["settings"] = replace(app.extensions["settings"], curriculum=folder)
        conduct = shutil.ignore_patterns("06-*")
        shutil.copytree(SHIPPED / "core", folder / "task", ignore=conduct)
        _change(folder / "task" / "course.toml", r'^slug = "core"', 'slug = "task"')
        assert publishing.validate() == []
        assert publishing.publish()


def _change(file: Path, pattern: str, words: str) -> None:
    text, times = re.subn(pattern, words, file.read_text("utf-8"), flags=re.MULTILINE)
    assert times
    file.write_text(text, "utf-8")
