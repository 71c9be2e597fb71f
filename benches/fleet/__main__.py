"""The fleet, measured: `wayside simulate` publishes over a real Apache Kafka, `wayside enforce` judges.

    python3 benches/fleet NAME... [--cameras N] [--seconds S] [--json FILE]

Names: rate, lag, curve. Needs the release build (or WAYSIDE_PROGRAM), Java and Kafka's jars (scripts/setup.sh
kafka) and `cargo build -p wayside-broker`. Figures are of this machine and of this minute, on which broker,
publisher and enforcer share the processors.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import signal
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(1, str(pathlib.Path(__file__).parent.parent / "live"))

import curve  # noqa: E402
import lag  # noqa: E402
import rate  # noqa: E402
import show  # noqa: E402
from children import BenchError  # noqa: E402
from places import ROOT  # noqa: E402
from result import Result  # noqa: E402

NAMES = ("rate", "lag", "curve")
WORK = ROOT / "out" / "bench" / "fleet"


def measure(name: str, folder: pathlib.Path, arguments: argparse.Namespace) -> Result:
    """Runs one subcommand."""
    if name == "rate":
        return rate.measure(folder, arguments.cameras[0] if arguments.cameras else rate.CAMERAS,
                            arguments.seconds or rate.SECONDS)
    if name == "lag":
        return lag.measure(folder, arguments.cameras[0] if arguments.cameras else lag.CAMERAS,
                           arguments.seconds or lag.PAUSE_S)
    return curve.measure(folder, arguments.cameras or curve.CAMERAS, arguments.seconds or curve.SECONDS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="benches/fleet", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--cameras", type=int, nargs="+", help="how many; curve takes several")
    parser.add_argument("--seconds", type=int, help="event time of rate and curve; length of the pause of lag")
    parser.add_argument("--json", type=pathlib.Path, help="write every figure there too")
    arguments = parser.parse_args()
    # SystemExit unwinds, so that every child is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    WORK.mkdir(parents=True, exist_ok=True)

    figures, problems = {"machine": show.machine()}, []
    for name in arguments.names:
        load = show.machine()
        try:
            with tempfile.TemporaryDirectory(dir=WORK) as folder:
                result = measure(name, pathlib.Path(folder), arguments)
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
