"""Sixteen cameras for ten minutes, one of them faulty all the time: do the others lose anything?"""

from __future__ import annotations

import contextlib
import pathlib
import statistics
import tempfile
import time

import clips
import show
import sites
from children import BenchError
from metrics import grown, total
from places import WORK
from result import Result
from server import Cameras
from usage import Spare
from window import CAUSES, Window, between, promises
from worker import Look, Worker

CAMERAS = 16
SIZE = (640, 360)
FPS = 5
SETTLE_S = 60.0
"""The ring of packets is full after 30 s, and the allocator has found its size."""
EVERY_S = 10.0
GROWTH_MIB_MAX = 16.0
"""Of resident memory from the first minute to the end, 1 MiB a camera: more is a leak, less is the heap."""
IDLE_MIN = 0.25
"""Share of the machine that nobody used: below, a frame dropped for want of time says nothing of the faulty
camera. At the start all gates are open at once, so that such drops count only after the first minute."""
DROPPED = "wayside_frames_dropped_total"
SCENES = ("mixed", "moving", "still")
CYCLE_S = 45.0
FAULTS = (
    (3.0, 4.0, 'kind = "stop"'),
    (12.0, 5.0, 'kind = "hang"'),
    (22.0, 4.0, 'kind = "garbage"\nseed = 7'),
    (30.0, 4.0, 'kind = "clock_jump"\njump_s = 3600.0'),
    (38.0, 4.0, 'kind = "frame_loss"\nshare = 0.3\nseed = 9'),
)
"""When within a cycle, how long, what."""


def faults(seconds: float) -> str:
    """A fault file that goes on with them for so long."""
    tables = []
    for cycle in range(int(seconds / CYCLE_S) + 1):
        for at, lasts, kind in FAULTS:
            tables.append(f"[[fault]]\nat_s = {cycle * CYCLE_S + at}\n{kind}\nfor_s = {lasts}\n")
    return "\n".join(tables)


def scene(name: str) -> list[pathlib.Path]:
    """Clips in turn: of `mixed`, every fourth camera has traffic."""
    still, moving = clips.still(*SIZE, FPS), clips.moving(*SIZE, FPS)
    return {"mixed": [moving, still, still, still], "moving": [moving], "still": [still]}[name]


def measure(seconds: float, name: str) -> Result:
    """The whole run, with a look every ten seconds."""
    WORK.mkdir(parents=True, exist_ok=True)
    settle = SETTLE_S if seconds > 2 * SETTLE_S else 5.0
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(dir=WORK)))
        served = Cameras(stack, folder)
        of_scene = scene(name)
        poles = served.poles(of_scene, CAMERAS - 1, SIZE)
        script = folder / "faults.toml"
        script.write_text(faults(seconds + 120))
        url = served.serve(of_scene[0], script)
        poles.append(sites.Pole("faulty", url, *SIZE))
        files = sites.write(folder, poles)
        worker = stack.enter_context(Worker(folder, files, [], seconds + 300))
        worker.wait_connected(CAMERAS - 1)
        time.sleep(settle)
        spare = Spare()
        looks = _looks(worker, seconds - settle)
        return _told(name, worker, looks, settle, seconds, spare.share())


def _looks(worker: Worker, seconds: float) -> list[Look]:
    """The first now, then one every ten seconds."""
    looks = [worker.look()]
    limit = looks[0].at_s + max(seconds, 5.0)
    while (left := limit - time.monotonic()) > 0:
        time.sleep(min(left, EVERY_S))
        looks.append(worker.look())
    return looks


