"""The curriculum as it is written: folders of files read into frozen dataclasses.

Reading never fails and judges nothing: what is missing or wrong becomes something empty,
which `rules` reports from the tables and files that are kept beside it.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from modules.catalogue.tables import Table, parse

LANGUAGES = ("en", "nl")
PICTURES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}
COURSE_TABLE = "course.toml"
MODULE_TABLE = "module.toml"
LESSON_NAME = re.compile(r"(?P<prefix>\d\d)-(?P<slug>[a-z0-9-]+)\.(?P<language>[a-z]+)\.md")
BACKUP = re.compile(r"\.|#.*#$|.*(~|\.bak|\.orig|\.swp|\.tmp)$")
VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})")


@dataclass(frozen=True)
class SourceFile:
    """A file of the curriculum: its name within the curriculum, and what it holds."""

    name: str
    data: bytes

    @property
    def base(self) -> str:
        """Return the name without its folders."""
        return self.name.rpartition("/")[2]

    @cached_property
    def text(self) -> str | None:
        """Return it as text with plain line ends, or nothing when it is not UTF-8."""
        try:
            return self.data.decode().replace("\r\n", "\n")
        except UnicodeDecodeError:
            return None

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of what it holds."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def suffix(self) -> str:
        """Return what follows the last dot of the name."""
        return self.base.rpartition(".")[2]


@dataclass(frozen=True)
class WrittenObjective:
    """What a module wants its learners to be able to do."""

    table: Table
    code: str
    bloom: str
    text: dict[str, str]
    draw_critical: int
    draw_other: int


@dataclass(frozen=True)
class WrittenLesson:
    """A lesson and its text in each language that has a file."""

    table: Table
    slug: str
    title: dict[str, str]
    minutes: int
    objectives: tuple[str, ...]
    reviewed_on: date | None
    review_by: date | None
    texts: dict[str, SourceFile]


@dataclass(frozen=True)
class WrittenModule:
    """A folder of a course: module.toml, the lessons, their pictures and the questions."""

    folder: str
    table: Table
    files: tuple[SourceFile, ...]
    code: str
    slug: str
    objectives: tuple[WrittenObjective, ...]
    lessons: tuple[WrittenLesson, ...]

    @cached_property
    def pictures(self) -> dict[str, SourceFile]:
        """Return the pictures by the name a lesson uses."""
        return {file.base: file for file in self.files if file.suffix in PICTURES}

    def file(self, base: str) -> SourceFile | None:
        """Return a file of this folder by its name."""
        return next((file for file in self.files if file.base == base), None)


@dataclass(frozen=True)
class WrittenCourse:
    """A course folder with everything in it."""

    folder: str
    table: Table
    files: tuple[SourceFile, ...]
    slug: str
    version: str
    modules: tuple[WrittenModule, ...]

    @property
    def numbers(self) -> tuple[int, int, int] | None:
        """Return X, Y and Z, or nothing when the version is not written so."""
        match = VERSION.fullmatch(self.version)
        return (int(match[1]), int(match[2]), int(match[3])) if match else None

    @cached_property
    def content_hash(self) -> str:
        """Return the SHA-256 over the path and the bytes of every file, sorted by path."""
        total = hashlib.sha256()
        for file in self.files:
            path = file.name.partition("/")[2]
            total.update(f"{path}\0{len(file.data)}\0".encode())
            total.update(file.data)
        return total.hexdigest()


def read(curriculum: Path) -> tuple[WrittenCourse, ...]:
    """Read every course of the curriculum."""
    folders = sorted(path for path in curriculum.iterdir() if path.is_dir())
    return tuple(_course(curriculum, path) for path in folders if not BACKUP.match(path.name))


def _course(curriculum: Path, folder: Path) -> WrittenCourse:
    files = tuple(_files(curriculum, folder))
    table = _table(files, f"{folder.name}/{COURSE_TABLE}")
    names = sorted({file.name.split("/")[1] for file in files if file.name.count("/") > 1})
    modules = tuple(_module(files, f"{folder.name}/{name}") for name in names)
    slug, version = table.text("slug"), table.text("version")
    return WrittenCourse(folder.name, table, files, slug, version, modules)


def _files(curriculum: Path, folder: Path) -> Iterator[SourceFile]:
    """Yield the files in an order that is the same on every machine."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(curriculum).as_posix(): path for path in paths}
    for name in sorted(names):
        if not any(BACKUP.match(part) for part in name.split("/")):
            yield SourceFile(name, names[name].read_bytes())


def _table(files: tuple[SourceFile, ...], name: str) -> Table:
    text = next((file.text for file in files if file.name == name), None)
    return parse(name, text or "")


def _module(files: tuple[SourceFile, ...], folder: str) -> WrittenModule:
    own = tuple(file for file in files if file.name.startswith(f"{folder}/"))
    table = _table(own, f"{folder}/{MODULE_TABLE}")
    objectives = tuple(_objective(entry) for entry in table.tables("objectives"))
    lessons = tuple(_lesson(entry, own) for entry in table.tables("lessons"))
    code, slug = table.text("id"), table.text("slug")
    return WrittenModule(folder, table, own, code, slug, objectives, lessons)


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
