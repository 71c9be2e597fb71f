"""Contact sheet of random bodies, seen from a camera above: python -m render.shapes.sheet OUT.png [CLASS]."""

from __future__ import annotations

import argparse
import struct
import zlib

import numpy as np

from ..mesh import Body, rotation
from . import CLASSES, build


def draw(body: Body, turn: float, tilt: float, size: int, metres: float | None = None) -> np.ndarray:
    """The body turned by `turn` and seen from `tilt` radians above, orthographic: uint8 [size, size, 3]. Faces seen
    from behind are drawn magenta, so a shape inside out cannot be missed."""
    m = rotation("x", tilt) @ rotation("z", turn)
    v = body.mesh.vertices.astype(np.float64)
    p, n = v[:, :3] @ m.T, v[:, 3:6] @ m.T
    lo, hi = p.min(0), p.max(0)
    scale = size * 0.94 / (metres or max(hi[0] - lo[0], hi[2] - lo[2]))
    q = np.stack([(p[:, 0] - (lo[0] + hi[0]) / 2) * scale + size / 2, size / 2 - (p[:, 2] - (lo[2] + hi[2]) / 2) * scale, p[:, 1]], 1).reshape(-1, 3, 3)
    sun = np.array([-0.4, -0.5, 0.77])
    world = v[:, 3:6]
    light = 0.35 + 0.2 * world[:, 2] + 0.75 * np.maximum(world @ (m.T @ sun), 0)
    half = sun + [0, -1, 0]
    shine = np.maximum(n @ (half / np.linalg.norm(half)), 0) ** 30 * np.isin(v[:, 9], (1, 2, 8))
    c = (v[:, 6:9] * light[:, None] + 0.25 * shine[:, None] + (v[:, 9:] == 1) * 0.04).reshape(-1, 3, 3)
    image = np.full((size, size, 3), 0.16)
    depth = np.full((size, size), np.inf)
    for t, col in zip(q, c):
        x0, y0 = np.maximum(np.floor(t[:, :2].min(0)).astype(int), 0)
        x1, y1 = np.minimum(np.ceil(t[:, :2].max(0)).astype(int) + 1, size)
        area = (t[1, 0] - t[0, 0]) * (t[2, 1] - t[0, 1]) - (t[1, 1] - t[0, 1]) * (t[2, 0] - t[0, 0])
        if x1 <= x0 or y1 <= y0 or abs(area) < 1e-9:
            continue
        x, y = np.arange(x0, x1)[None] + 0.5, np.arange(y0, y1)[:, None] + 0.5
        w1 = ((x - t[0, 0]) * (t[2, 1] - t[0, 1]) - (y - t[0, 1]) * (t[2, 0] - t[0, 0])) / area
        w2 = ((t[1, 0] - t[0, 0]) * (y - t[0, 1]) - (t[1, 1] - t[0, 1]) * (x - t[0, 0])) / area
        w0 = 1 - w1 - w2
        z = w0 * t[0, 2] + w1 * t[1, 2] + w2 * t[2, 2]
        d = depth[y0:y1, x0:x1]
        hit = (w0 >= -1e-9) & (w1 >= -1e-9) & (w2 >= -1e-9) & (z < d)
        d[hit] = z[hit]
        shade = w0[..., None] * col[0] + w1[..., None] * col[1] + w2[..., None] * col[2]
        image[y0:y1, x0:x1][hit] = (1, 0, 1) if area > 0 else shade[hit]
    return (np.clip(image, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)


def save_png(path: str, image: np.ndarray) -> None:
    """Write uint8 [H, W, 3] as PNG."""
    h, w, _ = image.shape
    raw = np.concatenate([np.zeros((h, 1), np.uint8), image.reshape(h, -1)], 1).tobytes()

    def chunk(tag: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0)))
        f.write(chunk(b"IDAT", zlib.compress(raw, 6)) + chunk(b"IEND", b""))


def main() -> None:
    """Draw `--rows` times `--columns` bodies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("class_name", nargs="?", choices=CLASSES)
    parser.add_argument("--kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--size", type=int, default=220)
    parser.add_argument("--tilt", type=float, default=25.0, help="degrees below the horizon the camera looks")
    a = parser.parse_args()
    rows = []
    for r in range(a.rows):
        row = []
        for c in range(a.columns):
            rng = np.random.default_rng([a.seed, r, c])
            name = a.class_name or CLASSES[c % len(CLASSES)]
            row.append(draw(build(name, rng, a.kind), (0.6 + c * 1.05 + r * 0.7), np.radians(a.tilt), a.size))
        rows.append(np.concatenate(row, 1))
    save_png(a.out, np.concatenate(rows, 0))


if __name__ == "__main__":
    main()
