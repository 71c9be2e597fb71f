"""How long each stage takes where nothing is short, and what a camera more takes of memory."""

from __future__ import annotations

import clips
import show
from result import Result
from window import Window, run

SIZE = (640, 360)
FPS = 5
FEW, MANY = 1, 9
RING_S = 30.0


def measure(seconds: float, rounds: int) -> Result:
    """One camera and nine, each looked at by the detector whenever something moves."""
    del rounds
    clip = clips.moving(*SIZE, FPS)
    # The ring of packets is full after its length; memory is compared then.
    warm_up = RING_S if seconds >= RING_S else 5.0
    few = run([clip], FEW, SIZE, seconds, warm_up)
    many = run([clip], MANY, SIZE, seconds, warm_up)
    rows = []
    for stage in few.stages_s:
        rows.append([stage, *_cells(few, stage), *_cells(many, stage)])
    rows.append(["frame to observation", *_three(few.latency_s), *_three(many.latency_s)])
    head = ["ms", *(f"{n}: {what}" for n in ("1 camera", f"{MANY}") for what in ("mean", "p50", "p99"))]
    more = MANY - FEW
    of_one = {
        "memory_mib": (many.memory_mib - few.memory_mib) / more,
        "ring_mib": (many.ring_mib - few.ring_mib) / more,
        "threads": (many.threads - few.threads) / more,
        "descriptors": (many.descriptors - few.descriptors) / more,
    }
    text = show.table(head, rows)
    text += (
        f"\na camera more: {of_one['memory_mib']:.1f} MiB (of them {of_one['ring_mib']:.1f} of packets for "
        f"evidence), {of_one['threads']:.1f} threads, {of_one['descriptors']:.1f} descriptors; one camera: "
        f"{few.memory_mib:.0f} MiB, {few.threads} threads, {few.descriptors} descriptors"
        f"\n{SIZE[0]}x{SIZE[1]} at {FPS} frames/s, {seconds:.0f} s after {warm_up:.0f} s; quantiles are "
        "interpolated within the histogram's buckets, means are exact"
    )
    if MANY and many.overload_share:
        text += f"\n{MANY} cameras lost {100 * many.overload_share:.1f} % to overload: not lightly loaded"
    figures = {"one": few.as_json(), "many": many.as_json(), "a_camera_more": of_one}
    return Result("Stages and memory", text, figures, few.problems + many.problems)


def _cells(window: Window, stage: str) -> list[str]:
    return _three(window.stages_s[stage])


def _three(of: dict[str, object]) -> list[str]:
    return [show.ms(of[what]) for what in ("mean", "p50", "p99")]
