"""Draws crops around vehicles with the truth of each pixel: `python models/train outline-crops OUT --scenes 160`.

For each scene a file `scene-NUMBER.npy`, uint8 [crops, 176, 176, 4]: RGB, and what the pixel is: 0 static, 1 the
vehicle, 2 another vehicle, 3 a person or rider (the vehicle's own too). A window reaches 0.45 of the vehicle's box beyond it on
each side. `crops.csv` says of each crop its scene, light, class, height and how much of its box others take.

Scenes are those that redaction is measured on (`redaction.scene`), from other seeds, with further people before other
vehicles.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from redaction.draw import Cast, Stage
from redaction.film import _instance, _placed, _whole
from redaction.scene import POOL, Scene, worth
from redaction.sensor import Sensor
from render.labels import extents
from render.world.camera import sample_camera
from render.world.ground import paint_ground
from render.world.layout import sample_layout
from render.world.light import sample_light
from render.world.scenery import build_scenery

from . import STORED_MARGIN, STORED_PX
from .window import sample, window

LIGHTS = {"day": 0.36, "dusk": 0.06, "night": 0.3, "rain": 0.28}
MOTOR = ("car", "truck", "bus", "motorcycle")

SIDE_PX_MIN = 20.0
"""Of the vehicle's box, both sides."""

SHOWN_MIN = 0.12
"""Share of the vehicle's box that must be its pixels."""

SCENES_A_CAST = 6
FIRST_SEED = 310_001
"""No clip that anything is measured on has these seeds."""


def scene(stage: Stage, cast: Cast, seed: int, pictures: int) -> tuple[list[np.ndarray], list[list]]:
    """Crops of one scene and a row about each."""
    rng = np.random.default_rng([seed, 77])
    width, height = stage.size
    light_name = str(rng.choice(list(LIGHTS), p=list(LIGHTS.values())))
    while True:
        layout = sample_layout(rng)
        camera = sample_camera(rng, layout, width, height)
        drawn = Scene(rng, layout, camera, cast.bodies, 10.0)
        if 24 < camera.fov_deg < 76 and worth(drawn) >= 2.0:
            break
    best = drawn.subject
    moving = [i for i, m in enumerate(drawn.motions) if m.class_name in MOTOR]
    for index in rng.choice(moving, min(4, len(moving)), replace=False):
        drawn.subject = int(index)
        drawn._between()
    drawn.subject = best
    stage.set_ground(paint_ground(rng, layout))
    scenery = build_scenery(rng, layout, [camera.eye_m], float(rng.uniform(2, 12)))
    street = stage.upload(scenery.mesh)
    sensor = Sensor(rng, sample_light(rng, light_name))
    crops, rows = [], []
    for moment in (np.arange(pictures) + rng.uniform(0, 1)) / pictures * 10.0:
        placed = [_placed(m, float(moment)) for m in drawn.motions]
        instances = [_instance(p, cast) for p in placed]
        linear, numbers, parts = stage.draw(camera, sensor.light, street, scenery.lamps, instances)
        picture = coded(rng, sensor.develop(linear))
        for number, (*_, count) in extents(numbers).items():
            at = placed[number - 1]
            if at.class_name not in MOTOR:
                continue
            box = tuple(_whole(camera, cast, at))
            w, h = box[2] - box[0], box[3] - box[1]
            own = (numbers == number) & (parts == 0)
            if min(w, h) < SIDE_PX_MIN or w > width * 0.9 or own.sum() < SHOWN_MIN * w * h:
                continue
            kind = np.where(own, 1, np.where(numbers == 0, 0, np.where(parts > 0, 3, 2))).astype(np.uint8)
            around = window(box, STORED_MARGIN)
            pixels = sample(picture, around, STORED_PX, nearest=False)
            what = sample(kind, around, STORED_PX, nearest=True, pad=0)
            crops.append(np.dstack([pixels, what]))
            inside = kind[int(box[1]) : int(box[3]) + 1, int(box[0]) : int(box[2]) + 1]
            rows.append([seed, light_name, at.class_name, round(h), round(float((inside > 1).mean()), 3)])
    stage.drop(street)
    return crops, rows


def coded(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """As it comes out of a camera's encoder."""
    if rng.random() < 0.25:
        return picture
    quality = int(rng.integers(35, 90))
    _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="outline-crops", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scenes", type=int, default=160)
    parser.add_argument("--pictures", type=int, default=4, help="pictures of each scene")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="the first seed")
    parser.add_argument("--width", type=int, default=960)
    parser.add_argument("--height", type=int, default=540)
    args = parser.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    if any(args.out.glob(f"scene-{args.first}.npy")):
        raise SystemExit(f"{args.out} has scene {args.first}; give another folder or seed")
    stage = Stage(args.width, args.height)
    start, total, cast = time.monotonic(), 0, None
    with open(args.out / f"crops-{args.first}.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow("scene light class height_px others".split())
        for done in range(args.scenes):
            if done % SCENES_A_CAST == 0:
                for things in cast.things.values() if cast else ():
                    for thing in things:
                        stage.drop(thing)
                cast = stage.cast(np.random.default_rng([args.first + done, 78]), POOL)
            assert cast
            crops, rows = scene(stage, cast, args.first + done, args.pictures)
            if crops:
                np.save(args.out / f"scene-{args.first + done}.npy", np.stack(crops))
            table.writerows(rows)
            file.flush()
            total += len(crops)
            print(f"{done + 1} scenes, {total} crops, {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
