"""The recording of one camera: its files in order, and their frames with their times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

ENDINGS = (".mp4", ".mkv", ".mov", ".avi", ".ts", ".m4v", ".webm", ".mpg", ".mpeg")
"""What a folder is searched for."""

SAME_S = 0.004
"""Times of one frame as two programs state them may differ by this much."""


class FootageError(Exception):
    """A recording that cannot be used; the message says which file and why."""


def files(path: Path) -> list[Path]:
    """The file itself, or the recordings in a folder by name, which must be their order."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FootageError(f"there is no file or folder {path}")
    found = sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() in ENDINGS)
    if not found:
        raise FootageError(f"{path} holds no recording ({', '.join(ENDINGS)})")
    return found


def frames(
    path: Path, wanted_s: Sequence[float] | None = None
) -> Iterator[tuple[float, np.ndarray]]:
    """Time in seconds and picture (BGR uint8 [H, W, 3]) of the frames at these times, in order.

    The time is the file's own presentation time, as the product states it too. What is not wanted
    is decoded, as it must be, but not converted; what the file does not have is left out.
    """
    video = cv2.VideoCapture(str(path))
    try:
        if not video.isOpened():
            raise FootageError(f"{path} cannot be opened as a video")
        at = 0
        while (wanted_s is None or at < len(wanted_s)) and video.grab():
            time_s = video.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
            if wanted_s is not None:
                while at < len(wanted_s) and wanted_s[at] < time_s - SAME_S:
                    at += 1
                if at == len(wanted_s) or wanted_s[at] > time_s + SAME_S:
                    continue
            done, picture = video.retrieve()
            if done:
                yield time_s, picture
    finally:
        video.release()
