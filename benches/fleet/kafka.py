"""A real Apache Kafka for one measurement."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
from typing import Sequence

from children import BenchError, Child
from places import ROOT, program

READY = re.compile(r"Apache Kafka is ready: --kafka (\S+);.*process (\d+)\)")
PARTITIONS = 12


def broker_program() -> pathlib.Path:
    """What starts Kafka: the newest build."""
    named = os.environ.get("WAYSIDE_BROKER")
    paths = [pathlib.Path(named)] if named else [ROOT / "target" / of / "wayside-broker" for of in ("release", "debug")]
    there = [path for path in paths if path.is_file()]
    if not there:
        raise SystemExit(f"{paths[-1]} is not there: cargo build -p wayside-broker; scripts/setup.sh kafka")
    return max(there, key=lambda path: path.stat().st_mtime)


def say(command: Sequence[object], limit_s: float = 3600.0) -> str:
    """Runs a command to its end; what it printed."""
    answer = subprocess.run(
        [str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit_s
    )
    if answer.returncode != 0:
        raise BenchError(f"{' '.join(map(str, command))[:300]}\n{answer.stderr[-2000:]}{answer.stdout[-500:]}")
    return answer.stdout


class Kafka:
    """A broker with Wayside's topics, in a folder. `processors` are those that it may use."""

    def __init__(self, folder: pathlib.Path, processors: str):
        pinned = ["taskset", "--cpu-list", processors]
        self._child = Child(
            [*pinned, broker_program(), "--port", 0, "--folder", folder / "kafka"], folder / "kafka.log"
        )
        self.address, self.pid = "", 0

    def __enter__(self) -> Kafka:
        try:
            found = self._child.wait_for("Kafka", 120, lambda: READY.search(self._child.printed()))
            self.address, self.pid = found.group(1), int(found.group(2))
            say([program(), "topics", "apply", "--yes", "--partitions", PARTITIONS, "--kafka", self.address], 120)
        except BaseException:
            self._child.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._child.end(40)
