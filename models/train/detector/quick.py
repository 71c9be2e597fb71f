"""A quick judgement while training: recall on fixed tiles of held-back frames, no merging."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from .crops import Cropper, Mix
from .dataset import Dataset
from .decode import suppress, ttfnet
from .judge import Band, Judge, Truth
from .net import INPUT_PX, Net

if TYPE_CHECKING:
    from .fit import Run

BANDS = (
    Band("car 32+", (0,), 32),
    Band("car 16-32", (0,), 16, 32),
    Band("truck+bus 48+", (1, 2), 48),
    Band("two-wheeler 48+", (3, 4), 48),
    Band("person 48+", (5,), 48),
)
"""Heights at the net's input here."""


class Curve:
    """Judges now and then and keeps the learning curve in a CSV file."""

    def __init__(self, folder: str | None, path: Path, tiles: int) -> None:
        self._path, self._tiles = path, []
        if folder is None:
            return
        cropper = Cropper([Dataset(folder)], Mix(objects=0.0, whole=0.1, augment=False))
        rng = np.random.default_rng(11)
        for _ in range(tiles):
            image, boxes = cropper.draw(INPUT_PX, rng)
            label = np.concatenate((boxes.label, np.full(len(boxes.ignored), -1)))
            box = np.concatenate((boxes.modal, boxes.ignored))
            visible = np.ones(len(label), np.float32)
            truth = Truth(label, box, visible, (INPUT_PX, INPUT_PX))
            self._tiles.append((image, truth))

    def measure(self, run: "Run") -> None:
        """Judges the mean weights; prints a line and adds one to the file."""
        if not self._tiles:
            return
        start = time.monotonic()
        judge = Judge()
        for image, truth in self._tiles:
            judge.add(truth, look(run.mean.net, image))
        report = judge.report((0.05, 0.05, 0.10), BANDS)
        row = {"crops": run.crops, "seconds": round(run.seconds)}
        row |= {name: cell["share"] for name, cell in report["recall"].items()}
        row |= {f"class {name}": cell["share"] for name, cell in report["class_right"].items()}
        fresh = not self._path.exists() or run.crops == 0
        with open(self._path, "a", newline="") as file:
            writer = csv.DictWriter(file, row.keys())
            if fresh:
                writer.writeheader()
            writer.writerow(row)
        words = ", ".join(f"{k} {v}" for k, v in row.items() if k not in ("crops", "seconds"))
        print(
            f"held back, {run.crops} crops: {words} ({time.monotonic() - start:.0f} s)", flush=True
        )


@torch.no_grad()
def look(net: Net, image: np.ndarray, score_min: float = 0.05):
    """What the net finds on one tile, BGR uint8 [S, S, 3]."""
    x = torch.from_numpy(image)[None].permute(0, 3, 1, 2).float()
    with torch.autocast("cpu", torch.bfloat16):
        features = net.features(x)
    logits, logs = net.heads(*(f.float() for f in features))
    heat, boxes = torch.sigmoid(logits)[0].numpy(), logs.exp()[0].numpy()
    return suppress(ttfnet(heat, boxes, score_min))
