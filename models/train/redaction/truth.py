"""Who each pixel belongs to, as runs.

`truth.bin`: the text `WSRT1\\n`, then little-endian uint32 width, height and frames; then for each frame its
number of runs, and the runs from the top left, row by row, two uint16 each: who (bits 0 to 12: 0 nobody, i + 1
object i; bit 14: of a person; bit 15: a person's face), and for how many pixels. `objects.csv`: object, class,
and whether it is the offending vehicle. `boxes.csv`: frame, object and its boxes, what shows and the whole body cut off
at the border.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np

PERSON_BIT, FACE_BIT = 1 << 14, 1 << 15
RUN_MAX = 65535


def pack(numbers: np.ndarray, person: np.ndarray, face: np.ndarray) -> np.ndarray:
    """One uint16 for each pixel."""
    flags = np.where(person, PERSON_BIT, 0) + np.where(face, FACE_BIT, 0)
    return (numbers + np.where(numbers > 0, flags, 0)).astype(np.uint16)


def runs(values: np.ndarray) -> np.ndarray:
    """Runs (n, 2) uint16 of a picture of values."""
    flat = values.ravel()
    starts = np.flatnonzero(np.r_[True, flat[1:] != flat[:-1]])
    lengths = np.diff(np.r_[starts, len(flat)])
    out = []
    for value, length in zip(flat[starts], lengths):
        while length > RUN_MAX:
            out.append((value, RUN_MAX))
            length -= RUN_MAX
        out.append((value, length))
    return np.array(out, "<u2")


class TruthFile:
    """Writes `truth.bin`."""

    def __init__(self, path: Path, width: int, height: int, frames: int) -> None:
        self.file: BinaryIO = open(path, "wb")
        self.file.write(b"WSRT1\n" + struct.pack("<III", width, height, frames))

    def add(self, values: np.ndarray) -> None:
        found = runs(values)
        self.file.write(struct.pack("<I", len(found)) + found.tobytes())

    def close(self) -> None:
        self.file.close()
