"""Prints the entry of the manifest of models for a file, with its size and SHA-256.

    python models/train/manifest_entry.py wayside-junction models/wayside-junction.onnx --embedded
    python models/train/manifest_entry.py wayside-vehicle-embed FILE --task vehicle_embedding

The tensors are those of the two contracts (detector: heat and boxes; embedder: a vector); `wayside
models verify NAME` holds them against the file. Needs nothing but Python.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

LABELS = ("car", "truck", "bus", "motorcycle", "bicycle", "person")
"""Classes of the detector in the order of its heat maps."""

SOURCES = {
    "road_users": "trained for Wayside on renderings of its own (models/train)",
    "vehicle_embedding": "trained for Wayside on renderings of its own (models/train)",
}

HEAD = """[[model]]
name = {name}
task = {task}
file = {file}
{embedded}sha256 = {sha256}
size_bytes = {size}
licence = {licence}
source = {source}
footage = {footage}
card = {card}

[model.input]
name = "images"
shape = [-1, 3, {side}, {side}]
colour = "bgr"
range = [0, 255]
letterbox = {letterbox}
pad = 114
"""

DETECTION = """
[[model.output]]
name = "heat"
shape = [-1, {classes}, {cells}, {cells}]

[[model.output]]
name = "boxes"
shape = [-1, 8, {cells}, {cells}]

[model.detection]
format = "ttfnet"
strides = [8]
score_min = {score_min}
score_low = {score_low}
nms_iou = {nms_iou}
{curve}
[model.detection.labels]
{labels}
"""

EMBEDDING = """
[[model.output]]
name = "embedding"
shape = [-1, 64]
"""


def curve(text: str) -> list[list[float]]:
    """`8:0,32:0.9` as [[8.0, 0.0], [32.0, 0.9]]; heights in pixels, ascending, shares 0 to 1."""
    try:
        points = [[float(number) for number in point.split(":")] for point in text.split(",")]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from error
    heights = [point[0] for point in points]
    if any(len(point) != 2 or not 0 <= point[1] <= 1 for point in points):
        raise argparse.ArgumentTypeError(f"{text}: not pairs of height and share, as in 8:0,32:0.9")
    if heights != sorted(set(heights)):
        raise argparse.ArgumentTypeError(f"{text}: heights do not ascend")
    return points


@dataclass(frozen=True)
class Entry:
    """What an entry says beyond the file's own size and checksum."""

    name: str
    file: Path
    task: str = "road_users"
    footage: str = "simulated"
    embedded: bool = False
    licence: str = "Apache-2.0"
    source: str | None = None
    card: str | None = None
    score_min: float = 0.3
    score_low: float = 0.1
    nms_iou: float = 0.5
    found_by_height_px: list | None = None


def entry(options: Entry) -> str:
    """The entry as TOML."""
    content = options.file.read_bytes()
    detects = options.task == "road_users"
    # A JSON string is a basic string of TOML.
    text = HEAD.format(
        name=json.dumps(options.name),
        task=json.dumps(options.task),
        file=json.dumps(options.file.name),
        embedded="embedded = true\n" if options.embedded else "",
        sha256=json.dumps(hashlib.sha256(content).hexdigest()),
        size=len(content),
        licence=json.dumps(options.licence),
        source=json.dumps(options.source or SOURCES[options.task]),
        footage=json.dumps(options.footage),
        card=json.dumps(options.card or f"{options.name}.md"),
        side=416 if detects else 64,
        letterbox=json.dumps("top_left" if detects else "stretch"),
    )
    if not detects:
        return text + EMBEDDING
    points = options.found_by_height_px
    return text + DETECTION.format(
        classes=len(LABELS),
        cells=52,
        score_min=options.score_min,
        score_low=options.score_low,
        nms_iou=options.nms_iou,
        curve=f"found_by_height_px = {points}\n" if points else "",
        labels="\n".join(f'{number} = "{name}"' for number, name in enumerate(LABELS)),
    )


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="lower-case letters, digits and -")
    parser.add_argument("file", type=Path, help="the ONNX file")
    parser.add_argument("--task", choices=sorted(SOURCES), default="road_users")
    parser.add_argument("--footage", choices=("simulated", "real"), default="simulated")
    parser.add_argument("--embedded", action="store_true", help="build it into the program")
    parser.add_argument("--source", help="who trained it on what, one sentence")
    parser.add_argument("--card", help="file beside the manifest; NAME.md where absent")
    parser.add_argument("--score-min", type=float, default=0.3, help="believed alone (0.3)")
    parser.add_argument("--score-low", type=float, default=0.1, help="may continue a track (0.1)")
    parser.add_argument("--nms-iou", type=float, default=0.5, help="overlap of suppression (0.5)")
    parser.add_argument("--found-by-height-px", type=curve, metavar="8:0,32:0.9")
    options = Entry(**vars(parser.parse_args(argv)))
    if not re.fullmatch("[a-z0-9-]+", options.name):
        parser.error(f"{options.name!r} is not a name: lower-case letters, digits and -")
    if not options.file.is_file():
        parser.error(f"{options.file} is not a file")
    if not 0 <= options.score_low <= options.score_min <= 1:
        parser.error("score_low and score_min are not two scores in order")
    sys.stdout.write(entry(options))


if __name__ == "__main__":
    main()
