"""Kill server and worker at random moments while people learn; then look what is missing."""

import argparse
import secrets
import signal
import sys

from tools.bench.databases import SERVERS
from tools.soak.run import Plan, soak

# One learner takes longer than one kill, so this many are never used up.
LEARNERS_PER_KILL = 5
AT_ONCE = 6


def main() -> int:
    """Run on the databases asked for; end with 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tools.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--database", choices=list(SERVERS))
    asked = parser.parse_args()
    # Being told to end must still end the programs that were started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    plan = Plan(asked.seed, asked.kills, asked.kills * LEARNERS_PER_KILL + AT_ONCE, AT_ONCE)
    print(f"seed {plan.seed}", flush=True)
    broken = 0
    for name in [asked.database] if asked.database else list(SERVERS):
        broken += _soak(name, plan)
    return 1 if broken else 0


def _soak(name: str, plan: Plan) -> int:
    with SERVERS[name]() as database:
        journal, found, seconds = soak(database, plan)
    print(f"\n{name}, seed {plan.seed}, {seconds:.0f} s")
    for what, times in sorted(journal.counts.items()):
        print(f"  {times:6} {what}")
    for sentence in found:
        print(f"BROKEN: {sentence}")
    print(
        "Nothing acknowledged is missing, nothing is double."
        if not found
        else f"{len(found)} broken"
    )
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
