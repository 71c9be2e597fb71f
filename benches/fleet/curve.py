"""What a camera costs, by how many cameras there are."""

from __future__ import annotations

import pathlib
import tempfile
from typing import Sequence

import show
from city import City
from enforcer import Enforcer
from kafka import Kafka
from places import CORES
from result import Result

CAMERAS = (100, 1_000, 10_000)
SECONDS = 120
FLAT = 1.5
"""Most that the dearest camera-minute may be of the cheapest."""


def one(folder: pathlib.Path, cameras: int, seconds: int) -> dict[str, float]:
    """One enforcer judges what so many cameras saw. Processor time counts from when it is ready, with all site
    files read, until all is judged; joining the group and reading signals are part of it."""
    city = City(cameras, seconds)
    with Kafka(folder, f"0-{CORES - 1}") as kafka:
        sites = city.sites(folder)
        summary = city.publish(kafka)
        with Enforcer(folder, "curve", kafka, sites, None) as enforcer:
            ready = enforcer.look()
            looks = enforcer.looks_until("its end", 7200, lambda look: look.judged >= summary["observations"])
    cpu_s = looks[-1].usage.cpu_s - ready.usage.cpu_s
    minutes = cameras * seconds / 60.0
    return {
        "cameras": cameras,
        "observations": summary["observations"],
        "track_states": summary["track_states"],
        "cpu_s": cpu_s,
        "cpu_ms_a_camera_minute": 1000 * cpu_s / minutes,
        "cpu_s_a_million_states": cpu_s / (summary["track_states"] / 1e6),
        "memory_ready_mib": ready.usage.memory_mib,
        "memory_mib": max(look.usage.memory_mib for look in looks),
        "took_s": looks[-1].at_s - ready.at_s,
    }


def measure(folder: pathlib.Path, counts: Sequence[int], seconds: int) -> Result:
    """Each number of cameras with a broker of its own."""
    points = []
    for cameras in counts:
        with tempfile.TemporaryDirectory(dir=folder) as of:
            points.append(one(pathlib.Path(of), cameras, seconds))
    head = ("cameras", "CPU ms a camera-minute", "CPU s a million states", "CPU s", "MiB ready", "MiB most", "s")
    keys = ("cpu_ms_a_camera_minute", "cpu_s_a_million_states", "cpu_s", "memory_ready_mib", "memory_mib", "took_s")
    rows = [[point["cameras"], *(show.number(point[key], 2) for key in keys)] for point in points]
    text = show.table(head, rows)
    text += f"\n{seconds} s of event time at five frames a second for each; from ready until all was judged"
    costs = [point["cpu_ms_a_camera_minute"] for point in points]
    spread = max(costs) / min(costs) if min(costs) > 0 else float("inf")
    text += f"\nthe dearest camera-minute is {spread:.2f} times the cheapest"
    problems = [f"the cost of a camera is not flat: {spread:.2f} times"] if spread > FLAT else []
    return Result("Cost of a camera", text, {"points": points, "spread": spread}, problems)
