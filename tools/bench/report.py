"""The table: what was measured, what the design asks, and on which machine."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.bench.first_view import File
from tools.bench.importing import Imported
from tools.bench.measuring import Cost, Shape
from tools.bench.papers import Papers
from tools.bench.rest import Rest
from tools.bench.scene import ROWS, Row

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured -->", "<!-- end of what was measured -->"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
KB = 1000
PAPER = 50.0
A_SECOND = 20.0
VIEW_KB, VIEW_REQUESTS = 40.0, 5
MEMORY = 200.0
IMPORT_SECONDS, ANSWER_MS = 20.0, 1000.0


@dataclass(frozen=True)
class Result:
    """Everything measured on one database."""

    database: str
    version: str
    rows: Mapping[str, tuple[Cost, Shape]]
    papers: Papers
    view: Sequence[File]
    rest: Rest
    imported: Imported


def markdown(results: Sequence[Result], floor: Cost, people: int, completions: int) -> str:
    """Return all of it as Markdown."""
    lines = [_machine(results), "", f"{people:,} people, {completions:,} completions.", ""]
    for result in results:
        lines += [f"### {NAMES[result.database]}", "", *_table(result, floor), ""]
    if results:
        lines += ["### First lesson view, file by file", "", *_view(results[0].view), ""]
    return "\n".join(lines)


def _machine(results: Sequence[Result]) -> str:
    model = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    )
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    databases = ", ".join(f"{NAMES[r.database]} {r.version}" for r in results)
    load = os.getloadavg()[1]
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {model}, {os.cpu_count()} cores, "
        f"{pages * size / 2**30:.0f} GiB, {system}, Linux {platform.release().partition('-')[0]}, "
        f"Python {platform.python_version()}, {databases}. "
        f"Load of the machine at the end, this run included: {load:.1f}."
    )


COLUMNS = (
    "work", "requests", "CPU ms", "of it database", "× floor", "wall ms", "SQL", "bytes", "target",
    "",
)  # fmt: skip


def _table(result: Result, floor: Cost) -> Iterator[str]:
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|---" + "|--:" * (len(COLUMNS) - 2) + "|---|"
    base = f"{floor.cpu:.2f} | – | 1.0 | {floor.wall:.1f}"
    yield f"| empty Flask view (the floor) | 1 | {base} | – | – | – | |"
    for row in ROWS:
        yield _row(row, result, floor)
    papers, rest = result.papers, result.rest
    yield from _imported(result.imported)
    yield _other("certificate made, the worker's first", f"{papers.first:.0f}")
    yield _other(
        "certificate made, one at a time", f"{papers.singly:.0f}", "≤ 50", papers.singly <= PAPER
    )
    yield _other(
        "certificate made, in bulk", f"{papers.in_bulk:.0f}", "≤ 50", papers.in_bulk <= PAPER
    )
    yield _other(
        f"certificates a second in bulk: {papers.a_second:.0f}",
        "–",
        "≥ 20",
        papers.a_second >= A_SECOND,
    )
    kilobytes, requests = sum(file.size for file in result.view) / KB, len(result.view)
    yield _other(
        f"first lesson view on the wire: {kilobytes:.0f} kB, {requests} requests",
        "–",
        "≤ 40 kB, ≤ 5",
        kilobytes <= VIEW_KB and requests <= VIEW_REQUESTS,
    )
    parts = f"server {rest.server:.0f}, worker {rest.worker:.0f}"
    if rest.database:
        parts += f", database {rest.database:.0f}"
    yield _other(
        f"memory at rest: {rest.total:.0f} MiB ({parts})",
        "–",
        "≤ 200 MiB",
        rest.total <= MEMORY,
    )


def _imported(found: Imported) -> Iterator[str]:
    yield _other(
        f"import of {found.rows:,} people: {found.seconds:.1f} s on the clock",
        "–",
        "< 20 s",
        found.seconds < IMPORT_SECONDS,
    )
    yield _other(
        f"slowest of {len(found.answers)} answers saved meanwhile: {found.slowest:.0f} ms",
        "–",
        "≤ 1,000 ms",
        found.slowest <= ANSWER_MS,
    )


def _row(row: Row, result: Result, floor: Cost) -> str:
    found, shape = result.rows[row.name]
    target = row.targets[0 if result.database == "sqlite" else 1] if row.targets else None
    cells = [
        row.name,
        str(shape.requests),
        f"{found.cpu:.2f}",
        f"{found.database:.2f}" if result.database != "sqlite" else "–",
        f"{found.cpu / floor.cpu / shape.requests:.1f}" if floor.cpu else "–",
        f"{found.wall:.1f}",
        str(shape.statements),
        f"{shape.size:,}",
        f"≤ {target:g}" if target else "–",
        _verdict(found.cpu <= target) if target else "",
    ]
    return f"| {' | '.join(cells)} |"


def _other(name: str, cpu: str, target: str = "–", held: bool | None = None) -> str:  # noqa: FBT001 - private
    verdict = "" if held is None else _verdict(held)
    return f"| {name} | – | {cpu} | – | – | – | – | – | {target} | {verdict} |"


def _verdict(held: bool) -> str:  # noqa: FBT001 - a private two-way answer
    return "ok" if held else "**OVER**"


def _view(files: Sequence[File]) -> Iterator[str]:
    yield "| file | bytes | gzip would make it | sent as |"
    yield "|---|--:|--:|---|"
    for file in files:
        yield f"| {file.path} | {file.size:,} | {file.gzipped:,} | {file.encoding} |"
    total, gzipped = sum(f.size for f in files), sum(f.gzipped for f in files)
    yield f"| together | {total:,} | {gzipped:,} | |"


def write(text: str) -> None:
    """Put what was measured into the page; the explanations around it stay."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _old, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
