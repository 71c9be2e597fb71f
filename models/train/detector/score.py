"""Judges models on the same tiles: `python -m detector.score --model A.onnx --data DIR`.

Prints a table of recall by class and height with 95 % intervals at the score that gives 3 % false
boxes (people: 10 %), and writes all figures as JSON. Pictures come from dataset folders (--data)
and from clips (--clip FILE --truth CSV, --light NAME). Give --model several times to compare;
.pt checkpoints may stand for .onnx files, so `--curve a.pt b.pt` shows how a training went.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch

from . import truth
from .checkpoint import load, load_net
from .decode import suppress, ttfnet, yolox
from .export import answers, session
from .judge import BANDS, FALSE_MAX, Judge
from .net import INPUT_PX
from .quantise import as_input
from .tiles import Look, cut, grid, merge

SCORE_MIN = 0.05
"""Boxes below take no part: no threshold at 3 % false was ever near."""


class Model:
    """An ONNX file of either format, or a checkpoint."""

    def __init__(self, path: str) -> None:
        self.path, self.name = path, Path(path).name
        self.seconds, self.tiles = 0.0, 0
        if not Path(path).is_file():
            raise SystemExit(f"error: {path} is missing")
        self._net = load_net(path) if path.endswith(".pt") else None
        self._session = None if self._net else session(path)

    def __call__(self, image: np.ndarray):
        """Boxes of one tile, in input pixels."""
        start = time.perf_counter()
        if self._net is not None:
            out = answers(self._net, image[None])
        else:
            out = self._session.run(None, {"images": as_input(image[None])})
        self.seconds += time.perf_counter() - start
        self.tiles += 1
        if len(out) == 2:
            return ttfnet(out[0][0], out[1][0], SCORE_MIN)
        flat = out[0] if out[0].ndim == 2 else out[0][0]
        return yolox(flat, INPUT_PX, SCORE_MIN)


def look(model: Model, picture: np.ndarray, tiles: list, prepared: list | None = None):
    """What a model finds in a picture, merged over the tiles."""
    size, looks = (picture.shape[1], picture.shape[0]), []
    for tile, (image, scale) in zip(tiles, prepared or [cut(picture, t) for t in tiles]):
        box, score, label = suppress(model(image))
        box = box / scale + np.array((tile[0], tile[1]) * 2, np.float32)
        limit = np.array((tile[0] + tile[2], tile[1] + tile[3]), np.float32)
        box[:, :2] = np.maximum(box[:, :2], tile[:2])
        box[:, 2:] = np.minimum(box[:, 2:], limit)
        keep = (box[:, 2] > box[:, 0]) & (box[:, 3] > box[:, 1])
        looks.append(Look(tile, (box[keep], score[keep], label[keep])))
    return merge(looks, size)


def judge(
    models: list[Model], sources: list, sides: list[int], share: float, whole: bool
) -> list[Judge]:
    """One judge per model over all pictures, each seen by every model on the same tiles."""
    judges = [Judge() for _ in models]
    for source in sources:
        for picture, there in source:
            tiles = grid((picture.shape[1], picture.shape[0]), sides, share, whole)
            prepared = [cut(picture, t) for t in tiles]
            for model, one in zip(models, judges):
                one.add(there, look(model, picture, tiles, prepared))
    return judges


def table(names: list[str], reports: list[dict]) -> str:
    """Markdown: a row per cell, a column per model."""

    def words(cell: dict) -> str:
        if cell["share"] is None:
            return "no boxes"
        return f"{cell['share']:.3f} ({cell['low']:.2f} to {cell['high']:.2f})"

    lines = ["| cell | boxes | frames | " + " | ".join(names) + " |"]
    lines.append("| --- " * (len(names) + 3) + "|")
    for band in BANDS:
        cells = [report["recall"][band.name] for report in reports]
        first = f"| {band.name} | {cells[0]['boxes']} | {cells[0]['frames']} | "
        lines.append(first + " | ".join(words(c) for c in cells) + " |")
    for name in ("car", "truck+bus"):
        cells = [report["class_right"][name] for report in reports]
        lines.append(f"| class right: {name} | | | " + " | ".join(words(c) for c in cells) + " |")
    for name in reports[0]["groups"]:
        groups = [report["groups"][name] for report in reports]
        cells = [
            f"{g['false']:.3f} at {g['threshold']:.2f}, doubles {g['doubles']:.3f}" for g in groups
        ]
        lines.append(f"| false boxes: {name} | | | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def by_light(names: list[str], reports: list[dict]) -> str:
    """Markdown: recall of each cell by light."""
    lights = sorted({k for r in reports for c in r["recall"].values() for k in c.get("lights", {})})
    if not lights:
        return ""
    lines = ["| cell | model | " + " | ".join(lights) + " |", "| --- " * (len(lights) + 2) + "|"]
    for band in BANDS:
        for name, report in zip(names, reports):
            cells = [report["recall"][band.name]["lights"][k] for k in lights]
            told = [f"{c['share']:.2f} of {c['boxes']}" if c["boxes"] else "-" for c in cells]
            lines.append(f"| {band.name} | {name} | " + " | ".join(told) + " |")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="detector.score", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--model", action="append", default=[], help="ONNX file or checkpoint; may be given again")
    add("--curve", nargs="+", default=[], help="checkpoints of one training, in order")
    add("--data", action="append", default=[], help="dataset folder")
    add("--clip", action="append", default=[], help="video file, with a --truth each")
    add("--truth", "--gt", dest="truth", action="append", default=[], help="CSV of boxes")
    add("--light", action="append", default=[], help="light of each clip, day if not told")
    add("--frames", type=int, help="at most this many of each source")
    add("--tile", type=int, action="append", default=[], help="side of the squares (416)")
    add("--overlap", type=float, default=0.2)
    add("--no-whole", action="store_true", help="do not look at the whole picture")
    add("--false", type=float, nargs=3, default=FALSE_MAX, help="vehicles, two-wheelers, people")
    add("--json", type=Path, help="file for all figures")
    args = parser.parse_args(argv)
    if len(args.clip) != len(args.truth):
        parser.error("give one --truth for each --clip")
    if not args.model + args.curve or not args.data + args.clip:
        parser.error("give at least one model and one source of pictures")
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    lights = args.light + ["day"] * (len(args.clip) - len(args.light))
    sources = [truth.of_dataset(folder, args.frames) for folder in args.data]
    clips = zip(args.clip, args.truth, lights)
    sources += [truth.of_clip(c, t, light, args.frames) for c, t, light in clips]
    models = [Model(path) for path in args.model + args.curve]
    sides = args.tile or [INPUT_PX]
    judges = judge(models, sources, sides, args.overlap, not args.no_whole)
    reports = [one.report(tuple(args.false)) for one in judges]
    for model, report in zip(models, reports):
        report["model"] = model.name
        report["tile_ms"] = round(1000 * model.seconds / max(model.tiles, 1), 2)
        if model.path.endswith(".pt"):
            report["crops"] = load(model.path)["progress"]["crops"]
    names = [
        m.name + (f" ({r['crops']} crops)" if "crops" in r else "") for m, r in zip(models, reports)
    ]
    print(f"{judges[0].pictures} pictures, squares of {sides} px and the whole picture\n")
    print(table(names, reports) + "\n\n" + by_light(names, reports))
    if args.json:
        args.json.write_text(json.dumps(reports, indent=1))


if __name__ == "__main__":
    sys.exit(main())
