"""Where the time of one act goes, within this process."""

import cProfile
import pstats

from tools.bench.scene import Row, Scene

SHOWN = 40
TIMES = 100


def profile(row: Row, scene: Scene) -> None:
    """Do it until it is warm, then many times under the profiler, and print what costs most."""
    times = max(1, min(TIMES, row.times))
    for _ in range(3):
        row.act(scene)
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(times):
        row.act(scene)
    profiler.disable()
    print(f"\n== {row.name}: {times} times ==")
    found = pstats.Stats(profiler)
    found.sort_stats("tottime").print_stats(SHOWN)
    found.sort_stats("cumulative").print_stats(SHOWN * 2)
