"""The embedder's crops, training, figures and export, in small.

    python -m unittest tests.test_embedder        (in models/train; about 15 s)
"""

from __future__ import annotations

import csv
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from embedder import BLANK, CLASSES, INPUT_PX, STORED_PX, crops, export, fit, score
from embedder.batches import Pairs, middle, spoil, to_tensor
from embedder.data import Crops, read
from embedder.identity import make
from embedder.net import Net, parameters
from embedder.poses import azimuth, draw_pair, look
from embedder.window import window


def painted(vehicles: int, views: int = 2, seed: int = 0) -> Crops:
    """A data set of plain colours: each vehicle one colour, with noise."""
    rng = np.random.default_rng(seed)
    colour = rng.integers(0, 256, (vehicles, 3))
    who = np.repeat(np.arange(vehicles), 2 * views)
    noise = rng.normal(0, 8, (len(who), STORED_PX, STORED_PX, 3))
    pixels = np.clip(colour[who, None, None] + noise, 0, 255).astype(np.uint8)
    zeros = np.zeros(len(who), int)
    camera = np.tile(np.repeat([0, 1], views), vehicles)
    return Crops(
        pixels, who, camera, zeros, zeros, zeros.astype(float), zeros + 64, zeros,
        colour[who] / 255.0,
    )  # fmt: skip


class Rendering(unittest.TestCase):
    def test_a_data_set_is_the_same_again_and_reads_back(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("a", "b"):
                count = crops.write(Path(folder, name), 4, 2, seed=9, light=None, quiet=True)
            self.assertGreaterEqual(count, 12)
            first, again = (read(Path(folder, name)) for name in ("a", "b"))
            np.testing.assert_array_equal(first.pixels, again.pixels)
            self.assertEqual(first.identities(), 4)
            # Pictures, not one colour.
            self.assertGreater(first.pixels.std((1, 2)).mean(), 8)

    def test_every_class_is_photographed_and_riders_are_blanked(self) -> None:
        photographer = crops.Photographer(3)
        for number, name in enumerate(CLASSES):
            taken = photographer.views(make(number, 3, name), 1, "day")
            self.assertTrue(taken, name)
            for crop, _ in taken:
                grey = (np.abs(crop.astype(int) - BLANK) <= 1).all((1, 2))
                rows = int(grey.argmin())
                wanted = 4 + (0.05 + 0.55) / 1.1 * INPUT_PX if name == "motorcycle" else 0
                self.assertGreaterEqual(rows, int(wanted) - 3, name)

    def test_a_window_holds_the_vehicle(self) -> None:
        rng = np.random.default_rng(4)
        for number in range(12):
            who = make(number, 5)
            camera = draw_pair(rng, "day")[0]
            pose = look(rng, camera, who.size_m)
            part = window(who, pose)
            if part is None:
                continue
            points = np.c_[who.vertices[:, :3], np.ones(len(who.vertices))] @ part.view.T
            flat = points[:, :2] / points[:, 3:]
            self.assertLess(np.abs(flat).max(), 0.75, "inside, with a rim")
            x = (flat[:, 0] + 1) / 2 * part.width_px
            self.assertAlmostEqual(x.min(), part.box_px[0], delta=1.5)
            if camera.askew == 0:
                self.assertEqual(abs(azimuth(pose)) < 90, camera.front)

    def test_a_cut_is_the_box_enlarged(self) -> None:
        picture = np.zeros((200, 300, 3), np.uint8)
        picture[50:150, 100:200] = 200
        crop = crops.cut(picture, np.array([100.0, 50, 200, 150]), "car")
        inside = 72 / 2 - 64 / 1.1 / 2
        edge = int(np.argmax(crop[36, :, 0] > 100))
        self.assertAlmostEqual(edge, inside, delta=1)
        self.assertEqual(crop[36, 36, 0], 200)

    def test_what_is_no_data_set_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            np.save(Path(folder, "crops.npy"), np.zeros((2, 72, 72, 3), np.uint8))
            row = dict.fromkeys(crops.COLUMNS, 0) | {"class": "person", "light": "day"}
            for rows in ([row], [row, row]):
                with open(Path(folder, "crops.csv"), "w", newline="") as file:
                    writer = csv.DictWriter(file, crops.COLUMNS)
                    writer.writeheader()
                    writer.writerows(rows)
                wanted = "1 rows" if len(rows) == 1 else "person is not a class of motor vehicle"
                with self.assertRaisesRegex(ValueError, wanted):
                    read(Path(folder))


class Training(unittest.TestCase):
    def test_batches_pair_the_same_vehicle_across_cameras(self) -> None:
        data = painted(60)
        numbers = Pairs(data).draw(np.random.default_rng(1), 32)
        self.assertEqual(numbers.shape, (2, 32))
        np.testing.assert_array_equal(data.identity[numbers[0]], data.identity[numbers[1]])
        self.assertEqual(len(set(data.identity[numbers[0]])), 32)
        self.assertEqual([set(data.camera[row]) for row in numbers], [{0}, {1}])

    def test_the_loss_is_small_only_for_right_pairs(self) -> None:
        vectors = torch.nn.functional.normalize(torch.eye(8), dim=1)
        right = fit.loss(torch.cat((vectors, vectors)))
        wrong = fit.loss(torch.cat((vectors, vectors.roll(1, 0))))
        self.assertLess(float(right), 0.01)
        self.assertGreater(float(wrong), 5)

    def test_spoilt_images_stay_images(self) -> None:
        images = spoil(to_tensor(painted(8).pixels), np.random.default_rng(2))
        self.assertEqual(tuple(images.shape), (32, 3, 64, 64))
        self.assertTrue(0 <= float(images.min()) and float(images.max()) <= 255)

    def test_a_short_training_learns_colours_and_exports(self) -> None:
        torch.set_num_threads(1)
        data = painted(80)
        plan = fit.Plan(steps=40, vehicles=32, renew=20, ema=0.9, autocast=False)
        said: list[str] = []
        net = fit.train(data, data.of(np.zeros(0, int)), plan, said.append)
        self.assertEqual(len(said), 2)
        unseen = painted(60, seed=1)
        found = score.rank1(unseen, fit.embed(net, unseen.pixels))
        chance = score.rank1(unseen, fit.embed(Net(), np.zeros_like(unseen.pixels)))
        self.assertGreater(found.value, 0.8)
        self.assertLess(chance.value, 0.1, "ties are lost")
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, name) for name in ("a.onnx", "b.onnx")]
            for file in files:
                export.export(net, file)
            self.assertEqual(files[0].read_bytes(), files[1].read_bytes())
            self.assertLess(export.difference(net, files[0]), export.DIFFERENCE_MAX)
            lengths = np.linalg.norm(export.run(files[0], unseen.pixels), axis=1)
            np.testing.assert_allclose(lengths, 1, atol=1e-5)

    def test_the_net_is_small(self) -> None:
        net = Net().eval()
        self.assertLess(parameters(net), 500_000)
        with torch.no_grad():
            out = net(middle(torch.full((3, 3, STORED_PX, STORED_PX), 114.0)))
        self.assertEqual(tuple(out.shape), (3, 64))


