"""Specialising on a tiny clip of one red rectangle: what is learnt, judged, written and refused.

The program `wayside` is not needed: its two answers (regions, observations) are made here.
Run from models/train: `python -m unittest tests.test_specialise` (or pytest).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import shutil
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import torch

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from detector import checkpoint, onnx_file, synthetic  # noqa: E402
from detector.dataset import IGNORE, Dataset  # noqa: E402
from detector.net import Net, Shape  # noqa: E402
from red_clip import SITE, SIZE, clip, place, seen  # noqa: E402
from specialise import main, product, teacher  # noqa: E402
from specialise.observations import Seen  # noqa: E402


def red(_, picture: np.ndarray, tiles: list) -> tuple:
    """A teacher that finds what is red, and a person in the corner who is not there."""
    assert tiles == [(0, 0, *SIZE)]
    y, x = np.nonzero((picture[:, :, 2] > 160) & (picture[:, :, 1] < 90))
    found = [(x.min(), y.min(), x.max() + 1, y.max() + 1), (280, 140, 290, 170)]
    return np.array(found, np.float32), np.array((0.8, 0.2), np.float32), np.array((0, 5))


class Whole(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        root = cls.root = Path(cls.folder.name)
        (root / "models").mkdir()
        torch.manual_seed(3)
        net = Net(Shape(widths=(8, 8, 16, 16, 16), pyramid=16, head=16))
        checkpoint.save(
            root / "start.ckpt", net, checkpoint.Mean(net), None, {"crops": 0, "seconds": 0.0}
        )
        onnx_file.write(net.eval(), root / "models" / "large.onnx")
        digest = hashlib.sha256((root / "models" / "large.onnx").read_bytes()).hexdigest()
        (root / "models" / "manifest.toml").write_text(f"""schema = 1
[[model]]
name = "large"
task = "road_users"
file = "large.onnx"
sha256 = "{digest}"
licence = "MIT"
source = "a test"
footage = "real"
[model.input]
name = "images"
shape = [-1, 3, 416, 416]
colour = "bgr"
range = [0, 255]
letterbox = "top_left"
pad = 114
[model.detection]
format = "ttfnet"
score_min = 0.3
score_low = 0.1
nms_iou = 0.5
[model.detection.labels]
0 = "car"
1 = "truck"
2 = "bus"
3 = "motorcycle"
4 = "bicycle"
5 = "person"
""")
        (root / "site.toml").write_text(SITE)
        (root / "clips").mkdir()
        clip(root / "clips" / "a.mp4")
        (root / "wayside").write_text("#!/bin/sh\n")
        (root / "wayside").chmod(0o755)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_main(self, *more: str, tracked=None) -> tuple[int, str]:
        root, said = self.root, io.StringIO()
        given = f"""--footage {root}/clips --site {root}/site.toml --student {root}/start.ckpt
            --teacher large --models-dir {root}/models --wayside {root}/wayside
            --out {root}/out --crops 16 --judged 12""".split()
        answers = (
            mock.patch.object(product, "regions", lambda *_: ("pole", [(0, 0, *SIZE)])),
            mock.patch.object(product, "replay", lambda *_: seen() if tracked is None else tracked),
            mock.patch.object(teacher.Teacher, "look", red),
        )
        with contextlib.ExitStack() as stack:
            for answer in answers:
                stack.enter_context(answer)
            stack.enter_context(contextlib.redirect_stdout(said))
            stack.enter_context(contextlib.redirect_stderr(said))
            return main.main([*given, *more]), said.getvalue()

    def test_a_model_with_its_card_and_manifest_comes_out(self):
        code, said = self.run_main("--keep")
        self.assertEqual(code, 0, said)
        out, name = self.root / "out", "wayside-elm-street-pole"
        data = Dataset(out / "work" / "dataset")
        self.assertLessEqual(len(data), 30, "still frames repeat")
        for boxes in data.boxes:
            self.assertEqual(boxes.label.tolist(), [0, IGNORE])
        np.testing.assert_allclose(data.boxes[1].modal[0], place(2), atol=2)
        self.assertGreater(int(data.frame(1)[80, 60, 0]), 180, "the rectangle is red")
        manifest = tomllib.loads((out / "manifest.toml").read_text())
        self.assertEqual([m["name"] for m in manifest["model"]], [name, f"{name}-fp32"])
        for model in manifest["model"]:
            content = (out / model["file"]).read_bytes()
            self.assertEqual(hashlib.sha256(content).hexdigest(), model["sha256"])
        page = (out / f"{name}.md").read_text()
        for words in ("a.mp4", "Agreement is not truth", "`large`", "--crops 16", "car"):
            self.assertIn(words, page)
        self.assertIn('"recall"', (out / "figures.json").read_text())

    def test_two_files_and_rendered_frames_and_no_picture_stays(self):
        two, rendered = self.root / "two", self.root / "rendered"
        two.mkdir()
        for name in ("b.mp4", "c.mkv", "notes.txt"):
            shutil.copy(self.root / "clips" / "a.mp4", two / name)
        synthetic.write(rendered, 12, 5)
        more = f"--footage {two} --out {self.root}/out2 --mix {rendered} --mix-share 0.3".split()
        onnx_file.halve(self.root / "models" / "large.onnx", self.root / "float.onnx")
        more += ["--student", str(self.root / "float.onnx")]
        code, said = self.run_main(*more, "--name", "Elm 2")
        self.assertEqual(code, 0, said)
        out = self.root / "out2"
        left = ["elm-2-fp32.onnx", "elm-2.md", "elm-2.onnx", "figures.json", "manifest.toml"]
        self.assertEqual(sorted(p.name for p in out.iterdir()), left)
        page = (out / "elm-2.md").read_text()
        # Three seconds in four move; the first of the two files is learnt but for its last second.
        learnt, mixed = map(
            int, re.search(r"(\d+) frames that differ, beside (\d+) rend", page).groups()
        )
        self.assertTrue(20 <= learnt <= 32, learnt)
        self.assertEqual(mixed, min(round(learnt * 3 / 7), 12))
        self.assertIn("`b.mp4`, 7.9 s\n- `c.mkv`, 7.9 s", page)

    def test_what_cannot_be_done_is_said(self):
        empty = self.root / "empty"
        empty.mkdir()
        lost = self.root / "lost"
        lost.mkdir()
        (lost / "manifest.toml").write_bytes((self.root / "models" / "manifest.toml").read_bytes())
        still = [Seen(s.time_us, []) for s in seen()]
        cases = [
            (("--footage", f"{self.root}/no"), None, "there is no file or folder"),
            (("--footage", str(empty)), None, "holds no recording"),
            (("--footage", f"{self.root}/site.toml"), None, "cannot be opened as a video"),
            (("--site", f"{self.root}/no.toml"), None, "there is no site file"),
            (("--student", f"{self.root}/no.ckpt"), None, "no.ckpt to start from"),
            (("--teacher", "huge"), None, "there is no model 'huge' that could teach; there are "),
            (("--models-dir", str(lost)), None, "wayside models pull large"),
            ((), still, "tracking confirmed nothing"),
        ]
        for more, tracked, words in cases:
            with self.subTest(words):
                code, said = self.run_main("--out", f"{self.root}/out3", *more, tracked=tracked)
                self.assertEqual(code, 3)
                self.assertIn(words, said)


if __name__ == "__main__":
    unittest.main()
