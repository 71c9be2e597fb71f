"""A data set of crops as `crops` writes it, in memory, with what is known of each crop."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import CLASSES, STORED_PX
from .lights import LIGHTS


@dataclass(frozen=True)
class Crops:
    """N crops. `pixels` uint8 [N, 72, 72, 3] RGB; the rest has one value for each crop."""

    pixels: np.ndarray
    identity: np.ndarray
    camera: np.ndarray
    class_number: np.ndarray
    light: np.ndarray
    azimuth_deg: np.ndarray
    size_px: np.ndarray
    """Longer side of the box in the camera's picture."""
    patched: np.ndarray
    paint: np.ndarray
    """Mean linear colour of the paint [N, 3]."""

    def of(self, chosen: np.ndarray) -> "Crops":
        """Some of the crops, by number or mask."""
        return Crops(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def both_cameras(self) -> "Crops":
        """Without vehicles that only one camera saw."""
        seen = [set(self.identity[self.camera == number].tolist()) for number in (0, 1)]
        return self.of(np.isin(self.identity, sorted(seen[0] & seen[1])))

    def identities(self) -> int:
        """How many different vehicles there are."""
        return len(np.unique(self.identity))


def read(folder: Path) -> Crops:
    """Reads a data set.

    Raises FileNotFoundError where a file is missing, ValueError where the files do not agree, or
    a class is not one of motor vehicles.
    """
    pixels = np.load(folder / "crops.npy")
    with open(folder / "crops.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    if pixels.dtype != np.uint8 or pixels.shape != (len(rows), STORED_PX, STORED_PX, 3):
        raise ValueError(
            f"{folder}: crops.npy is {pixels.dtype} {list(pixels.shape)}, and crops.csv has "
            f"{len(rows)} rows; wanted uint8 [{len(rows)}, {STORED_PX}, {STORED_PX}, 3]"
        )
    odd = sorted({row["class"] for row in rows} - set(CLASSES))
    if odd:
        raise ValueError(f"{folder}: {', '.join(odd)} is not a class of motor vehicle")
    column = lambda name, kind: np.array([kind(row[name]) for row in rows])  # noqa: E731
    return Crops(
        pixels=pixels,
        identity=column("identity", int),
        camera=column("camera", int),
        class_number=column("class", CLASSES.index),
        light=column("light", LIGHTS.index),
        azimuth_deg=column("azimuth_deg", float),
        size_px=np.maximum(column("width_px", int), column("height_px", int)),
        patched=column("patched", int),
        paint=np.stack([column(f"paint_{c}", float) for c in "rgb"], 1),
    )
