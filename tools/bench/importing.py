"""A long list is imported while a room full of people goes on saving answers."""

import re
import secrets
import threading
import time
from dataclasses import dataclass, field

from tools.bench.browser import Browser, Wire
from tools.bench.history import FAMILY, GIVEN, UNITS
from tools.bench.installation import Installation
from tools.bench.scene import Material, Scene

ROWS = 10_000
SAVING = 50
EVERY = 2.0  # Seconds in which each of them saves one answer.
LOOKED_AGAIN = 1.0
PATIENCE = 300
SELECT = re.compile(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', re.DOTALL)
SELECTED = re.compile(r'<option selected value="([^"]*)"')


@dataclass
class Imported:
    """Seconds of the clock: of the whole import, and of answers saved meanwhile."""

    rows: int
    seconds: float = 0.0
    answers: list[float] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        """Return how long the slowest answer took, in milliseconds."""
        return max(self.answers) * 1000


def measure(place: Installation, material: Material, rows: int) -> Imported:
    """Import a list as an administrator does; the worker must be running."""
    found, ended = Imported(rows), threading.Event()
    lock, failed = threading.Lock(), []

    def save(number: int) -> None:
        scene = Scene(material, Wire(place.port))
        ended.wait(EVERY * number / SAVING)
        while not ended.is_set():
            with lock:
                person, path, choice = next(material.answers)
            begun = time.monotonic()
            try:
                scene.visitor(person).post(path, [("choice", choice)], script=True)
            except (OSError, RuntimeError) as error:
                failed.append(error)
                return
            took = time.monotonic() - begun
            found.answers.append(took)
            ended.wait(max(EVERY - took, 0.0))

    savers = [threading.Thread(target=save, args=(number,)) for number in range(SAVING)]
    for saver in savers:
        saver.start()
    try:
        visitor = Scene(material, Wire(place.port)).visitor(material.population.administrator)
        begun = time.monotonic()
        _import(visitor, _list(rows))
        found.seconds = time.monotonic() - begun
    finally:
        ended.set()
        for saver in savers:
            saver.join()
    if failed:
        raise RuntimeError(f"an answer was not saved: {failed[0]}")
    return found


def _list(rows: int) -> bytes:
    lines = (f"{_name(n)};N{n:06};sgt;Unit {n % UNITS + 1}\n" for n in range(rows))
    return ("Naam;Personeelsnummer;Rang;Eenheid\n" + "".join(lines)).encode()


def _name(number: int) -> str:
    # Figures in a name are refused; many share the first word and the last.
    letters = "".join("abcdefghij"[int(figure)] for figure in str(number)).capitalize()
    return f"{GIVEN[number % len(GIVEN)]} {letters} {FAMILY[number // 7 % len(FAMILY)]}"


def _import(visitor: Browser, data: bytes) -> None:
    columns = visitor.upload("/imports/", [("token", secrets.token_urlsafe(16))], data).location
    page = visitor.get(columns).text
    chosen = {name: SELECTED.search(options) for name, options in SELECT.findall(page)}
    fields = [(name, found[1] if found else "") for name, found in chosen.items()]
    plan = visitor.post(columns, [("sheet", "0"), *fields]).location
    visitor.get(plan)
    visitor.post(f"{plan}/apply")
    end = time.monotonic() + PATIENCE
    while "data-refresh" in visitor.get(plan).text:
        if time.monotonic() > end:
            raise RuntimeError("the import does not end")
        time.sleep(LOOKED_AGAIN)
