"""What processes have cost so far, as the kernel counts it. Linux only, as is the platform."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
KIB = 1024


@dataclass(frozen=True)
class Process:
    """One line of /proc/PID/stat: whose child it is, and its seconds of CPU.

    The seconds of children that have ended and been waited for are their parent's.
    """

    parent: int
    seconds: float


def _processes() -> dict[int, Process]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue  # It ended while we looked.
            # The name stands in brackets and may hold anything.
            fields = text.rpartition(")")[2].split()
            found[int(folder.name)] = Process(
                int(fields[1]), sum(int(ticks) for ticks in fields[11:15]) / TICKS
            )
    return found


def _tree(processes: dict[int, Process], roots: Iterable[int]) -> set[int]:
    tree = {pid for pid in roots if pid in processes}
    while more := {pid for pid, p in processes.items() if p.parent in tree} - tree:
        tree |= more
    return tree


def seconds(*roots: int) -> float:
    """Return the CPU seconds, user and system, of processes and everything below them."""
    processes = _processes()
    return sum(processes[pid].seconds for pid in _tree(processes, roots))


def memory(*roots: int) -> int:
    """Return the bytes of processes and those below; what they share is counted once."""
    return sum(_proportional(pid) for pid in _tree(_processes(), roots))


def _proportional(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * KIB for line in lines if line.startswith("Pss:"))


@dataclass(frozen=True)
class Drift:
    """CPU seconds per second that processes use while nobody asks anything of them."""

    rate: float

    def without(self, used: float, elapsed: float) -> float:
        """Return what was used for the work itself."""
        return max(used - self.rate * elapsed, 0.0)


def drift(*roots: int, during: float = 2.0) -> Drift:
    """Watch processes do nothing for a while."""
    before, begun = seconds(*roots), time.monotonic()
    time.sleep(during)
    return Drift((seconds(*roots) - before) / (time.monotonic() - begun))
