"""The detector's training, from coloured rectangles to an int8 file, in well under a minute.

Run from models/train: `python -m unittest tests.test_detector` (or pytest).
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from detector import (
    crops,
    decode,
    export,
    fit,
    judge,
    loss,
    score,
    synthetic,
    targets,
    tiles,
)  # noqa: E402
from detector.dataset import IGNORE, Boxes, Dataset, DatasetError  # noqa: E402
from detector.net import CLASSES, Net, parameters  # noqa: E402
from detector.quantise import as_input  # noqa: E402


def quiet(call, *args) -> str:
    """What a command prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        call(*args)
    return out.getvalue()


def one_box(box, label=0, amodal=None, ignored=()) -> targets.CropBoxes:
    four = np.array([box], np.float32)
    body = four if amodal is None else np.array([amodal], np.float32)
    return targets.CropBoxes(
        np.array([label]), four, body, np.array(ignored, np.float32).reshape(-1, 4)
    )


def packed(boxes: targets.CropBoxes, size: int = 128) -> np.ndarray:
    out = np.empty((targets.CHANNELS, size // 8, size // 8), np.float32)
    targets.draw(boxes, size, out)
    return out


class Targets(unittest.TestCase):
    def test_a_box_comes_back_out_of_its_target(self):
        rng = np.random.default_rng(1)
        for _ in range(200):
            low = rng.uniform(0, 90, 2)
            high = np.minimum(low + rng.uniform(12, 100, 2), 128)
            if (high - low).min() < 10:
                continue
            box = np.array((*low, *high), np.float32)
            label = int(rng.integers(len(CLASSES)))
            out = packed(one_box(box, label, amodal=box + (-9, -9, 9, 9)))
            found = decode.ttfnet(out[targets.HEAT], out[targets.DISTANCES], 0.995)
            self.assertEqual(len(found[0]), 1)
            np.testing.assert_allclose(found[0][0], box, atol=1e-3)
            self.assertEqual(found[2][0], label)
            middle = out[targets.HEAT][label] == 1.0
            np.testing.assert_allclose(
                (out[targets.DISTANCES][4:] - out[targets.DISTANCES][:4])[:, middle], 9, atol=1e-3
            )

    def test_ignored_regions_do_not_count(self):
        out = packed(one_box((10, 10, 40, 40), ignored=[(64, 64, 100, 100)]))
        self.assertEqual(out[targets.HEAT_WEIGHT, 9, 9], 0.0)
        self.assertEqual(out[targets.HEAT_WEIGHT, 2, 2], 1.0)
        perfect = torch.from_numpy(out[None])
        logits = torch.where(perfect[:, targets.HEAT] == 1, 9.0, -9.0)
        logs = perfect[:, targets.DISTANCES].clamp(min=1e-3).log()
        good = loss.losses(logits, logs, perfect)
        self.assertLess(float(good.total()), 0.01)
        logits[:, :, 9, 9] = 9.0
        self.assertLess(float(loss.losses(logits, logs, perfect).total()), 0.01)
        logits[:, :, 2, 9] = 9.0
        self.assertGreater(float(loss.losses(logits, logs, perfect).total()), 5.0)

    def test_small_hidden_and_cut_boxes_are_ignored(self):
        modal = np.array(
            [
                [10, 10, 50, 50],
                [60, 10, 70, 14],
                [10, 60, 40, 90],
                [95, 20, 180, 60],
                [0, 95, 9, 99],
            ],
            np.float32,
        )
        label = np.array([0, 0, 1, 2, IGNORE])
        boxes = Boxes(label, modal, modal, np.array([1, 1, 0.2, 1, 1], np.float32))
        found = crops.place(boxes, (0, 0), (1.0, 1.0), (100, 100))
        self.assertEqual(found.label.tolist(), [0])
        self.assertEqual(len(found.ignored), 4)

    def test_overlap_of_distances_is_that_of_boxes(self):
        rng = np.random.default_rng(2)
        a, b = (torch.from_numpy(rng.uniform(1, 50, (60, 4)).astype("f4")) for _ in range(2))
        sign = torch.tensor([-1.0, -1.0, 1.0, 1.0])
        iou = decode.overlap((a * sign).numpy(), (b * sign).numpy())[0].diagonal()
        got = loss.giou(a, b).numpy()
        self.assertTrue((got <= iou + 1e-5).all())
        np.testing.assert_allclose(loss.giou(a, a).numpy(), 1.0, atol=1e-4)


class Judging(unittest.TestCase):
    def test_threshold_recall_and_class(self):
        there = judge.Truth(
            np.array([0, 1, -1]),
            np.array([[10, 10, 60, 60], [100, 10, 180, 80], [200, 10, 260, 60]], np.float32),
            np.array([1, 1, 1], np.float32),
            (400, 300),
        )
        box = np.array(
            [[11, 10, 61, 60], [100, 12, 180, 80], [205, 12, 255, 55], [300, 200, 340, 240]], "f4"
        )
        one = judge.Judge()
        one.add(there, (box, np.array([0.9, 0.8, 0.7, 0.3], "f4"), np.array([0, 0, 0, 0])))
        report = one.report()
        self.assertEqual(report["recall"]["car 32+"]["share"], 1.0)
        self.assertEqual(report["recall"]["truck+bus 48+"]["share"], 1.0)
        self.assertEqual(report["class_right"]["truck+bus"]["share"], 0.0)
        self.assertAlmostEqual(report["groups"]["vehicle"]["threshold"], 0.7, places=3)
        self.assertEqual(report["groups"]["vehicle"]["false"], 0.0)

    def test_wilson(self):
        low, high = judge.wilson(90, 100)
        self.assertAlmostEqual(low, 0.8256, places=3)
        self.assertAlmostEqual(high, 0.9448, places=3)

    def test_a_car_cut_by_a_tile_is_one_car(self):
        looks = [
            tiles.Look((0, 0, 200, 200), _found((150, 50, 200, 100))),
            tiles.Look((100, 0, 200, 200), _found((150, 50, 230, 100))),
        ]
        box, _, _ = tiles.merge(looks, (300, 200))
        np.testing.assert_allclose(box, [[150, 50, 230, 100]])

    def test_the_grid_covers_the_picture(self):
        seen = np.zeros((720, 1280), bool)
        for x, y, w, h in tiles.grid((1280, 720), [416], whole=False):
            self.assertTrue(0 <= x and 0 <= y and x + w <= 1280 and y + h <= 720)
            seen[y : y + h, x : x + w] = True
        self.assertTrue(seen.all())


def _found(box):
    return np.array([box], np.float32), np.array([0.8], np.float32), np.array([0])


class Data(unittest.TestCase):
    def test_a_growing_dataset_counts_whole_lines_only(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            synthetic.write(folder, 4, 1)
            whole = (folder / "frames.csv").read_text()
            (folder / "frames.csv").write_text(whole[: len(whole) // 2 + 8])
            data = Dataset(folder)
            before = len(data)
            self.assertLess(before, 4)
            (folder / "frames.csv").write_text(whole)
            self.assertEqual(data.refresh(), 4)
            self.assertEqual(len(data.boxes), 4)
            np.testing.assert_array_equal(data.boxes[3].modal, Dataset(folder).boxes[3].modal)

    def test_errors_name_the_file(self):
        with tempfile.TemporaryDirectory() as name:
            with self.assertRaisesRegex(DatasetError, "frames.npy is missing"):
                Dataset(name)
            synthetic.write(Path(name), 2, 1)
            path = Path(name) / "boxes.csv"
            path.write_text(path.read_text().replace("class,", "kind,", 1))
            with self.assertRaisesRegex(DatasetError, "column 'class' is missing"):
                Dataset(name)


class WholeWay(unittest.TestCase):
    def test_train_export_quantise_and_judge(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            data, held = folder / "data", folder / "held"
            synthetic.write(data, 100, 1)
            synthetic.write(held, 30, 2)
            out = folder / "net.pt"
            command = f"--data {data} --out {out} --crops 3200 --sizes 128 --final 0 --plain"
            quiet(fit.main, f"{command} --lr 3e-3 --mean 0.97 --seed 1".split())
            # Going on from the end has nothing left to do, and must not harm the file.
            quiet(fit.main, f"{command} --resume".split())
            command = f"{out} --data {data} --out {folder} --images 12 --runs 2 --name toy"
            told = json.loads(quiet(export.main, command.split()))
            again = (folder / "toy.onnx").read_bytes()
            quiet(export.main, command.split())
            self.assertEqual(again, (folder / "toy.onnx").read_bytes(), "not deterministic")
            self.assertLess(sum(f["bytes"] for f in told["files"].values()), 3_000_000)
            model = export.session(folder / "toy.onnx")
            images = as_input(np.stack(export.tiles([str(held)], 3, 1)))
            heat, boxes = model.run(None, {"images": images})
            self.assertEqual((heat.shape, boxes.shape), ((3, 6, 52, 52), (3, 8, 52, 52)))
            self.assertTrue((boxes > 0).all() and (heat >= 0).all() and (heat <= 1).all())
            report = folder / "report.json"
            command = f"--data {held} --model {folder}/toy.onnx --model {folder}/toy-fp32.onnx"
            printed = quiet(score.main, f"{command} --tile 416 --no-whole --json {report}".split())
            self.assertIn("car 32+", printed)
            int8, single = json.loads(report.read_text())
            for one in (int8, single):
                # Chance is nought; a net that was not trained finds nothing at 3 % false.
                self.assertGreater(one["recall"]["car 32+"]["share"], 0.6, printed)
                self.assertGreater(one["recall"]["truck+bus 48+"]["share"], 0.6, printed)

    def test_the_net_is_small(self):
        self.assertLess(parameters(Net()), 720_000)


if __name__ == "__main__":
    unittest.main()
