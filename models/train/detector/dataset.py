"""Reads what the renderer writes: frames.npy, frames.csv and boxes.csv of one folder.

A dataset may still be growing. The renderer writes a frame's pixels and boxes before its line in
frames.csv, so a frame counts from the moment its line is complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .net import CLASSES

IGNORE = -1
"""Label of a region that is neither positive nor negative."""

_FRAME_COLUMNS = ("frame", "light")
_BOX_COLUMNS = ("frame", "class", "x0", "y0", "x1", "y1", "ax0", "ay0", "ax1", "ay1", "visible")


class DatasetError(Exception):
    """A dataset that cannot be used; the message says which file and why."""


@dataclass
class Boxes:
    """The boxes of one frame."""

    label: np.ndarray
    """int64 [n], index into CLASSES or IGNORE."""
    modal: np.ndarray
    """float32 [n, 4], x0 y0 x1 y1 of what is visible, pixels of the picture."""
    amodal: np.ndarray
    """float32 [n, 4], the whole body; may leave the picture."""
    visible: np.ndarray
    """float32 [n], 0 to 1."""


def empty_boxes() -> Boxes:
    """No boxes."""
    four = np.zeros((0, 4), np.float32)
    return Boxes(np.zeros(0, np.int64), four, four, np.zeros(0, np.float32))


class Dataset:
    """One folder. `refresh` takes in what has been written since."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        for name in ("frames.npy", "frames.csv", "boxes.csv"):
            if not (self.folder / name).is_file():
                raise DatasetError(f"{self.folder / name} is missing: is this a dataset folder?")
        self.shape, self._offset = self._header()
        self._pixels: np.memmap | None = None
        self.lights: list[str] = []
        self.worlds: list[str] = []
        self.boxes: list[Boxes] = []
        self._frames_tail = _Tail(self.folder / "frames.csv", _FRAME_COLUMNS)
        self._boxes_tail = _Tail(self.folder / "boxes.csv", _BOX_COLUMNS)
        self._pending: dict[int, list[list[str]]] = {}
        self.refresh()

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        return self.shape[2], self.shape[1]

    def frame(self, index: int) -> np.ndarray:
        """RGB uint8 [H, W, 3], a view of the file."""
        if self._pixels is None or index >= len(self._pixels):
            self._map()
        assert self._pixels is not None
        return self._pixels[index]

    def refresh(self) -> int:
        """Reads what is new; returns how many frames there are."""
        lines = self._frames_tail.read()
        for row in self._boxes_tail.read():
            frame = int(row[self._boxes_tail.column["frame"]])
            self._pending.setdefault(frame, []).append(row)
        column = self._frames_tail.column
        for row in lines:
            frame = int(row[column["frame"]])
            if frame != len(self.boxes):
                path = self.folder / "frames.csv"
                raise DatasetError(f"{path}: frame {frame} where {len(self.boxes)} was expected")
            self.lights.append(row[column["light"]])
            self.worlds.append(row[column["world"]] if "world" in column else "0")
            self.boxes.append(self._parse(self._pending.pop(frame, [])))
        return len(self.boxes)

    def _parse(self, rows: list[list[str]]) -> Boxes:
        column = self._boxes_tail.column
        kept = [r for r in rows if r[column["class"]] != "face"]
        if not kept:
            return empty_boxes()
        names = [r[column["class"]] for r in kept]
        unknown = sorted(set(names) - set(CLASSES) - {"ignore"})
        if unknown:
            raise DatasetError(f"{self.folder / 'boxes.csv'}: unknown class {unknown[0]!r}")
        label = np.array([CLASSES.index(n) if n != "ignore" else IGNORE for n in names])
        numbers = np.array([[float(r[column[k]]) for k in _BOX_COLUMNS[2:]] for r in kept], "f4")
        return Boxes(label, numbers[:, :4], numbers[:, 4:8], numbers[:, 8])

    def _header(self) -> tuple[tuple[int, ...], int]:
        path = self.folder / "frames.npy"
        with open(path, "rb") as file:
            version = np.lib.format.read_magic(file)
            read = np.lib.format.read_array_header_1_0
            if version != (1, 0):
                read = np.lib.format.read_array_header_2_0
            shape, fortran, dtype = read(file)
            offset = file.tell()
        if len(shape) != 4 or shape[3] != 3 or dtype != np.uint8 or fortran:
            raise DatasetError(f"{path} holds {dtype} {shape}, not uint8 [N, H, W, 3]")
        return shape, offset

    def _map(self) -> None:
        """Maps as many whole frames as the file holds now (it may be longer or shorter than
        its header says while it is being written)."""
        path = self.folder / "frames.npy"
        one = int(np.prod(self.shape[1:]))
        count = (path.stat().st_size - self._offset) // one
        if count < len(self.boxes):
            raise DatasetError(f"{path} holds {count} frames, frames.csv {len(self.boxes)}")
        shape = (count, *self.shape[1:])
        self._pixels = np.memmap(path, np.uint8, "r", self._offset, shape)


class _Tail:
    """Complete new lines of a CSV file without quotes."""

    def __init__(self, path: Path, needed: tuple[str, ...]) -> None:
        self._path, self._at = path, 0
        self.column: dict[str, int] = {}
        self._needed = needed

    def read(self) -> list[list[str]]:
        with open(self._path, "rb") as file:
            file.seek(self._at)
            data = file.read()
        data = data[: data.rfind(b"\n") + 1]
        self._at += len(data)
        rows = [line.strip().split(",") for line in data.decode().splitlines() if line.strip()]
        if rows and not self.column:
            self.column = {name: i for i, name in enumerate(rows.pop(0))}
            missing = [name for name in self._needed if name not in self.column]
            if missing:
                raise DatasetError(f"{self._path}: column {missing[0]!r} is missing")
        return rows
