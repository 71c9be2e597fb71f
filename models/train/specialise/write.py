"""The dataset that training reads: frames of the recording, and a share of rendered ones."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from detector.dataset import Boxes, Dataset
from detector.net import CLASSES

from .confirm import Labels

BOX_COLUMNS = "frame object class x0 y0 x1 y1 ax0 ay0 ax1 ay1 visible".split()
FRAME_COLUMNS = "frame world light fov_deg height_m".split()


class Writer:
    """Takes frames one by one. `count` is how many there will be at the most."""

    def __init__(self, folder: Path, count: int, size: tuple[int, int]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self.written = folder, 0
        shape = (count, size[1], size[0], 3)
        path = folder / "frames.npy"
        self._pixels = np.lib.format.open_memmap(path, "w+", np.uint8, shape, version=(1, 0))

    def picture(self, rgb: np.ndarray) -> None:
        """Adds a picture, uint8 [H, W, 3]."""
        self._pixels[self.written] = rgb
        self.written += 1

    def finish(self, boxes: list[Boxes], worlds: list[int]) -> None:
        """Writes the boxes of each frame, and which recording (or scene) it is from."""
        assert len(boxes) == len(worlds) == self.written
        self._pixels.flush()
        with open(self._folder / "boxes.csv", "w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(BOX_COLUMNS)
            for number, frame in enumerate(boxes):
                for k, label in enumerate(frame.label):
                    name = CLASSES[label] if label >= 0 else "ignore"
                    corners = np.concatenate(
                        (frame.modal[k], frame.amodal[k], frame.visible[k : k + 1])
                    )
                    rows.writerow([number, k, name, *(round(float(v), 2) for v in corners)])
        with open(self._folder / "frames.csv", "w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(FRAME_COLUMNS)
            # Neither the light nor the camera's height is known here.
            rows.writerows([n, world, "unknown", "", ""] for n, world in enumerate(worlds))


def learnt(labels: Labels) -> Boxes:
    """As the dataset has it. The whole body is not known in a recording: the visible box stands for
    it, and the model's manifest entry uses the visible ones only."""
    return Boxes(labels.label, labels.box, labels.box, np.ones(len(labels.label), np.float32))


def rendered(source: Path, out: Path, count: int, seed: int) -> int:
    """Copies `count` frames of a rendered dataset, drawn by the seed; returns how many it got."""
    dataset = Dataset(source)
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(dataset))[:count])
    writer = Writer(out, max(len(chosen), 1), dataset.size)
    for index in chosen:
        writer.picture(dataset.frame(int(index)))
    worlds = [int(dataset.worlds[i]) if dataset.worlds[i].isdigit() else 0 for i in chosen]
    writer.finish([dataset.boxes[i] for i in chosen], worlds)
    return len(chosen)
