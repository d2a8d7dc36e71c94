"""Reading the folders of the curriculum; it never fails on what an author wrote."""

import re
from collections.abc import Iterator
from pathlib import Path

from modules.catalogue.models import MayTestFirst
from modules.catalogue.tables import Table, parse
from modules.catalogue.written import (
    COURSE_TABLE,
    MODULE_TABLE,
    SourceFile,
    WrittenCourse,
    WrittenLesson,
    WrittenModule,
    WrittenObjective,
)

LESSON_NAME = re.compile(r"(?P<prefix>\d\d)-(?P<slug>[a-z0-9-]+)\.(?P<language>[a-z]+)\.md")
BACKUP = re.compile(r"\.|#.*#$|.*(~|\.bak|\.orig|\.swp|\.tmp)$")


def read(curriculum: Path) -> tuple[WrittenCourse, ...]:
    """Read every course of the curriculum."""
    folders = sorted(path for path in curriculum.iterdir() if path.is_dir())
    return tuple(_course(curriculum, path) for path in folders if not BACKUP.match(path.name))


def _course(curriculum: Path, folder: Path) -> WrittenCourse:
    files = tuple(_files(curriculum, folder))
    table = _table(files, f"{folder.name}/{COURSE_TABLE}")
    names = sorted({file.name.split("/")[1] for file in files if file.name.count("/") > 1})
    return WrittenCourse(
        folder=folder.name,
        table=table,
        files=files,
        slug=table.text("slug"),
        version=table.text("version"),
        pass_mark=table.whole("pass_mark"),
        validity_months=table.whole("validity_months"),
        test_first=table.text("test_first") or MayTestFirst.REPEAT,
        modules=tuple(_module(files, f"{folder.name}/{name}") for name in names),
    )


def _files(curriculum: Path, folder: Path) -> Iterator[SourceFile]:
    """Yield the files in an order that is the same on every machine."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(curriculum).as_posix(): path for path in paths}
    for name in sorted(names):
        if not any(BACKUP.match(part) for part in name.split("/")):
            yield SourceFile(name, names[name].read_bytes())


def _table(files: tuple[SourceFile, ...], name: str) -> Table:
    text = next((file.readable for file in files if file.name == name), "")
    return parse(name, text)


def _module(files: tuple[SourceFile, ...], folder: str) -> WrittenModule:
    own = tuple(file for file in files if file.name.startswith(f"{folder}/"))
    table = _table(own, f"{folder}/{MODULE_TABLE}")
    return WrittenModule(
        folder=folder,
        table=table,
        files=own,
        code=table.text("id"),
        slug=table.text("slug"),
        component=table.text("component") or None,
        component_months=table.whole("component_months") or None,
        objectives=tuple(_objective(entry) for entry in table.tables("objectives")),
        lessons=tuple(_lesson(entry, own) for entry in table.tables("lessons")),
    )


def _objective(table: Table) -> WrittenObjective:
    draw = table.table("draw")
    return WrittenObjective(
        table=table,
        code=table.text("id"),
        bloom=table.text("bloom"),
        text=table.texts("text"),
        draw_critical=draw.whole("critical"),
        draw_other=draw.whole("other"),
    )


def _lesson(table: Table, files: tuple[SourceFile, ...]) -> WrittenLesson:
    slug = table.text("slug")
    named = ((LESSON_NAME.fullmatch(file.base), file) for file in files)
    texts = {name["language"]: file for name, file in named if name and name["slug"] == slug}
    return WrittenLesson(
        table=table,
        slug=slug,
        title=table.texts("title"),
        minutes=table.whole("minutes"),
        objectives=table.words("objectives"),
        reviewed_on=table.day("reviewed_on"),
        review_by=table.day("review_by"),
        texts=texts,
    )
