"""Writes a data set of crops: each vehicle from two cameras of a section, several times each.

    python -m embedder.crops OUT --identities 3400 --seed 1

OUT/crops.npy   uint8 [N, 72, 72, 3] RGB: the vehicle's box, enlarged by 10 % and by a rim for
                jitter, stretched; a motorcycle's upper part is blanked (its rider).
OUT/crops.csv   crop,identity,camera,class,kind,light,azimuth_deg,distance_m,height_m,width_px,
                height_px,visible,patched,paint_r,paint_g,paint_b
                (camera 0 or 1 of the section; width and height of the box in the picture)
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from . import BLANK, ENLARGE, INPUT_PX, RIDER_SHARE, STORED_PX
from .identity import Identity, make
from .lights import LIGHTS, Light, draw as draw_light
from .poses import Camera, Pose, azimuth, draw_pair, look
from .scene import Road, Scene, draw_blocks, draw_neighbours, draw_road
from .sensor import expose
from .studio import SIDES_PX, Studio
from .window import window

COLUMNS = (
    "crop identity camera class kind light azimuth_deg distance_m height_m width_px height_px "
    "visible patched paint_r paint_g paint_b"
).split()

VISIBLE_MIN = 0.5
"""A vehicle that is hidden more than this is looked at again."""

AROUND = 24
"""Vehicles kept on the card, as neighbours of the next."""

TRIES = 6

NEXT = {"day": "rain", "rain": "day", "dusk": "night"}
"""What the light may have become on the way to the second camera, now and then."""


def cut(picture: np.ndarray, box: np.ndarray, class_name: str) -> np.ndarray:
    """The stored crop of a box (x0, y0, x1, y1 in pixels of `picture`): uint8 [72, 72, 3].

    What the picture lacks at its border repeats the border. A motorcycle is blanked over its upper
    part before anything else is done with it, so that no filter carries its rider further down.
    """
    middle, size = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
    if class_name == "motorcycle":
        line = int(np.ceil((box[1] + size[1] * RIDER_SHARE) / 2)) * 2
        picture = picture.copy()
        picture[: max(line, 0)] = BLANK
    scale = INPUT_PX / (size * ENLARGE)
    # OpenCV's coordinates are those of pixels' middles, half a pixel from ours.
    shift = STORED_PX / 2 - middle * scale + 0.5 * scale - 0.5
    matrix = np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]]])
    # Every source pixel has to count where the crop is coarser, as in the product's scaler.
    spread = [0.4 / factor if factor < 0.8 else 1e-3 for factor in scale]
    if max(spread) > 0.1:
        picture = cv2.GaussianBlur(picture, (0, 0), sigmaX=spread[0], sigmaY=spread[1])
    return cv2.warpAffine(
        picture, matrix, (STORED_PX, STORED_PX), flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip


def modal_box(cover: np.ndarray) -> np.ndarray | None:
    """The box of the pixels that the vehicle covers by half or more: x0, y0, x1, y1."""
    rows, columns = np.nonzero(cover.max(1) > 0.5)[0], np.nonzero(cover.max(0) > 0.5)[0]
    if len(rows) == 0:
        return None
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], float)


class Photographer:
    """Takes the views of one vehicle after the other; remembers the last ones as neighbours."""

    def __init__(self, seed: int) -> None:
        self.studio = Studio()
        self.seed = seed
        self.around: list[Identity] = []

    def views(self, who: Identity, per_camera: int, light_name: str | None) -> list[tuple]:
        """(crop, row without its number) for each view of both cameras."""
        rng = np.random.default_rng((self.seed, who.number, 2))
        self.studio.hold(who)
        light = draw_light(rng, light_name)
        taken = []
        for number, camera in enumerate(draw_pair(rng, light.name)):
            # Cameras look in different directions, so the sun stands elsewhere for the second.
            if number:
                other = NEXT.get(light.name, light.name) if light_name is None else light.name
                light = draw_light(rng, light.name if rng.random() < 0.9 else other)
            road = draw_road(rng)
            for _ in range(per_camera):
                view = self._view(rng, who, camera, light, road)
                if view is not None:
                    crop, values = view
                    taken.append((crop, [who.number, number, *values]))
        self.around.append(who)
        if len(self.around) > AROUND:
            self.studio.drop(self.around.pop(0))
        return taken

    def _view(
        self, rng: np.random.Generator, who: Identity, camera: Camera, light: Light, road: Road
    ) -> tuple | None:
        for _ in range(TRIES):
            pose = look(rng, camera, who.size_m)
            part = window(who, pose)
            if part is None or max(part.width_px, part.height_px) > SIDES_PX[-1]:
                continue
            scene = Scene(
                light,
                road,
                bool(rng.random() < 0.25),
                draw_neighbours(rng, self.around, who.size_m),
                draw_blocks(rng, pose, who.size_m),
            )
            linear, cover = self.studio.shoot(who, pose, part, scene)
            box, visible = modal_box(cover), min(1.0, float(cover.sum()) / part.area_px)
            if box is None or visible < VISIBLE_MIN or max(box[2:] - box[:2]) < 20:
                continue
            return self._finish(rng, who, camera, light, pose, linear, box, visible)
        return None

    def _finish(
        self, rng: np.random.Generator, who: Identity, camera: Camera, light: Light, pose: Pose,
        linear: np.ndarray, box: np.ndarray, visible: float,
    ) -> tuple:  # fmt: skip
        picture = expose(linear, camera.sensor, light.name, rng)
        size = box[2:] - box[:2]
        # A detector's box is not the true one.
        found = box + np.clip(rng.normal(0, 0.02, 4), -0.06, 0.06) * np.tile(size, 2)
        crop = cut(picture, found, who.class_name)
        values = [
            who.class_name, who.kind, light.name, f"{azimuth(pose):.1f}",
            f"{np.linalg.norm(pose.eye_m):.1f}", f"{pose.eye_m[2]:.1f}", int(size[0]), int(size[1]),
            f"{visible:.2f}", int(bool(who.patches)), *(f"{v:.3f}" for v in who.paint),
        ]  # fmt: skip
        return crop, values


def write(
    folder: Path, identities: int, per_camera: int, seed: int, light: str | None, first: int = 0,
    quiet: bool = False,
) -> int:  # fmt: skip
    """Renders a data set; the number of crops written."""
    folder.mkdir(parents=True, exist_ok=True)
    photographer = Photographer(seed)
    crops, rows = [], []
    start = time.monotonic()
    for number in range(first, first + identities):
        for crop, values in photographer.views(make(number, seed), per_camera, light):
            rows.append([len(crops), *values])
            crops.append(crop)
        done = number - first + 1
        if not quiet and (done % 100 == 0 or done == identities):
            rate = len(crops) / max(time.monotonic() - start, 1e-9)
            print(f"{done} of {identities} vehicles, {len(crops)} crops, {rate:.1f}/s", flush=True)
    np.save(folder / "crops.npy", np.stack(crops) if crops else np.zeros((0, 72, 72, 3), np.uint8))
    with open(folder / "crops.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return len(crops)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="embedder.crops", description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--identities", type=int, default=3400)
    parser.add_argument("--per-camera", type=int, default=3, help="views of each of two cameras")
    parser.add_argument("--seed", type=int, default=1, help="of vehicles and cameras")
    parser.add_argument("--first", type=int, default=0, help="number of the first vehicle")
    parser.add_argument("--light", choices=LIGHTS, help="one light only")
    given = parser.parse_args(arguments)
    if given.identities < 1 or given.per_camera < 1:
        parser.error("--identities and --per-camera have to be 1 or more")
    write(given.out, given.identities, given.per_camera, given.seed, given.light, given.first)
    return 0


if __name__ == "__main__":
    sys.exit(main())
