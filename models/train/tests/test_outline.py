"""The outline's windows, batches, net and export, in small.

    python -m unittest tests.test_outline        (in models/train; about 20 s)
"""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from outline import INPUT_PX, OTHER, OWN, STORED_PX, export
from outline.batches import Batches, middle, read, to_tensor
from outline.fit import loss, main as fit, near_box
from outline.net import Net, parameters
from outline.score import shares
from outline.window import sample, window


def painted(count: int) -> np.ndarray:
    """Crops of a red vehicle in the middle and a blue person before its left half."""
    crops = np.full((count, STORED_PX, STORED_PX, 4), 90, np.uint8)
    crops[..., 3] = 0
    low, high = round(STORED_PX * 0.25), round(STORED_PX * 0.75)
    crops[:, low:high, low:high] = (200, 40, 40, 1)
    crops[:, low + 10 : high + 10, low + 10 : low + 30] = (30, 40, 200, 3)
    return crops


class Windows(unittest.TestCase):
    def test_a_window_is_two_fifths_larger_and_not_too_flat(self) -> None:
        self.assertEqual(window((300, 150, 400, 250)), (280, 130, 420, 270))
        x0, y0, x1, y1 = window((300, 190, 400, 210))
        self.assertEqual((x0, y0, x1, y1), (280, 165, 420, 235))

    def test_what_lies_beyond_the_picture_is_padded(self) -> None:
        picture = np.full((100, 200, 3), 7, np.uint8)
        got = sample(picture, (-50.0, 0.0, 50.0, 100.0), 50, nearest=False)
        inner = got[2:-2]
        self.assertTrue((inner[:, :23] == 114).all() and (inner[:, 28:] == 7).all())
        kinds = sample(np.full((100, 200), 2, np.uint8), (-50.0, 0.0, 50.0, 100.0), 50, nearest=True, pad=0)
        self.assertTrue((kinds[:, :24] == 0).all() and (kinds[:, 26:] == 2).all())


class Learning(unittest.TestCase):
    def test_people_and_riders_are_others(self) -> None:
        pictures, kinds = middle(painted(2))
        self.assertEqual(pictures.shape, (2, INPUT_PX, INPUT_PX, 3))
        blue = pictures[..., 2] > 150
        self.assertTrue((kinds[blue] == OTHER).mean() > 0.97)
        self.assertTrue((kinds[pictures[..., 0] > 150] == OWN).mean() > 0.97)
        # BGR in the net.
        self.assertTrue((to_tensor(pictures)[:, 0].numpy() == pictures[..., 2]).all())

    def test_batches_are_the_same_again_and_vary(self) -> None:
        first, again = (Batches([painted(4)], 3).batch(6) for _ in range(2))
        self.assertTrue(torch.equal(first[0], again[0]) and torch.equal(first[1], again[1]))
        self.assertGreater(first[0].float().std(0).mean(), 5)
        self.assertEqual(sorted(first[1].unique().tolist()), [0, 1, 2])

    def test_showing_another_costs_more_than_hiding_the_vehicle(self) -> None:
        kinds = torch.zeros(1, INPUT_PX, INPUT_PX, dtype=torch.long)
        kinds[:, :, 64:] = OTHER
        kinds[:, :, :40] = OWN
        sure = torch.nn.functional.one_hot(kinds, 3).permute(0, 3, 1, 2).float() * 8
        shown, hidden = sure.clone(), sure.clone()
        shown[:, :, 60:68, 80:88] = torch.tensor([0.0, 8.0, 0.0])[None, :, None, None]
        hidden[:, :, 60:68, 20:28] = torch.tensor([0.0, 0.0, 8.0])[None, :, None, None]
        self.assertGreater(loss(shown, kinds, near_box()), loss(hidden, kinds, near_box()))

    def test_it_learns_a_drawing_and_the_file_says_the_same(self) -> None:
        self.assertLess(parameters(Net()), 400_000)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for scene in range(3):
                np.save(folder / f"scene-{scene}.npy", painted(6))
            state, out = folder / "net.pt", folder / "net.onnx"
            fit([str(folder), str(state), "--steps", "120", "--batch", "6", "--held", "1", "--tell", "120"])
            from outline.net import load

            net, _ = load(str(state))
            found = shares(net, read([folder]))
            self.assertGreater(found["own 0.5"], 0.8)
            self.assertLess(found["other 0.5"], 0.2)
            export.export(net, out)
            self.assertLess(export.difference(net, out), export.DIFFERENCE_MAX)
            self.assertLess(out.stat().st_size, 900_000)
            with self.assertRaises(ValueError):
                read([folder / "none"])


if __name__ == "__main__":
    unittest.main()
