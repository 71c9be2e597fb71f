"""Renders a dataset: `python -m render.dataset OUT --frames 1000 --seed 1`.

Every few frames a new junction; every frame a new pose, light and moment. A seed gives the same
frames on the same driver. The format is told in ../README.md.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import labels, sensor
from .gl import Instance, Renderer, Thing
from .mesh import Body
from .shapes import build
from .world.camera import sample_camera, streets_in_view
from .world.ground import paint_ground
from .world.layout import sample_layout
from .world.light import sample_light
from .world.scenery import build_scenery
from .world.traffic import CLASSES, Placed, sample_traffic

POOL = {"car": 60, "truck": 30, "bus": 18, "motorcycle": 30, "bicycle": 30, "person": 60}
FRAMES_PER_WORLD = 8
FRAMES_PER_POOL = 200


class Pool:
    """Bodies on the card, by class."""

    def __init__(self, rng: np.random.Generator, renderer: Renderer, installed: bool) -> None:
        self.bodies: dict[str, list[Body]] = {
            name: [build(name, rng, extra=installed) for _ in range(POOL[name])]
            for name in CLASSES
        }
        self.points = {n: [labels.corner_points(b) for b in bs] for n, bs in self.bodies.items()}
        self.things: dict[str, list[Thing]] = {
            n: [renderer.upload(b.mesh) for b in bs] for n, bs in self.bodies.items()
        }

    def drop(self, renderer: Renderer) -> None:
        for things in self.things.values():
            for thing in things:
                renderer.drop(thing)


@dataclass(frozen=True)
class Order:
    """What to draw."""

    frames: int
    seed: int
    width: int = 960
    height: int = 540
    rare: float = 3.5
    """Buses, trucks and two-wheelers tried beyond those in lanes, on average."""
    installed: bool = True
    """Whether meshes of an installed simulator, and plain ones in its manner, are drawn too."""


def write(out: Path, args: Order, quiet: bool = False) -> None:
    """Renders into `out`, which may exist only if it is empty."""
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise SystemExit(f"{out} is not empty; give another folder or remove it")
    rng = np.random.default_rng(args.seed)
    frames, width, height = args.frames, args.width, args.height
    renderer = Renderer(width, height)
    store = np.lib.format.open_memmap(
        out / "frames.npy", "w+", dtype=np.uint8, shape=(frames, height, width, 3)
    )
    start, shown = time.monotonic(), 0
    with open(out / "frames.csv", "w", newline="") as f1, open(out / "boxes.csv", "w", newline="") as f2:
        frame_rows, box_rows = csv.writer(f1), csv.writer(f2)
        frame_rows.writerow(["frame", "world", "light", "fov_deg", "height_m"])
        box_rows.writerow(
            "frame object class x0 y0 x1 y1 ax0 ay0 ax1 ay1 visible".split()
        )
        pool: Pool | None = None
        scene: Thing | None = None
        for frame in range(frames):
            if frame % FRAMES_PER_POOL == 0:
                if pool:
                    pool.drop(renderer)
                pool = Pool(rng, renderer, args.installed)
            assert pool
            if frame % FRAMES_PER_WORLD == 0:
                layout = sample_layout(rng)
                cameras = [sample_camera(rng, layout, width, height) for _ in range(FRAMES_PER_WORLD)]
                renderer.set_ground(paint_ground(rng, layout))
                clear = float(rng.uniform(2, 12))
                scenery = build_scenery(rng, layout, [c.eye_m for c in cameras], clear)
                if scene:
                    renderer.drop(scene)
                scene = renderer.upload(scenery.mesh)
            camera = cameras[frame % FRAMES_PER_WORLD]
            light = sample_light(rng)
            near = streets_in_view(rng, camera, layout, 60)
            placed = sample_traffic(rng, layout, pool.bodies, camera.eye_m, near, args.rare)
            instances = [_instance(at, pool) for at in placed]
            linear, numbers, faces = renderer.draw(camera, light, scene, scenery.lamps, instances)
            store[frame] = sensor.develop(rng, linear, light)
            points = [pool.points[at.class_name][at.body] for at in placed]
            for found in labels.label(camera, placed, points, numbers, faces):
                box = [round(v, 1) for v in (*found.modal, *found.amodal)]
                box_rows.writerow([frame, found.number, found.class_name, *box, found.visible])
                shown += 1
            f2.flush()
            frame_rows.writerow(
                [frame, frame // FRAMES_PER_WORLD, light.name, round(camera.fov_deg, 1), round(float(camera.eye_m[2]), 1)]
            )
            f1.flush()
            if not quiet and (frame + 1) % 20 == 0:
                rate = (frame + 1) / (time.monotonic() - start)
                print(f"{frame + 1}/{frames} frames, {shown} boxes, {rate:.1f} frames/s", flush=True)
    store.flush()


def _instance(at: Placed, pool: Pool) -> Instance:
    body = pool.bodies[at.class_name][at.body]
    beams = at.class_name not in ("person", "bicycle")
    thing = pool.things[at.class_name][at.body]
    return Instance(thing, at.x_m, at.y_m, at.heading_rad, at.braking, body.size_m[1], beams)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="render", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--frames", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--width", type=int, default=960)
    parser.add_argument("--height", type=int, default=540)
    parser.add_argument("--rare", type=float, default=3.5, help="further buses, trucks and two-wheelers tried a frame")
    parser.add_argument("--own-shapes", action="store_true", help="only shapes of this project")
    args = parser.parse_args(argv)
    order = Order(args.frames, args.seed, args.width, args.height, args.rare, not args.own_shapes)
    write(args.out, order)


if __name__ == "__main__":
    sys.exit(main())
