"""One measured run: cameras, a worker, a while to settle, and a window between two looks."""

from __future__ import annotations

import contextlib
import pathlib
import tempfile
import time
from dataclasses import asdict, dataclass, field
from typing import Optional, Sequence

import metrics
import sites
from places import WORK
from server import Cameras
from usage import cpu_by_group
from worker import Look, Worker

CAUSES = ("lost", "stalled", "undecodable", "overload", "stood_down")
STAGES = ("decode", "wait", "inference", "track", "publish")
LATENCY = "wayside_frame_to_observation_seconds"


@dataclass
class Window:
    """What happened between two looks."""

    cameras: int
    seconds: float
    looked: float
    still: float
    dropped: dict[str, float]
    dropped_by_camera: dict[str, float]
    latency_s: dict[str, Optional[float]]
    """Frame to observation: mean, p50, p99."""
    stages_s: dict[str, dict[str, Optional[float]]]
    cpu_s: float
    cpu_by_group_s: dict[str, float]
    servers_cpu_s: float
    memory_mib: float
    threads: int
    descriptors: int
    ring_mib: float
    problems: list[str] = field(default_factory=list)
    """Promises that did not hold; timing is none of them."""

    @property
    def frames(self) -> float:
        """Frames that came to an end."""
        return self.looked + self.still + sum(self.dropped.values())

    @property
    def overload_share(self) -> float:
        """Share of the frames that the machine had no time for."""
        return self.dropped["overload"] / self.frames if self.frames else 0.0

    @property
    def cpu_a_camera_second(self) -> float:
        """Processor seconds of the worker for one second of one camera."""
        return self.cpu_s / (self.cameras * self.seconds)

    def as_json(self) -> dict[str, object]:
        """Everything, for a file."""
        return {**asdict(self), "frames": self.frames, "overload_share": self.overload_share}


def between(before: Look, after: Look, cameras: int) -> Window:
    """What two looks say."""
    a, b = before.series, after.series

    def summary(name: str, **labels: str) -> dict[str, Optional[float]]:
        counts = metrics.buckets(a, b, name, **labels)
        return {
            "mean": metrics.mean(a, b, name, **labels),
            "p50": metrics.quantile(counts, 0.5),
            "p99": metrics.quantile(counts, 0.99),
        }

    dropped = {c: metrics.grown(a, b, "wayside_frames_dropped_total", cause=c) for c in CAUSES}
    names = metrics.values(b, "wayside_frames_dropped_total", "camera")
    return Window(
        cameras=cameras,
        seconds=after.at_s - before.at_s,
        looked=metrics.grown(a, b, "wayside_frames_processed_total"),
        still=metrics.grown(a, b, "wayside_frames_still_total"),
        dropped=dropped,
        dropped_by_camera={n: metrics.grown(a, b, "wayside_frames_dropped_total", camera=n) for n in names},
        latency_s=summary(LATENCY),
        stages_s={stage: summary("wayside_stage_seconds", stage=stage) for stage in STAGES}
        | {"to the disk": summary("wayside_bus_append_seconds")},
        cpu_s=after.usage.cpu_s - before.usage.cpu_s,
        cpu_by_group_s=cpu_by_group(before.usage, after.usage),
        servers_cpu_s=0.0,
        memory_mib=after.usage.memory_mib,
        threads=after.usage.threads,
        descriptors=after.usage.descriptors,
        ring_mib=metrics.total(b, "wayside_evidence_ring_bytes") / 2**20,
    )


def closes(frames: dict[str, int]) -> bool:
    """Whether every frame that a camera gave is accounted for (EV-3)."""
    rest = sum(count for name, count in frames.items() if name != "received")
    return frames["received"] == rest


def promises(worker: Worker, look: Look) -> list[str]:
    """Sums that do not close, and promises that the worker itself found broken."""
    problems = [
        f"{camera}: its frames do not add up: {health['frames']}"
        for camera, health in worker.cameras().items()
        if not closes(health["frames"])
    ]
    for labels, count in look.series.get("wayside_invariant_violations_total", []):
        if count:
            problems.append(f"invariant {labels.get('id')}: broken {count:.0f} times")
    if metrics.total(look.series, "wayside_bus_append_failures_total"):
        problems.append("appends to the bus failed")
    return problems


def run(
    clips: Sequence[pathlib.Path],
    cameras: int,
    size: tuple[int, int],
    seconds: float,
    warm_up: float = 5.0,
    options: Sequence[object] = (),
) -> Window:
    """Cameras that show the clips in turn, and a worker over them, from the first picture of the last camera
    on for `warm_up` plus `seconds`."""
    WORK.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(dir=WORK)))
        served = Cameras(stack, folder)
        files = sites.write(folder, served.poles(clips, cameras, size))
        worker = stack.enter_context(Worker(folder, files, options, 240 + warm_up + seconds))
        worker.wait_connected(cameras)
        time.sleep(warm_up)
        before, servers = worker.look(), served.cpu_s()
        time.sleep(seconds)
        after = worker.look()
        window = between(before, after, cameras)
        window.servers_cpu_s = served.cpu_s() - servers
        window.problems = promises(worker, after)
        return window
