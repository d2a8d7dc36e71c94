"""Measure the present tree and print the table; `python -m tools.bench --help` says how."""

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine, text

from tools.bench import filling, first_view, importing, papers, report, rest
from tools.bench.browser import Browser, Inside, Wire
from tools.bench.databases import SERVERS, sqlite
from tools.bench.installation import Installation
from tools.bench.measuring import Cost, Shape, Stack, cost, shape
from tools.bench.meter import drift
from tools.bench.profiling import profile
from tools.bench.scene import ROWS, Material, Scene, material
from tools.bench.visitors import cookies, form_token

BEGUN = time.monotonic()
FLOOR_TIMES = 500
MANY = 80


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    people: int
    completions: int
    rounds: int
    only: str | None
    profiled: str | None
    write: bool


def main() -> int:
    """Measure, print, and write the page."""
    wanted = _arguments()
    # Being told to end must still end the programs that were started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chosen = [wanted.only] if wanted.only else list(SERVERS)
    if wanted.profiled is not None:
        _profile(wanted, chosen[0])
        return 0
    floor = _floor(wanted.rounds)
    results = [_measure(name, wanted) for name in chosen]
    found = report.markdown(results, floor, wanted.people, wanted.completions)
    print(found)
    if wanted.write:
        report.write(found)
    return 0


def _arguments() -> Wanted:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--completions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=list(SERVERS))
    parser.add_argument("--profile", metavar="WORD", help="profile the rows with this word instead")
    parser.add_argument("--dry", action="store_true", help="leave docs/benchmarks.md as it is")
    found = parser.parse_args()
    whole = found.only is None and not found.dry
    return Wanted(
        found.people, found.completions, found.rounds, found.only, found.profile, write=whole
    )


def _say(sentence: str) -> None:
    print(f"{time.monotonic() - BEGUN:4.0f} s {sentence}", file=sys.stderr, flush=True)


def _floor(rounds: int) -> Cost:
    _say("the floor")
    with sqlite() as database:
        place = Installation(database)
        place.server = place.program("-m", "tools.bench.floor", str(place.port))
        try:
            place.server.start()
            place.wait_ready()
            browser = Browser(Wire(place.port))
            stack = Stack(place.server.pid, None, drift(place.server.pid))
            return cost(partial(browser.get, "/"), FLOOR_TIMES, stack, rounds)
        finally:
            place.stop()


@contextmanager
def _filled(name: str, wanted: Wanted) -> Iterator[tuple[Installation, Engine, Material, Scene]]:
    """Lend a filled installation, not served, and a scene within this process."""
    with SERVERS[name]() as database:
        place = Installation(database)
        place.prepare()
        app = place.app()
        engine: Engine = app.extensions["engine"]
        try:
            _say(f"{name}: filling")
            people = filling.populate(engine, wanted.people, wanted.completions, place.base_url)
            visiting = [*people.learners, people.veteran, people.administrator]
            drawn = material(engine, people, cookies(app, visiting), form_token(app))
            yield place, engine, drawn, Scene(drawn, Inside(app))
        finally:
            place.stop()
            engine.dispose()


def _measure(name: str, wanted: Wanted) -> report.Result:
    with _filled(name, wanted) as (place, engine, drawn, inside):
        shapes = {row.name: shape(row, inside, engine) for row in ROWS}
        place.server.start()
        place.wait_ready()
        wire = Scene(drawn, Wire(place.port))
        rows = _rows(name, place, wire, shapes, wanted.rounds)
        view = first_view.load(wire)
        _say(f"{name}: certificates")
        made = papers.measure(place, engine, wire, MANY)
        # A server that has just begun: what rests after a load test is not what rests.
        place.server.stop()
        place.server.start()
        place.wait_ready()
        resting = rest.measure(place, wire)
        _say(f"{name}: import")
        imported = importing.measure(place, drawn, min(importing.ROWS, wanted.people))
        return report.Result(name, _version(engine), rows, made, view, resting, imported)


def _rows(
    name: str, place: Installation, wire: Scene, shapes: dict[str, Shape], rounds: int
) -> dict[str, tuple[Cost, Shape]]:
    database = place.database.process
    roots = (place.server.pid,) if database is None else (place.server.pid, database)
    stack = Stack(place.server.pid, database, drift(*roots))
    found = {}
    for row in ROWS:
        _say(f"{name}: {row.name}")
        found[row.name] = (
            cost(partial(row.act, wire), row.times, stack, rounds),
            shapes[row.name],
        )
    return found


def _version(engine: Engine) -> str:
    asked = "sqlite_version()" if engine.dialect.name == "sqlite" else "version()"
    with engine.connect() as connection:
        said = str(connection.scalar(text(f"SELECT {asked}")))
    return said.removeprefix("PostgreSQL ").partition(" ")[0]


def _profile(wanted: Wanted, name: str) -> None:
    with _filled(name, wanted) as (_place, _engine, _drawn, inside):
        for row in ROWS:
            if (wanted.profiled or "") in row.name:
                profile(row, inside)


if __name__ == "__main__":
    sys.exit(main())
