"""Live cameras, measured: `wayside camera` serves clips, `wayside run` watches them.

    python3 benches/live NAME... [--seconds S] [--rounds N] [--json FILE]

Names: sixteen, overload, gate, capacity, stages, detectors; `bench` stands for all but the first. Needs the
release build and gst-launch-1.0. Figures are of this machine and of this minute; a promise that is not
about time and does not hold (a frame that is unaccounted for, memory that grows) ends it with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import capacity  # noqa: E402
import detectors  # noqa: E402
import gate  # noqa: E402
import overload  # noqa: E402
import show  # noqa: E402
import sixteen  # noqa: E402
import stages  # noqa: E402
from children import BenchError  # noqa: E402
from result import Result  # noqa: E402

BENCH = ("overload", "gate", "capacity", "stages", "detectors")
SECONDS = {"sixteen": 600.0, "overload": 60.0, "gate": 30.0, "capacity": 15.0, "stages": 40.0, "detectors": 20.0}


def measure(name: str, seconds: float, arguments: argparse.Namespace) -> Result:
    """Runs one subcommand."""
    if name == "sixteen":
        return sixteen.measure(seconds, arguments.scene)
    if name == "gate":
        return gate.measure(seconds, arguments.rounds, arguments.cameras)
    of = {"overload": overload, "capacity": capacity, "stages": stages, "detectors": detectors}
    return of[name].measure(seconds, arguments.rounds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="benches/live", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", choices=[*SECONDS, "bench"], metavar="NAME", help=", ".join(SECONDS))
    time = parser.add_mutually_exclusive_group()
    time.add_argument("--seconds", type=float, help="of each measured window; each has a length of its own")
    time.add_argument("--minutes", type=float, help="the same in minutes")
    parser.add_argument("--rounds", type=int, default=3, help="of gate and detectors (3)")
    parser.add_argument("--cameras", type=int, default=4, help="of gate (4)")
    parser.add_argument("--scene", choices=sixteen.SCENES, default="mixed", help="of sixteen (mixed)")
    parser.add_argument("--json", type=pathlib.Path, help="write every figure there too")
    arguments = parser.parse_args()
    asked = arguments.minutes * 60 if arguments.minutes else arguments.seconds
    names = [name for given in arguments.names for name in (BENCH if given == "bench" else (given,))]
    # SystemExit unwinds, so that every child is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    figures, problems = {"machine": show.machine()}, []
    for name in names:
        seconds = asked or SECONDS[name]
        print(f"{name}: windows of {seconds:.0f} s", file=sys.stderr, flush=True)
        load = show.machine()
        try:
            result = measure(name, seconds, arguments)
        except BenchError as error:
            result = Result(name, "", {}, [str(error)])
        print(f"\n{result.title}\n\n{result.text}\nload {load['load']} before, {show.machine()['load']} after")
        for problem in result.problems:
            print(f"BROKEN: {problem}")
        sys.stdout.flush()
        figures[name] = {**result.figures, "problems": result.problems}
        problems += result.problems
        if arguments.json:
            arguments.json.parent.mkdir(parents=True, exist_ok=True)
            arguments.json.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"\n{show.machine()['processor']}, {show.machine()['processors']} processors")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
