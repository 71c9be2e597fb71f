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
import struct
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path
from unittest import mock

import cv2
import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from detector import checkpoint, onnx_file, synthetic  # noqa: E402
from detector.dataset import IGNORE, Dataset  # noqa: E402
from detector.net import Net, Shape  # noqa: E402
from specialise import (
    agree,
    confirm,
    footage,
    main,
    observations,
    product,
    teacher,
    thin,
)  # noqa: E402
from specialise.observations import Seen, Track  # noqa: E402

SIZE, FPS, FRAMES = (320, 180), 10, 80
START_US = 1_780_297_200_000_000
SITE = """[site]
id = "Elm Street"
start = "2026-06-01T06:59:59Z"
[[camera]]
id = "pole"
offset_s = 1.0
"""


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def field(number: int, value: int | bytes | float) -> bytes:
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    return varint(number << 3) + varint(value)


def message(seen: Seen) -> bytes:
    """An Observation as the product writes it, some fields that are not read included."""
    tracks = b""
    for t in seen.tracks:
        box = b"".join(field(i + 1, float(v)) for i, v in enumerate(t.box))
        body = field(1, t.id) + field(2, t.label + 1) + field(3, 0.9) + field(4, t.score)
        body += (
            field(5, box) + varint(6 << 3 | 1) + struct.pack("<d", 1.5) + field(20, int(t.measured))
        )
        tracks += field(1, body)
    inner = field(1, b"site") + field(4, 7) + field(5, seen.time_us) + field(8, tracks)
    return varint(len(inner)) + inner


def place(frame: int) -> np.ndarray:
    """The rectangle drives for three seconds out of four."""
    step = min(frame % 40, 30)
    return np.array((20 + 6 * step, 60, 80 + 6 * step, 100), np.float32)


def track(box, number=1, label=0, score=0.8, measured=True) -> Track:
    return Track(number, label, score, np.array(box, np.float32), measured)


def clip(path: Path, frames: int = FRAMES) -> None:
    video = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), FPS, SIZE)
    assert video.isOpened()
    for number in range(frames):
        picture = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
        x0, y0, x1, y1 = place(number).astype(int)
        picture[y0:y1, x0:x1] = (30, 30, 220)
        video.write(picture)
    video.release()


