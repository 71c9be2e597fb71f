"""The larger detector: what the manifest says of it, its file, and its answers on tiles."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from detector.crops import PAD
from detector.decode import COCO, Found, ttfnet, yolox
from detector.export import session
from detector.net import CLASSES
from detector.quantise import as_input
from detector.score import look
from detector.tiles import cut

from .product import REPOSITORY

MANIFEST = REPOSITORY / "models" / "manifest.toml"


class TeacherError(Exception):
    """A teacher that cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Entry:
    """What the manifest says, as far as it matters here."""

    name: str
    file: str
    sha256: str
    licence: str
    source: str
    footage: str
    size_px: int
    """Side of the input."""
    input: str
    format: str
    score_min: float
    """Score from which a box is believed alone."""
    score_low: float
    """Score from which a box may continue a track."""
    nms_iou: float
    curve: tuple[tuple[float, float], ...]
    """Share found by height in the input; empty where nobody measured it."""


def entry(models_dir: Path | None, name: str) -> Entry:
    """The model of this name, from a manifest in `models_dir` or the project's, as the product
    looks for it; it must be one that runs on BGR tiles."""
    models: dict[str, dict] = {}
    for manifest in (MANIFEST, *([models_dir / "manifest.toml"] if models_dir else [])):
        if manifest is not MANIFEST and not manifest.is_file():
            continue
        try:
            found = tomllib.loads(manifest.read_text()).get("model", [])
            models |= {m["name"]: m for m in found}
        except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
            raise TeacherError(f"the manifest {manifest} cannot be read: {error!r}") from None
    model = models.get(name)
    if model is None:
        known = ", ".join(n for n, m in models.items() if m.get("task") == "road_users")
        raise TeacherError(f"there is no model '{name}' that could teach; there are {known}")
    layout, given = model.get("detection"), model.get("input", {})
    if not layout:
        raise TeacherError(f"the model {name} does not detect road users")
    shape = given.get("shape", [])
    plain = {"colour": "bgr", "range": [0, 255], "letterbox": "top_left", "pad": PAD}
    other = [key for key, value in plain.items() if given.get(key) != value]
    labels = {int(k): CLASSES.index(v) for k, v in layout["labels"].items()}
    known = {"yolox": COCO, "ttfnet": {i: i for i in range(len(CLASSES))}}
    if labels != known.get(layout["format"]):
        other.append("labels")
    if len(shape) != 4 or shape[2] != shape[3]:
        other.append("shape")
    if other:
        raise TeacherError(
            f"the model {name} cannot be the teacher: its {' and '.join(other)} are other than this"
            " command knows (square BGR input from the top left, COCO's classes or Wayside's)"
        )
    return Entry(
        name=name,
        file=model["file"],
        sha256=model["sha256"],
        licence=model["licence"],
        source=model["source"],
        footage=model["footage"],
        size_px=shape[2],
        input=given["name"],
        format=layout["format"],
        score_min=layout["score_min"],
        score_low=layout["score_low"],
        nms_iou=layout["nms_iou"],
        curve=tuple(tuple(point) for point in layout.get("found_by_height_px", [])),
    )


def folders(models_dir: Path | None) -> list[Path]:
    """Where a model's file may lie, as the product looks for it."""
    found = [models_dir] if models_dir else []
    return [*found, MANIFEST.parent, Path(".wayside/models")]


def locate(entry: Entry, places: list[Path]) -> Path:
    """The file, with the checksum of the manifest."""
    for place in places:
        path = place / entry.file
        if path.is_file():
            if sha256(path.read_bytes()).hexdigest() != entry.sha256:
                raise TeacherError(
                    f"{path} is not the file that the manifest names: its SHA-256 differs"
                )
            return path
    raise TeacherError(
        f"{entry.file} of {entry.name} is in none of {', '.join(map(str, places))}:"
        f" run `wayside models pull {entry.name}`, or name its folder with --models-dir"
    )


class Teacher:
    """An open model. Boxes from `score_low` on, in pixels of the picture."""

    def __init__(self, entry: Entry, path: Path) -> None:
        self.entry, self.path = entry, path
        self._session = session(path)

    def __call__(self, image: np.ndarray) -> Found:
        """Boxes of one tile in input pixels, before suppression."""
        out = self._session.run(None, {self.entry.input: as_input(image[None])})
        if self.entry.format == "ttfnet":
            by_name = dict(zip((o.name for o in self._session.get_outputs()), out))
            return ttfnet(by_name["heat"][0], by_name["boxes"][0], self.entry.score_low)
        return yolox(out[0].reshape(-1, out[0].shape[-1]), self.entry.size_px, self.entry.score_low)

    def look(self, picture: np.ndarray, tiles: list[tuple]) -> Found:
        """What it finds in a picture, BGR uint8 [H, W, 3], merged over the tiles."""
        return look(self, picture, tiles, [cut(picture, t, self.entry.size_px) for t in tiles])
