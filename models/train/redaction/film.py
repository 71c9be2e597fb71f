"""Films clips with exact truth: `python models/train redaction-truth OUT --seeds 4`.

For each seed and light a folder `LIGHT-SEED` with `clip.mp4` (H.264), `truth.bin`, `objects.csv` and `boxes.csv`,
told in `truth.py`. The seeds are none that any model was trained on.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from render.gl import Instance
from render.labels import extents, placed_points
from render.world.camera import Camera, sample_camera
from render.world.ground import paint_ground
from render.world.layout import sample_layout
from render.world.light import sample_light
from render.world.scenery import build_scenery
from render.world.traffic import Placed

from .draw import Cast, Stage
from .scene import POOL, Scene, worth
from .sensor import Sensor
from .truth import TruthFile, pack

LIGHTS = ("day", "night", "rain")
FIRST_SEED = 880_001
"""Training drew from other seeds."""

SEEN_S_MIN = 3.0
"""For so long the offending vehicle must be in view."""


def film(stage: Stage, out: Path, seed: int, light_name: str, seconds: float, rate: float, crf: int, traffic: float) -> None:
    """One clip into `out`."""
    rng = np.random.default_rng([seed, LIGHTS.index(light_name)])
    width, height = stage.size
    cast = stage.cast(rng, POOL)
    while True:
        layout = sample_layout(rng)
        camera = sample_camera(rng, layout, width, height)
        scene = Scene(rng, layout, camera, cast.bodies, seconds, traffic)
        if 34 < camera.fov_deg < 76 and worth(scene) >= min(SEEN_S_MIN, seconds / 2):
            break
    stage.set_ground(paint_ground(rng, layout))
    scenery = build_scenery(rng, layout, [camera.eye_m], float(rng.uniform(2, 12)))
    street = stage.upload(scenery.mesh)
    light = sample_light(rng, light_name)
    while light_name == "rain" and light.rain < 0.3:
        light = sample_light(rng, light_name)
    sensor = Sensor(rng, light)
    frames = round(seconds * rate)
    truth = TruthFile(out / "truth.bin", width, height, frames)
    encoder = _encoder(out / "clip.mp4", width, height, rate, crf)
    assert encoder.stdin
    with open(out / "objects.csv", "w", newline="") as f1, open(out / "boxes.csv", "w", newline="") as f2:
        objects, boxes = csv.writer(f1), csv.writer(f2)
        objects.writerow(["object", "class", "offending"])
        for index, motion in enumerate(scene.motions):
            objects.writerow([index + 1, motion.class_name, int(index == scene.subject)])
        boxes.writerow("frame object x0 y0 x1 y1 ax0 ay0 ax1 ay1".split())
        for frame in range(frames):
            placed = [_placed(m, frame / rate) for m in scene.motions]
            instances = [_instance(p, cast) for p in placed]
            linear, numbers, parts = stage.draw(camera, light, street, scenery.lamps, instances)
            encoder.stdin.write(sensor.develop(linear).tobytes())
            truth.add(pack(numbers, parts >= 1, parts == 2))
            for number, (x0, y0, x1, y1, _) in extents(numbers).items():
                at = placed[number - 1]
                boxes.writerow([frame, number, x0, y0, x1, y1, *_whole(camera, cast, at)])
    truth.close()
    encoder.stdin.close()
    if encoder.wait() != 0:
        raise SystemExit(f"ffmpeg could not write {out / 'clip.mp4'}")
    stage.drop(street)
    for things in cast.things.values():
        for thing in things:
            stage.drop(thing)


def _placed(motion, time_s: float) -> Placed:
    x, y, heading, braking = motion.at(time_s)
    return Placed(motion.class_name, motion.body, x, y, heading, braking)


def _instance(at: Placed, cast: Cast) -> Instance:
    body = cast.bodies[at.class_name][at.body]
    beams = at.class_name not in ("person", "bicycle")
    thing = cast.things[at.class_name][at.body]
    return Instance(thing, at.x_m, at.y_m, at.heading_rad, at.braking, body.size_m[1], beams)


def _whole(camera: Camera, cast: Cast, at: Placed) -> list[float]:
    """The box of the whole body, seen or hidden, cut off at the border."""
    pixels, depth = camera.project(placed_points(cast.points[at.class_name][at.body], at))
    if depth.min() < 0.6:
        return [0.0, 0.0, float(camera.width_px), float(camera.height_px)]
    size = np.array([camera.width_px, camera.height_px], float)
    low, high = np.clip(pixels.min(0), 0, size), np.clip(pixels.max(0), 0, size)
    return [round(float(v), 1) for v in (*low, *high)]


def _encoder(path: Path, width: int, height: int, rate: float, crf: int) -> subprocess.Popen:
    """H.264 as cameras send it: BT.709, one key frame a second."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}"]
    command += ["-r", str(rate), "-i", "-", "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"]
    command += ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf), "-g", str(round(rate)), "-bf", "0", "-threads", "1"]
    command += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", str(path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="redaction-truth", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=4, help="clips for each light")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="the first seed")
    parser.add_argument("--lights", nargs="+", choices=LIGHTS, default=list(LIGHTS))
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--traffic", type=float, default=1.0, help="1 is a rush hour, 0.25 a quiet one")
    parser.add_argument("--rate", type=float, default=12.5, help="pictures a second")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=720)
    parser.add_argument("--crf", type=int, default=24, help="x264's quality, lower is better")
    args = parser.parse_args(argv)
    stage = Stage(args.width, args.height)
    for seed in range(args.first, args.first + args.seeds):
        for light in args.lights:
            folder = args.out / f"{light}-{seed}"
            if (folder / "truth.bin").exists():
                raise SystemExit(f"{folder} exists; give another folder or remove it")
            folder.mkdir(parents=True, exist_ok=True)
            start = time.monotonic()
            film(stage, folder, seed, light, args.seconds, args.rate, args.crf, args.traffic)
            print(f"{folder.name}: {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