def _told(name: str, worker: Worker, looks: list[Look], settle: float, seconds: float, idle: float) -> Result:
    first, last = looks[0], looks[-1]
    window = between(first, last, CAMERAS)
    problems = promises(worker, last)
    told = worker.cameras()
    if len(told) != CAMERAS:
        raise BenchError(f"{len(told)} cameras are told of, not {CAMERAS}")
    rows = []
    for camera, health in sorted(told.items()):
        pole = camera.split("/")[1]
        frames = health["frames"]
        connections = total(last.series, "wayside_connections_total", camera=pole)
        gap_s = total(last.series, "wayside_gap_seconds_total", camera=pole)
        counts = (frames[what] for what in ("received", "looked", "still", *CAUSES))
        rows.append([camera, *counts, f"{connections:.0f}", f"{gap_s:.1f}"])
        if pole == "faulty":
            continue
        lost = {cause: frames[cause] for cause in CAUSES if frames[cause] and cause != "overload"}
        late = grown(first.series, last.series, DROPPED, camera=pole, cause="overload")
        if late and idle >= IDLE_MIN:
            lost["overload"] = int(late)
        if lost:
            problems.append(f"{camera}, a good camera, lost {lost} of {frames['received']} frames")
        came = grown(first.series, last.series, "wayside_frames_processed_total", camera=pole)
        came += grown(first.series, last.series, "wayside_frames_still_total", camera=pole)
        wanted = FPS * window.seconds
        if came + late + sum(lost.values()) < wanted - 2 * FPS:
            problems.append(f"{camera}: {came:.0f} frames in {window.seconds:.1f} s, where {wanted:.0f} were sent")
        if connections != 1:
            problems.append(f"{camera}, a good camera, was connected {connections:.0f} times")
    growth = last.usage.memory_mib - first.usage.memory_mib
    if settle >= SETTLE_S and growth > GROWTH_MIB_MAX:
        problems.append(f"memory grew by {growth:.1f} MiB after the first minute, at most {GROWTH_MIB_MAX:.0f}")
    text = show.table(("camera", "received", "looked", "still", *CAUSES, "connections", "gap s"), rows)
    text += "\n\n" + _resources(looks, window)
    slope = slope_mib_a_minute(looks[len(looks) // 2 :])
    text += (
        f"\n\nframe to observation: mean {show.ms(window.latency_s['mean'])} ms, p50 "
        f"{show.ms(window.latency_s['p50'])} ms, p99 {show.ms(window.latency_s['p99'])} ms"
        f"\nmemory grew by {growth:.1f} MiB between {settle:.0f} s and the end, and by {slope:.2f} MiB a minute in "
        f"the later half (at most {GROWTH_MIB_MAX:.0f} MiB of a run "
        f"longer than {2 * SETTLE_S:.0f} s); {100 * idle:.0f} % of the machine was idle, and overload of a good "
        f"camera breaks a promise from {100 * IDLE_MIN:.0f} % on\n{CAMERAS} cameras of {SIZE[0]}x{SIZE[1]} at {FPS} frames/s, "
        f"scene {name}, {seconds:.0f} s"
    )
    figures = {
        "scene": name,
        "cameras": told,
        "growth_mib": growth,
        "slope_mib_a_minute": slope,
        "idle": idle,
        "window": window.as_json(),
        "memory": [[look.at_s - first.at_s, look.usage.memory_mib] for look in looks],
    }
    return Result("Sixteen cameras, one faulty", text, figures, problems)


def slope_mib_a_minute(looks: list[Look]) -> float:
    """Of the line through resident memory by least squares; 0 of fewer than two looks."""
    if len(looks) < 2:
        return 0.0
    line = statistics.linear_regression([look.at_s for look in looks], [look.usage.memory_mib for look in looks])
    return 60 * line.slope


def _resources(looks: list[Look], window: Window) -> str:
    """Memory, threads and descriptors over time, and where processor time went."""
    rows = []
    for look in looks[:: max(1, len(looks) // 10)]:
        use = look.usage
        rows.append([f"{look.at_s - looks[0].at_s:.0f}", f"{use.memory_mib:.1f}", use.threads, use.descriptors])
    groups = ", ".join(f"{group} {1000 * s / window.seconds:.0f}" for group, s in window.cpu_by_group_s.items())
    return (
        show.table(("s", "memory MiB", "threads", "descriptors"), rows)
        + f"\n\nprocessor: {1000 * window.cpu_s / window.seconds:.0f} ms a second ({groups})"
    )
