"""Asks a running console everything that its descriptions allow, and much that they do not.

    python scripts/tools/api_fuzz --place DIR [--examples N] [--seed N]

DIR holds data that a test has filled (`scripts/api_fuzz.sh` sees to it). No answer may be a server's error, and each
must be one that the description has: status, media type, schema. Ends as Python's unittest does, with each route in
each role as one test.
"""

import argparse
import collections
import pathlib
import sys
import tempfile
import time

from house import House
from place import Console, Review
from runs import Run, Signers, all_of, listed

# Of one account 20 may be there at once.
SESSIONS = 16


class Found:
    """What came of the runs."""

    def __init__(self):
        self.tests, self.failures, self.told = 0, [], collections.Counter()

    def take(self, result):
        self.tests += result.tests
        self.failures += result.failures
        self.told.update(result.told)
        print(f"{result.run.name}: {result.tests} routes, {result.told.get('requests', 0)} requests", flush=True)

    def look(self, place, before_kb):
        if place.alive():
            print(f"memory: {before_kb} kB before, {place.memory_kb()} kB after")
        else:
            self.failures.append(f"the program has ended\n{place.said()[-4000:]}")
        panics = [line for line in place.said().splitlines() if "panicked" in line]
        self.failures += [f"the program panicked: {line}" for line in panics]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--place", required=True, type=pathlib.Path, help="folder of data")
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path("target/debug/wayside"))
    parser.add_argument("--examples", type=int, default=10, help="of each route, in each phase")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=2, help="runs at once")
    parser.add_argument("--every-role", action="store_true", help="also roles that are refused most of it")
    parser.add_argument("--only", default="", help="runs whose name begins so")
    parser.add_argument("--out", type=pathlib.Path, help="where what was said is kept")
    arguments = parser.parse_args()
    began = time.monotonic()
    found = Found()
    with tempfile.TemporaryDirectory() as scratch:
        out = arguments.out or pathlib.Path(scratch)
        out.mkdir(parents=True, exist_ok=True)

        def ask(place, runs, signers):
            """Has runs asked, and looks how the program has borne it."""
            runs = [run for run in runs if run.name.startswith(arguments.only)]
            before_kb = place.memory_kb()
            how = (out, arguments.examples, arguments.seed, arguments.at_once)
            for result in all_of(runs, house, signers, *how):
                found.take(result)
            found.look(place, before_kb)

        program = arguments.program.resolve()
        with Console(program, arguments.place) as place:
            house = House(place)
            ask(place, listed(arguments.every_role), Signers(place.url, sessions=house.sessions(SESSIONS)))
        # The log of one machine is one process's: review by itself comes afterwards.
        with Review(program, arguments.place) as place:
            ask(place, [Run("review", place.ROLE)], Signers(place.url, tokens=place.tokens))
    tests, failures, told = found.tests, found.failures, found.told
    print(", ".join(f"{name}: {count}" for name, count in sorted(told.items())))
    for failure in failures:
        print(f"\nFAIL: {failure}")
    print(f"\nRan {max(tests, len(failures))} tests in {time.monotonic() - began:.1f}s\n")
    print(f"FAILED (failures={len(failures)})" if failures else "OK")
    return 1 if failures or not tests else 0


sys.exit(main())
