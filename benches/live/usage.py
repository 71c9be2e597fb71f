"""What a process takes, out of /proc."""

from __future__ import annotations

import os
import pathlib
import re
from dataclasses import dataclass

TICKS = os.sysconf("SC_CLK_TCK")

GROUPS = (
    ("inference", re.compile(r"detector-")),
    ("decode", re.compile(r"queue\d+:src|av:|avdec|openh264|multiqueue|vaapi")),
    ("network", re.compile(r"rtp|udpsrc|rtspsrc|wayside-live|gmain|task|timer|pool|source")),
    ("gate, watch, tracks", re.compile(r"camera-")),
    ("rules, bus", re.compile(r"rules|bus-")),
)
"""Threads by name. The thread behind the jitter buffer also unpacks RTP; it counts as decode."""


@dataclass
class Usage:
    """One look at a process."""

    cpu_s: float
    memory_mib: float
    threads: int
    descriptors: int
    by_thread: dict[str, float]
    """Processor seconds by `number name` of a thread that lives."""


def _times_s(stat: str) -> float:
    # The name stands in brackets and may hold anything.
    fields = stat.rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def usage(pid: int) -> Usage:
    """A look at the process now. OSError where it is gone."""
    folder = pathlib.Path(f"/proc/{pid}")
    status = (folder / "status").read_text()
    memory_kib = int(re.search(r"^VmRSS:\s+(\d+)", status, re.M).group(1))
    by_thread = {}
    for task in (folder / "task").iterdir():
        try:
            name = (task / "comm").read_text().strip()
            by_thread[f"{task.name} {name}"] = _times_s((task / "stat").read_text())
        except OSError:
            continue
    return Usage(
        cpu_s=_times_s((folder / "stat").read_text()),
        memory_mib=memory_kib / 1024,
        threads=len(by_thread),
        descriptors=len(list((folder / "fd").iterdir())),
        by_thread=by_thread,
    )


def group_of(thread: str) -> str:
    """The group of a thread `number name`."""
    name = thread.split(" ", 1)[1]
    return next((group for group, pattern in GROUPS if pattern.match(name)), "other")


def cpu_by_group(before: Usage, after: Usage) -> dict[str, float]:
    """Processor seconds between two looks; what threads that ended took counts as other."""
    groups = {group: 0.0 for group, _ in GROUPS}
    groups["other"] = 0.0
    for thread, seconds in after.by_thread.items():
        groups[group_of(thread)] += seconds - before.by_thread.get(thread, 0.0)
    groups["other"] += max(0.0, after.cpu_s - before.cpu_s - sum(groups.values()))
    return groups


class Spare:
    """How much of the machine nobody uses, from now on."""

    def __init__(self) -> None:
        self._begin = self._read()

    @staticmethod
    def _read() -> tuple[int, int]:
        """Ticks of all processors: idle, and all."""
        fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        # Waiting for a disk is idle too; guest time is part of user time already.
        return fields[3] + fields[4], sum(fields)

    def share(self) -> float:
        """0 to 1."""
        idle, whole = (now - then for now, then in zip(self._read(), self._begin))
        return idle / whole if whole else 0.0
