"""What is measured: one thing somebody does, done through any transport."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, cycle

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from certificates.register.models import Certificate
from quizzes.attempts import services as attempts
from quizzes.attempts.models import Attempt, Item
from tools.bench.browser import Answer, Browser, Transport
from tools.bench.history import PASSWORD, ROTATION
from tools.bench.page import Key, Page
from tools.bench.population import Population

BAD = 400


@dataclass
class Material:
    """What both passes draw on: cookies, open attempts, certificates, and fresh learners."""

    population: Population
    cookies: Mapping[int, str]
    token: str
    key: Key
    answers: Iterator[tuple[int, str, str]]
    papers: Mapping[int, tuple[str, str]]
    fresh: Iterator[int]
    readers: Iterator[int]
    signing_in: Iterator[int]


def material(
    engine: Engine, population: Population, cookies: Mapping[int, str], token: str
) -> Material:
    """Begin the attempts that answers are saved in, and look up what the visitors know."""
    learners = population.learners
    answering = learners[: len(learners) // 6]
    with Session(engine.execution_options(write=True)) as session:
        for person in answering:
            attempts.start(session, person, population.open_assignment(person), at=population.now)
        session.commit()
        items = session.execute(
            select(Item.position, Item.option_order, Attempt.id, Attempt.assignment_id)
            .join(Attempt, Attempt.id == Item.attempt_id)
            .order_by(Item.position, Attempt.id)
        ).all()
        places = [
            (assignment - population.completions, f"/attempts/{attempt}/0/{position}", order)
            for position, order, attempt, assignment in items
        ]
        papers = {
            person: (number, code)
            for person, number, code in session.execute(
                select(Certificate.person_id, Certificate.number, Certificate.code).where(
                    Certificate.person_id.in_(learners)
                )
            )
            if person is not None
        }
        key = Key(session)
    return Material(
        population,
        cookies,
        token,
        key,
        _answers(places),
        papers,
        iter(learners[len(learners) // 6 : len(learners) * 2 // 3]),
        cycle(learners[len(learners) * 2 // 3 :]),
        cycle(learners),
    )


def _answers(places: list[tuple[int, str, list[str]]]) -> Iterator[tuple[int, str, str]]:
    # Each time round another choice, so that there always is something to save.
    for time in count():
        for person, path, order in places:
            yield person, path, order[time % len(order)]


@dataclass
class Scene:
    """The visitors of one pass, all through the same transport."""

    material: Material
    transport: Transport
    sizes: list[int] = field(default_factory=list)

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        answer = self.transport(method, path, headers, body)
        self.sizes.append(answer.size)
        if answer.status >= BAD:
            raise RuntimeError(f"{method} {path}: {answer.status}\n{answer.text[-800:]}")
        return answer

    def visitor(self, person: int) -> Browser:
        """Return the browser of somebody who has signed in."""
        return Browser(self._send, self.material.cookies[person], self.material.token)

    def sign_in(self) -> None:
        """Open the form and send it."""
        browser = Browser(self._send)
        browser.get("/sign-in")
        name = f"person{next(self.material.signing_in)}"
        browser.post("/sign-in", [("user_name", name), ("password", PASSWORD)])

    def home(self) -> None:
        """Open the first page of somebody in their second cycle."""
        self.visitor(next(self.material.readers)).get("/")

    def home_of_veteran(self) -> None:
        """Open the first page of somebody with as many cycles as anybody."""
        self.visitor(self.material.population.veteran).get("/")

    def lesson(self) -> None:
        """Open a lesson."""
        person = next(self.material.readers)
        self.visitor(person).get(lesson_path(self.material.population, person))

    def tick(self) -> None:
        """Tick a lesson that was ticked before, as a second press does."""
        person = next(self.material.readers)
        self.visitor(person).post(lesson_path(self.material.population, person))

    def answer(self) -> None:
        """Choose another answer, which the page's script saves."""
        person, path, choice = next(self.material.answers)
        self.visitor(person).post(path, [("choice", choice)], script=True)

    def attempt(self) -> None:
        """Take a test as a browser with script does: each answer is saved, then Next goes on."""
        person = next(self.material.fresh)
        browser = self.visitor(person)
        start = f"/learn/{self.material.population.open_assignment(person)}/test"
        browser.get(start)
        place = browser.get(browser.post(start).location).location
        while not place.endswith("/overview"):
            question = Page(browser.get(place).text).question
            chosen = [("choice", k) for k in self.material.key.right(question.legend)]
            browser.post(question.action, chosen, script=True)
            place = question.onward
        hand_in = Page(browser.get(place).text).form("/submit$")
        browser.get(browser.post(hand_in.action).location)

    def download(self) -> None:
        """Download a certificate."""
        # Learners have one completion each and come first: their ids are the certificates'.
        person = next(self.material.readers)
        self.visitor(person).get(f"/certificates/{person}/en.pdf")

    def verify(self) -> None:
        """Check a certificate by number and code, without an account."""
        number, code = self.material.papers[next(self.material.readers)]
        Browser(self._send).post("/verify", [("number", number), ("code", code)])

    def people(self) -> None:
        """List the people of an organisation."""
        self.visitor(self.material.population.administrator).get("/people/")

    def search(self) -> None:
        """Find people by a part of their name."""
        self.visitor(self.material.population.administrator).post("/people/", [("q", "berg 12")])

    def assignments(self) -> None:
        """List the assignments of an organisation."""
        self.visitor(self.material.population.administrator).get("/progress/")

    def rotation(self) -> None:
        """List the 300 people of a unit, each with a cycle behind them and one open."""
        self.visitor(self.material.population.administrator).get(f"/progress/?unit={ROTATION}")

    def readiness(self) -> None:
        """Open the readiness board of the 300 people of a unit."""
        self.visitor(self.material.population.administrator).get(f"/readiness/?unit={ROTATION}")

    def completions(self) -> None:
        """Fetch the completions of the last 300 days as CSV."""
        population = self.material.population
        first = (population.now - timedelta(days=300)).date()
        address = f"/records/completions.csv?first={first.isoformat()}"
        self.visitor(population.administrator).get(address)


