"""What the platform has acknowledged: written down only when its answer had arrived."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock


@dataclass(frozen=True)
class Answered:
    """An answer that was acknowledged, in the order in which its learner gave them."""

    attempt: int
    round: int
    position: int
    chosen: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A document that was downloaded, by the digest of what arrived."""

    certificate: int
    language: str
    sha256: str


@dataclass
class Notes:
    """What one learner knows to be done."""

    person: int
    assignment: int
    name: str
    ticked: list[str] = field(default_factory=list)  # The path of each lesson.
    begun: list[int] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    submitted: list[tuple[int, int]] = field(default_factory=list)
    reread: list[tuple[int, int]] = field(default_factory=list)
    confirmed: list[int] = field(default_factory=list)
    wanted: list[tuple[int, str]] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    passed: bool = False
    finished: bool = False


@dataclass
class Journal:
    """The notes of every learner, what went wrong on the way, and how much was done."""

    notes: list[Notes] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def open(self, notes: Notes) -> None:
        """Add a learner who begins."""
        with self._lock:
            self.notes.append(notes)

    def count(self, what: str) -> None:
        """Count something that happened."""
        with self._lock:
            self.counts[what] += 1

    def violate(self, sentence: str) -> None:
        """Note something that must never happen."""
        with self._lock:
            self.violations.append(sentence)