def seen(frames: int = FRAMES) -> list[Seen]:
    return [Seen(START_US + n * 1_000_000 // FPS, [track(place(n))]) for n in range(frames)]


def red(_, picture: np.ndarray, tiles: list) -> tuple:
    """A teacher that finds what is red, and a shadow of a person in the corner that is not there."""
    assert tiles == [(0, 0, *SIZE)]
    y, x = np.nonzero((picture[:, :, 2] > 160) & (picture[:, :, 1] < 90))
    found = [(x.min(), y.min(), x.max() + 1, y.max() + 1), (280, 140, 290, 170)]
    return np.array(found, np.float32), np.array((0.8, 0.2), np.float32), np.array((0, 5))


class Parts(unittest.TestCase):
    def test_observations_are_read_as_they_were_written(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "observations.binpb"
            wanted = Seen(
                START_US, [track((1, 2, 3.5, 4), 300, 2, 0.25), track((5, 6, 7, 8), measured=False)]
            )
            gap = field(5, START_US) + field(9, field(1, 1))
            data = message(wanted) + varint(len(gap)) + gap
            path.write_bytes(data)
            (got,) = observations.read(path)
            self.assertEqual(got.time_us, START_US)
            for a, b in zip(got.tracks, wanted.tracks, strict=True):
                self.assertEqual(
                    (a.id, a.label, a.score, a.measured),
                    (b.id, b.label, np.float32(b.score), b.measured),
                )
                np.testing.assert_array_equal(a.box, b.box)
            path.write_bytes(data[:-3])
            with self.assertRaisesRegex(
                observations.ObservationError, "observations.binpb is not a file"
            ):
                observations.read(path)

    def test_still_scenes_do_not_repeat(self):
        moving = [n % 40 <= 30 for n in range(80)]
        kept = thin.choose(seen(), 0.2, 5.0)
        self.assertEqual(kept[:3], [0, 2, 4])
        self.assertTrue(all(moving[n] or n == 32 for n in kept if n < 40), kept)
        self.assertEqual(
            len(thin.choose([Seen(n * 1_000_000, []) for n in range(21)], 0.2, 5.0)), 5
        )
        self.assertEqual(thin.spread(list(range(100)), 3), [0, 50, 99])

    def test_what_tracking_confirms_is_learnt_with_the_class_of_the_track(self):
        frames = [
            Seen(n, [track((0, 0, 50, 30), 4, 1), track((90, 90, 99, 99), 6, measured=n < 3)])
            for n in range(8)
        ]
        believed = confirm.reliable(frames)
        self.assertEqual(believed, {4: 1})
        box = np.array(((1, 1, 50, 30), (60, 60, 80, 90), (90, 90, 99, 99)), np.float32)
        found = (box, np.array((0.4, 0.9, 0.3), np.float32), np.array((0, 0, 0)))
        labels = confirm.confirm(0.0, found, frames[7].tracks, believed)
        # The car that the whole track calls a truck; a box without a track; one of a track that was
        # hardly seen; and where that track is predicted.
        self.assertEqual(labels.label.tolist(), [1, IGNORE, IGNORE, IGNORE])
        self.assertEqual(labels.track.tolist(), [4, -1, -1, -1])

    def test_people_are_believed_when_they_are_seen_again(self):
        box = np.array(((10, 10, 20, 40), (70, 10, 80, 40)), np.float32)
        both = (box, np.array((0.6, 0.6), np.float32), np.array((5, 5)))
        one = (box[:1], np.array((0.5,), np.float32), np.array((5,)))
        found = [one, both, one]
        frames = [confirm.confirm(n * 0.2, f, [], {}) for n, f in enumerate(found)]
        confirm.people(frames, found)
        self.assertEqual([f.label.tolist() for f in frames], [[5], [5, IGNORE], [5]])

    def test_agreement_is_counted_by_hand(self):
        box = np.array(((0, 0, 30, 30), (50, 0, 80, 30), (0, 60, 40, 100)), np.float32)
        truth = agree.Reference(
            box, np.array((0, 1, 0)), np.array((True, True, False)), np.array((True, False, False)),
            np.array((False, True, False)), np.array((1, 2, 3)),
        )  # fmt: skip
        mine = np.array(
            ((0, 0, 30, 30), (50, 0, 80, 30), (1, 60, 40, 100), (200, 0, 230, 30)), np.float32
        )
        found = (mine, np.array((0.9, 0.8, 0.7, 0.3), np.float32), np.array((0, 0, 0, 0)))
        agreement = agree.Agreement()
        agreement.add(truth, found)
        # The third meets only what is doubted; the fourth meets nothing.
        self.assertEqual([m for _, m, _ in agreement.boxes], [True, True, False])
        self.assertAlmostEqual(agreement.threshold(), 0.8, 5)
        report = agreement.report()
        self.assertEqual(report["recall"]["all"]["share"], 1.0)
        self.assertEqual(report["recall"]["all"]["road_users"], 2)
        self.assertEqual(report["class_right"]["all"]["share"], 0.5)
        self.assertLess(report["recall"]["all"]["low"], 0.7)
        self.assertAlmostEqual(agreement.threshold(0.5), 0.3, 5)

    def test_frames_are_found_again_by_their_time(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.mp4"
            clip(path, 12)
            got = [round(t, 3) for t, _ in footage.frames(path, [0.2, 0.55, 0.9])]
            self.assertEqual(got, [0.2, 0.9])


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
        self.assertTrue(20 <= learnt <= 30, learnt)
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
            (("--student", f"{self.root}/no.ckpt"), None, "there is no checkpoint"),
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
