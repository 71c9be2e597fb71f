"""Shapes of road users: every kind is sound, of its stated size, and the same for the same seed."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from render.shapes import CLASSES, KINDS, build  # noqa: E402
from render.shapes import external, sumo_like  # noqa: E402

LENGTHS = {"car": (3.4, 6.3), "truck": (5.5, 17), "bus": (6.8, 19), "motorcycle": (1.5, 3), "bicycle": (1.4, 3), "person": (0.15, 2.2)}
HEIGHTS = {"car": (1.2, 3.2), "truck": (2.2, 4.6), "bus": (2.7, 4.9), "motorcycle": (1.2, 2.1), "bicycle": (1.3, 2.2), "person": (0.9, 2.5)}


def bodies():
    """Three bodies of every kind, then plain and third-party ones."""
    for name in CLASSES:
        for kind in KINDS[name]:
            for seed in range(3):
                yield name, kind, build(name, np.random.default_rng(seed), kind)
        if name in sumo_like.KINDS:
            yield name, "plain", sumo_like.build(name, np.random.default_rng(1))
    if external.available():
        for seed in range(4):
            yield "car", "external", external.car(np.random.default_rng(seed))
        yield "person", "external", external.person(np.random.default_rng(0))


class Shapes(unittest.TestCase):
    """Every kind of every class."""

    def test_every_kind_is_sound(self) -> None:
        for name, kind, made in bodies():
            with self.subTest(name=name, kind=kind):
                v = made.mesh.vertices
                self.assertEqual((v.dtype, v.shape[1], len(v) % 3), (np.float32, 10, 0))
                self.assertEqual(made.class_name, name)
                self.assertTrue(np.isfinite(v).all())
                self.assertLess(abs(np.linalg.norm(v[:, 3:6], axis=1) - 1).max(), 1e-3)
                self.assertTrue(((v[:, 6:9] >= 0) & (v[:, 6:9] <= 1)).all())
                self.assertTrue(np.isin(v[:, 9], np.arange(9)).all())
                self.assertTrue(150 <= made.mesh.triangles <= 12000, made.mesh.triangles)
                lo, hi = made.mesh.bounds()
                self.assertLess(abs(lo[2]), 1e-4)
                self.assertLess(np.abs((lo + hi)[:2]).max(), 1e-3)
                np.testing.assert_allclose(hi - lo, made.size_m, atol=1e-3)
                self.assertTrue(LENGTHS[name][0] <= made.size_m[1] <= LENGTHS[name][1], made.size_m)
                self.assertTrue(HEIGHTS[name][0] <= made.size_m[2] <= HEIGHTS[name][1], made.size_m)

    def test_faces_and_normals_point_the_same_way(self) -> None:
        for name, kind, made in bodies():
            t = made.mesh.vertices.reshape(-1, 3, 10).astype(np.float64)
            flat = np.cross(t[:, 1, :3] - t[:, 0, :3], t[:, 2, :3] - t[:, 0, :3])
            area = np.linalg.norm(flat, axis=1)
            wrong = ((flat[:, None] * t[:, :, 3:6]).sum(-1) < -0.1 * area[:, None]).any(1)
            self.assertLess(area[wrong].sum() / area.sum(), 0.005, (name, kind))
            volume = (flat * t[:, :, :3].mean(1)).sum()
            self.assertGreater(volume, 0, f"{name} {kind} is inside out")

    def test_front_is_forward(self) -> None:
        for name in ("car", "truck", "bus"):
            for seed in range(12):
                v = build(name, np.random.default_rng(seed)).mesh.vertices
                self.assertGreater(v[v[:, 9] == 4, 1].mean(), 0.5)
                self.assertLess(v[v[:, 9] == 3, 1].mean(), -0.5)

    def test_people_have_faces_in_front(self) -> None:
        for seed in range(12):
            v = build("person", np.random.default_rng(seed), "walking").mesh.vertices
            face, head = v[v[:, 9] == 5], v[v[:, 2] > v[:, 2].max() - 0.2]
            self.assertGreater(len(face), 0)
            self.assertGreater(face[:, 1].mean(), head[:, 1].mean())

    def test_same_seed_same_body(self) -> None:
        for name in CLASSES:
            a, b, c = (build(name, np.random.default_rng(s)).mesh.vertices for s in (5, 5, 6))
            np.testing.assert_array_equal(a, b)
            self.assertFalse(a.shape == c.shape and np.array_equal(a, c))

    def test_unknown_names_are_refused(self) -> None:
        for args in (("tram", None), ("car", "tractor")):
            with self.assertRaisesRegex(ValueError, "one of"):
                build(args[0], np.random.default_rng(0), args[1])


if __name__ == "__main__":
    unittest.main()