def lesson_path(population: Population, person: int) -> str:
    """Return the address of the first lesson for somebody."""
    lesson = population.course.lessons[0]
    assignment = population.open_assignment(person)
    return f"/learn/{assignment}/lessons/{lesson.module_slug}/{lesson.slug}"


@dataclass(frozen=True)
class Row:
    """A line of the table: what is done, how often in a round, and what it may cost."""

    name: str
    act: Callable[[Scene], None]
    times: int
    # Milliseconds of CPU on SQLite and on PostgreSQL, from the design.
    targets: tuple[float, float] | None = None


ROWS = (
    Row("sign-in (form, then sent)", Scene.sign_in, 12),
    Row("home", Scene.home, 120, (2.0, 2.0)),
    Row("home, ten cycles behind them", Scene.home_of_veteran, 50),
    Row("lesson", Scene.lesson, 150, (1.5, 3.0)),
    Row("lesson ticked again", Scene.tick, 100),
    Row("one saved answer", Scene.answer, 150, (1.5, 1.5)),
    Row("whole attempt of 13 questions", Scene.attempt, 6, (25.0, 25.0)),
    Row("certificate downloaded", Scene.download, 150, (1.5, 1.5)),
    Row("certificate verified", Scene.verify, 100),
    Row("people list (50 of 2,240)", Scene.people, 50),
    Row("people found by name", Scene.search, 50),
    Row("progress list", Scene.assignments, 20),
    Row("progress list of 300 people (≤ 7 SQL)", Scene.rotation, 20, (12.0, 12.0)),
    Row("readiness board of 300 people (≤ 7 SQL)", Scene.readiness, 20, (15.0, 15.0)),
    Row("CSV of 10,000 completions", Scene.completions, 2, (300.0, 300.0)),
)
