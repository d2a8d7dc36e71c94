"""The curriculum as it is written, as frozen values: courses, modules, lessons and their files.

What an author left out or wrote wrongly is something empty here; `rules` reports it from the
tables and files that are kept beside it.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from modules.catalogue.tables import Table

LANGUAGES = ("en", "nl")
PICTURES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}
COURSE_TABLE = "course.toml"
MODULE_TABLE = "module.toml"
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

    @property
    def readable(self) -> str:
        """Return it as text in any case, so that one wrong byte is one problem only."""
        return self.data.decode(errors="replace").replace("\r\n", "\n")

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
    component: str | None
    component_months: int | None
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
    pass_mark: int
    validity_months: int
    test_first: str
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
