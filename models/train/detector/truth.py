"""Pictures and their truth, from dataset folders or from clips with a CSV of boxes."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from .dataset import Dataset, DatasetError
from .decode import COCO
from .judge import Truth

COLUMNS = ("frame", "coco", "x0", "y0", "x1", "y1", "visible")

Picture = tuple[np.ndarray, Truth]
"""BGR uint8 [H, W, 3] and what is there."""


def of_dataset(folder: str | Path, frames: int | None = None) -> Iterator[Picture]:
    """Frames of a dataset folder, evenly spread if fewer than all are wanted."""
    try:
        dataset = Dataset(folder)
    except DatasetError as error:
        raise SystemExit(f"error: {error}") from error
    count = len(dataset)
    chosen = range(count)
    if frames is not None and frames < count:
        chosen = np.unique(np.linspace(0, count - 1, frames).round().astype(int))
    for index in chosen:
        boxes = dataset.boxes[index]
        truth = Truth(boxes.label, boxes.modal, boxes.visible, dataset.size, dataset.lights[index])
        yield np.ascontiguousarray(dataset.frame(int(index))[:, :, ::-1]), truth


def of_clip(
    clip: str | Path, truth: str | Path, light: str, frames: int | None = None
) -> Iterator[Picture]:
    """Frames of a clip whose visibility was measured.

    The CSV has the columns frame, id, coco, x0, y0, x1, y1, visible; a visibility of -1 means not
    measured, and such frames are left out.
    """
    rows: dict[int, list[dict]] = defaultdict(list)
    skipped = set()
    for path in (clip, truth):
        if not Path(path).is_file():
            raise SystemExit(f"error: {path} is missing")
    with open(truth, newline="") as file:
        reader = csv.DictReader(file)
        missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
        if missing:
            raise SystemExit(f"error: {truth}: column {missing[0]!r} is missing")
        for row in reader:
            frame = int(row["frame"])
            rows[frame].append(row)
            if float(row["visible"]) < 0:
                skipped.add(frame)
    wanted = sorted(set(rows) - skipped)
    if frames is not None and frames < len(wanted):
        at = np.unique(np.linspace(0, len(wanted) - 1, frames).round().astype(int))
        wanted = [wanted[i] for i in at]
    video = cv2.VideoCapture(str(clip))
    if not video.isOpened():
        raise SystemExit(f"{clip} cannot be opened as a video")
    chosen, number = set(wanted), -1
    while chosen:
        number += 1
        if not video.grab():
            break
        if number not in chosen:
            continue
        chosen.discard(number)
        done, picture = video.retrieve()
        if not done:
            break
        found = rows[number]
        box = np.array([[float(r[k]) for k in ("x0", "y0", "x1", "y1")] for r in found], np.float32)
        label = np.array([COCO.get(int(r["coco"]), -1) for r in found])
        visible = np.array([float(r["visible"]) for r in found], np.float32)
        size = (picture.shape[1], picture.shape[0])
        yield picture, Truth(label, box.reshape(-1, 4), visible, size, light)
    video.release()
