"""From a recording to labelled frames: the product tracks, the teacher looks, tracking confirms."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detector.decode import Found

from . import footage
from .confirm import Labels, agreement, confirm, people, reliable
from .footage import FootageError
from .observations import Seen
from .teacher import Teacher

SAME_FRAME_MIN = 0.7
"""Least mean overlap of the product's boxes with the teacher's own in the same frames."""


@dataclass
class Clip:
    """One file of the recording and what the product saw in it."""

    path: Path
    seen: list[Seen]
    start_us: int
    before_s: float
    """Length of the files before it."""

    def time_s(self, index: int) -> float:
        """Time of a frame within its file."""
        return (self.seen[index].time_us - self.start_us) / 1e6

    @property
    def end_s(self) -> float:
        """Length of the recording up to the end of this file."""
        return self.before_s + self.time_s(len(self.seen) - 1)


def clip(path: Path, seen: list[Seen], start_us: int, before_s: float) -> Clip:
    """A file with its observations; `start_us` is the instant of its time 0 to the product."""
    if not seen:
        raise FootageError(f"the product saw no frame of {path}")
    return Clip(path, seen, start_us, before_s)


@dataclass(frozen=True)
class Parts:
    """Which part of the recording is learnt and which is held back, seconds of the whole."""

    learn_until_s: float
    judge_from_s: float


def split(length_s: float, held: float, apart_s: float) -> Parts:
    """The last share `held` of the recording is held back; `apart_s` before it is unused."""
    cut = length_s * (1 - held)
    return Parts(max(cut - apart_s, 0.0), cut)


def look(
    clip: Clip, indexes: list[int], teacher: Teacher, tiles: list[tuple], say: "Progress"
) -> Iterator[tuple[int, np.ndarray, Found]]:
    """Index, picture (BGR uint8 [H, W, 3]) and the teacher's boxes of each frame."""
    wanted = [clip.time_s(i) for i in indexes]
    at, fits = 0, []
    for time_s, picture in footage.frames(clip.path, wanted):
        while at < len(wanted) and wanted[at] < time_s - footage.SAME_S:
            at += 1
        found = teacher.look(picture, tiles)
        fits.append(agreement(found, clip.seen[indexes[at]].tracks))
        say.step()
        yield indexes[at], picture, found
    if len(fits) < len(wanted) / 2:
        raise FootageError(
            f"{clip.path}: {len(fits)} of {len(wanted)} frames the product saw were found again"
        )
    known = [f for f in fits if not math.isnan(f)]
    if known and np.mean(known) < SAME_FRAME_MIN:
        raise FootageError(
            f"{clip.path}: the frames read here are not those that the product saw"
            f" (boxes overlap by {np.mean(known):.2f}); repack the file, e.g. with ffmpeg -c copy"
        )


def labels(clip: Clip, looked: list[tuple[int, Found]]) -> list[Labels]:
    """What each frame teaches."""
    believed = reliable(clip.seen)
    found = [f for _, f in looked]
    frames = [confirm(clip.time_s(i), f, clip.seen[i].tracks, believed) for i, f in looked]
    people(frames, found)
    return frames


class Progress:
    """One line that counts, on standard error where that is a terminal."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, total, 0
        self._told = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        now = time.monotonic()
        if now - self._told > (0.5 if self._terminal else 15.0):
            self._told = now
            end = "\r" if self._terminal else "\n"
            print(
                f"{self._what}: {self._done} of {self._total}", end=end, file=sys.stderr, flush=True
            )
