"""Which frames are worth learning from: still scenes do not repeat, motion does."""

from __future__ import annotations

import numpy as np

from detector.decode import overlap

from .observations import Seen

MOVED_IOU = 0.85
"""A box that overlaps its former self by less has moved: 8 % of its side for a shift."""


def choose(seen: list[Seen], step_s: float, still_s: float) -> list[int]:
    """Indexes of the frames to keep.

    A frame is kept when at least `step_s` have passed since the last one and a road user came,
    went or moved; and every `still_s` in any case, since light and shadows change too.
    """
    kept: list[int] = []
    last_us, before = 0, {}
    for index, frame in enumerate(seen):
        boxes = {t.id: t.box for t in frame.tracks}
        passed = (frame.time_us - last_us) / 1e6
        if kept and passed < step_s:
            continue
        if not kept or passed >= still_s or _changed(before, boxes):
            kept.append(index)
            last_us, before = frame.time_us, boxes
    return kept


def _changed(before: dict[int, np.ndarray], now: dict[int, np.ndarray]) -> bool:
    if before.keys() != now.keys():
        return True
    if not now:
        return False
    a, b = np.stack(list(before.values())), np.stack([now[i] for i in before])
    return bool((np.diag(overlap(a, b)[0]) < MOVED_IOU).any())


def spread(indexes: list[int], count: int) -> list[int]:
    """At most `count` of them, evenly."""
    if len(indexes) <= count:
        return indexes
    at = np.unique(np.linspace(0, len(indexes) - 1, count).round().astype(int))
    return [indexes[i] for i in at]