class Figures(unittest.TestCase):
    def test_the_chance_of_being_nearest_is_exact(self) -> None:
        self.assertEqual(score._all_below(100, 100, 19), 1.0)
        self.assertEqual(score._all_below(18, 100, 19), 0.0)
        self.assertAlmostEqual(score._all_below(99, 100, 19), 0.81)

    def test_perfect_and_useless_vectors_are_told_apart(self) -> None:
        data = painted(40)
        perfect = np.eye(40)[data.identity]
        self.assertEqual(score.rank1(data, perfect).value, 1.0)
        same, other = score.pairs(data, perfect)
        self.assertLess(score.equal_error(same, other)[0], 0.01)
        rng = np.random.default_rng(0)
        useless = rng.normal(size=(len(data.identity), 64))
        useless /= np.linalg.norm(useless, axis=1, keepdims=True)
        self.assertLess(abs(score.rank1(data, useless).value - 0.05), 0.05)
        self.assertAlmostEqual(score.equal_error(*score.pairs(data, useless))[0], 0.5, delta=0.1)

    def test_a_threshold_lets_through_what_it_says(self) -> None:
        other = np.linspace(-1, 1, 10_001)
        at, kept = score.threshold(np.array([0.9, 0.9999]), other, 1e-3)
        self.assertAlmostEqual(float((other > at).mean()), 1e-3, delta=2e-4)
        self.assertEqual(kept, 0.5)

    def test_a_passage_is_the_mean_of_its_looks(self) -> None:
        data = painted(5, views=3)
        some, vectors = score.passages(data, np.eye(15)[np.arange(30) % 15] + 0.0)
        self.assertEqual((len(some.identity), vectors.shape), (10, (10, 15)))
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1)


if __name__ == "__main__":
    unittest.main()
