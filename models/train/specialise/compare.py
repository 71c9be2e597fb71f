"""Student beside teacher on footage that was held back, on the same tiles."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from detector.checkpoint import load_net
from detector.decode import Found, overlap, ttfnet
from detector.export import answers, session
from detector.net import INPUT_PX
from detector.quantise import as_input
from detector.score import look
from detector.tiles import cut

from .agree import Agreement, Reference
from .confirm import Labels
from .label import Clip, Progress, labels
from .label import look as looked_at
from .teacher import Teacher

SCORE_MIN = 0.05
"""Student's boxes below take no part."""

OLD_IOU = 0.7
"""A box that overlaps one of the last frame that was learnt by this much was there already."""

LOOSE = 1 << 40
"""Numbers of road users without a track: one for each second of the recording."""


class Student:
    """A model of Wayside's own: an ONNX file, or a checkpoint."""

    def __init__(self, path: Path) -> None:
        self._session = session(path) if path.suffix == ".onnx" else None
        self._net = None if self._session else load_net(path)

    def __call__(self, image: np.ndarray) -> Found:
        """Boxes of one tile, in input pixels."""
        if self._net is not None:
            heat, boxes = answers(self._net, image[None])
        else:
            heat, boxes = self._session.run(["heat", "boxes"], {"images": as_input(image[None])})
        return ttfnet(heat[0], boxes[0], SCORE_MIN)


@dataclass
class Held:
    """Frames of one file that are held back."""

    clip: Clip
    number: int
    indexes: list[int]
    learnt: Labels | None
    """The last frame of the recording that was learnt."""
    learnt_tracks: set[int]
    """Tracks of this file that were learnt from."""


def reference(held: Held, frame: Labels, score_min: float) -> Reference:
    """What the student is judged by."""
    real = frame.score > 0  # The others were only predicted.
    box, label, score = frame.box[real], frame.label[real], frame.score[real]
    track = frame.track[real]
    old = np.isin(track, list(held.learnt_tracks))
    if held.learnt is not None:
        before = held.learnt.box[held.learnt.label >= 0]
        old |= (overlap(box, before)[0] >= OLD_IOU).any(1)
    second = LOOSE + int(held.clip.before_s + frame.time_s)
    thing = np.where(track >= 0, track + (held.number << 24), second)
    return Reference(box, label, score >= score_min, label >= 0, old, thing)


def compare(
    helds: list[Held], teacher: Teacher, students: dict[str, Path], tiles: list[tuple]
) -> dict[str, Agreement]:
    """Agreement of each student with the teacher, every one on the same tiles."""
    torch.set_num_threads(1)
    eyes = {name: Student(path) for name, path in students.items()}
    result = {name: Agreement() for name in students}
    progress = Progress("compared frames", sum(len(h.indexes) for h in helds))
    for held in helds:
        looked, theirs = [], []
        for index, picture, found in looked_at(held.clip, held.indexes, teacher, tiles, progress):
            prepared = [cut(picture, t, INPUT_PX) for t in tiles]
            looked.append((index, found))
            theirs.append({n: look(eye, picture, tiles, prepared) for n, eye in eyes.items()})
        for (_, found), own, frame in zip(looked, theirs, labels(held.clip, looked)):
            # Class and place as the teacher itself said, not as the track voted.
            count = len(found[2])
            truth = reference(held, frame, teacher.entry.score_min)
            truth.label = found[2][frame.score[:count] > 0]
            for name, boxes in own.items():
                result[name].add(truth, boxes)
    return result


def tile_ms(models: dict[str, tuple[Path, int]], runs: int = 60) -> dict[str, float]:
    """Median milliseconds for a tile; models (file, side of the input) take turns in one run."""
    opened = {}
    for name, (path, size) in models.items():
        own = session(path)
        shape = (1, 3, size, size)
        image = np.random.default_rng(5).uniform(0, 255, shape).astype(np.float32)
        opened[name] = (own, {own.get_inputs()[0].name: image})
    times: dict[str, list[float]] = {name: [] for name in opened}
    for turn in range(runs + 5):
        for name, (own, given) in opened.items():
            start = time.perf_counter()
            own.run(None, given)
            if turn >= 5:
                times[name].append(time.perf_counter() - start)
    return {name: round(1000 * float(np.median(t)), 2) for name, t in times.items()}
