"""Who there is, in numbers: ids are counted, so that rows can refer to each other at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from modules.catalogue.published import PublishedCourse

LEARNERS = 300


@dataclass
class Population:
    """Who there is; the first people are the learners that do things, the last has the most."""

    people: int
    completions: int
    course: PublishedCourse
    paper: bytes
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @cached_property
    def learners(self) -> range:
        """Return the ids of the people who have one cycle behind them and one open."""
        return range(1, min(LEARNERS, self.people // 2) + 1)

    @property
    def veteran(self) -> int:
        """Return the id of somebody with as many cycles as anybody."""
        return len(self.learners) + 1

    @property
    def administrator(self) -> int:
        """Return the id of the administrator of the first organisation."""
        return self.people + 1

    @cached_property
    def cycles(self) -> list[int]:
        """Return how often each person has completed the course, by id; there is no person 0."""
        doing = len(self.learners)
        others = self.people - doing
        least, more = divmod(self.completions - doing, others)
        return [0, *[1] * doing, *[least + 1] * more, *[least] * (others - more)]

    def completed(self) -> Iterator[tuple[int, int, int]]:
        """Return completion id, person and cycle of everything completed."""
        number = 0
        for person in range(1, self.people + 1):
            for cycle in range(1, self.cycles[person] + 1):
                number += 1
                yield number, person, cycle

    def open_assignment(self, person: int) -> int:
        """Return the id of a person's open assignment; those completed come before all of them."""
        return self.completions + person
