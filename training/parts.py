"""The registry: what each feature adds to the platform, which calls it without knowing it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from training.erasure import Erasure
from training.errors import Problem
from training.handover import Merge
from training.permissions import Permission, Viewer


@dataclass(frozen=True)
class Link:
    """One entry of the navigation; the label is translated when it is shown."""

    label: Any
    endpoint: str
    permission: Permission | None
    icon: str


@dataclass(frozen=True)
class Step:
    """The one next thing to do in an assigned course."""

    label: str
    url: str
    hint: str = ""
    # False for a step that is only offered, such as looking at the certificate.
    left: bool = True
    # True for what goes on until it is finished, even when the course is no longer taught.
    under_way: bool = False


@dataclass(frozen=True)
class PanelRow:
    """One line of a panel on a person's page."""

    label: str
    value: str
    url: str | None = None


@dataclass(frozen=True)
class Panel:
    """What a feature shows of a person to those who may manage them."""

    title: str
    rows: tuple[PanelRow, ...]
    action_label: str | None = None
    action_url: str | None = None
    nothing: str = ""  # What to say, and do, when there are no rows.


@dataclass(frozen=True)
class Running:
    """One line of the page that says whether everything is running."""

    label: str
    state: str  # A badge: ready, risk or notready.
    value: str
    remedy: str = ""
    url: str | None = None


class Asked(Protocol):
    """A question of a course version, as those who write and review the content see it."""

    @property
    def code(self) -> str:
        """Return what it is known by through all versions of its course."""

    @property
    def objective(self) -> str:
        """Return the code of what it asks about."""

    @property
    def critical(self) -> bool:
        """Tell whether it must be answered rightly."""

    @property
    def text(self) -> Mapping[str, str]:
        """Return its words in each language."""

    @property
    def options(self) -> Sequence[Mapping[str, Any]]:
        """Return its answers, each with `right`, and `text` and `feedback` in each language."""


@dataclass(frozen=True)
class MailKind:
    """One kind of mail; its template's first line is the subject, in the person's language."""

    label: Any
    template: str
    # (session, person id, arguments, now) -> the local addresses named in the template; None
    # when the mail has become of no use.
    links: Callable[[Session, int, Mapping[str, str], datetime], Mapping[str, str] | None]
    # (session, person id, now) -> the numbers named in the template; never of one person.
    counts: Callable[[Session, int, datetime], Mapping[str, int]] | None = None


@dataclass(frozen=True)
class Kept:
    """One thing that is kept of a person: what, who entered it, when, and until when."""

    key: str  # What a program knows it by; no language changes it.
    label: str
    value: str
    by: int | str  # The id of a person, or words for whoever or whatever it was.
    at: datetime | date | None
    until: str | None  # None: as long as the organisation keeps its records.
    # All of it for a program, where the value only sums it up.
    data: Any = None


@dataclass(frozen=True)
class KeptSection:
    """What a feature keeps of a person, under one heading."""

    key: str
    heading: str
    records: Sequence[Kept]


@dataclass(frozen=True)
class Part:
    """Everything a feature offers upwards; what it does not offer it leaves out."""

    name: str
    navigation: tuple[Link, ...] = ()
    # (session, person id, assignment ids) -> the step this feature wants next, by assignment.
    steps: Callable[[Session, int, Sequence[int]], Mapping[int, Step]] | None = None
    # (session, person id, today) -> template context of the cards on the person's first page.
    home: Callable[[Session, int, date], Mapping[str, Any]] | None = None
    # (session, viewer, person id) -> what is shown on the page of a person they manage.
    panel: Callable[[Session, Viewer, int], Panel | None] | None = None
    # (session, viewer, person id) -> what should be in order before a person leaves.
    before_leaving: Callable[[Session, Viewer, int], Panel | None] | None = None
    # (session, person id) -> everything this feature keeps of a person, for that person.
    export: Callable[[Session, int], Sequence[KeptSection]] | None = None
    # How it hands over what belongs to one of two records of the same person.
    merge: Merge | None = None
    # How it removes what it keeps of a person when the years are over.
    erasure: Erasure | None = None
    # (session) -> sentences about records that contradict each other.
    check: Callable[[Session], list[str]] | None = None
    # (session) -> sentences about what was issued and is not in this database, e.g. restored.
    lost: Callable[[Session], list[str]] | None = None
    # (session, viewer, now) -> whether what this feature does in the background goes well.
    running: Callable[[Session, Viewer, datetime], Sequence[Running]] | None = None
    # (session, now) -> sentences about background work that waits too long.
    late: Callable[[Session, datetime], list[str]] | None = None
    # name -> a kind of mail which the worker knows how to write.
    mails: Mapping[str, MailKind] | None = None
    # (session, now) -> numbers about background work, by name, for a monitoring system.
    numbers: Callable[[Session, datetime], Mapping[str, float]] | None = None
    # () -> sentences about what this machine lacks.
    problems: Callable[[], list[str]] | None = None
    # (session, curriculum) -> everything that keeps the curriculum from being published.
    validate: Callable[[Session, Path], list[Problem]] | None = None
    # (session, curriculum, now) -> one line for each thing published.
    publish: Callable[[Session, Path, datetime], list[str]] | None = None
    # (session, course version id) -> the questions that belong to what is taught there.
    questions: Callable[[Session, int], Sequence[Asked]] | None = None
    # (now) -> fills the demonstration through the services, in transactions of its own.
    demonstrate: Callable[[datetime], None] | None = None
    # name -> a job of the worker, run each minute and whenever woken.
    jobs: Mapping[str, Callable[[], None]] | None = None


def register(app: Flask, part: Part) -> None:
    """Add a feature's part; parts are called in the order of registration."""
    app.extensions.setdefault("parts", []).append(part)


def questions(session: Session, course_version_id: int) -> list[Asked]:
    """Return the questions of a course version from whichever feature keeps them."""
    asking = (part.questions for part in registered() if part.questions is not None)
    return [found for ask in asking for found in ask(session, course_version_id)]


def registered() -> Sequence[Part]:
    """Return the parts of the running application, lowest feature first."""
    parts: list[Part] = current_app.extensions["parts"]
    return parts
