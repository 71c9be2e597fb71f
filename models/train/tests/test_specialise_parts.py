"""The parts of `specialise`: each does what it says on a few numbers.

Run from models/train: `python -m unittest tests.test_specialise_parts` (or pytest).
"""

from __future__ import annotations

import struct
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from detector import export, onnx_file, synthetic  # noqa: E402
from detector.dataset import IGNORE  # noqa: E402
from detector.export import answers  # noqa: E402
from detector.net import Net, Shape  # noqa: E402
from red_clip import START_US, clip, seen, track  # noqa: E402
from specialise import agree, confirm, footage, observations, start, thin  # noqa: E402
from specialise.observations import Seen  # noqa: E402


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

    def test_training_goes_on_from_the_float_file(self):
        torch.manual_seed(5)
        net = Net(Shape((8, 8, 16, 16, 24), (1, 2, 1, 1), 16, 24))
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.3)
                module.running_var.uniform_(0.5, 2)
                module.weight.data.uniform_(0.7, 1.3)
        with tempfile.TemporaryDirectory() as folder:
            data, whole, half = (Path(folder) / n for n in ("data", "whole.onnx", "half.onnx"))
            onnx_file.write(net.eval(), whole)
            onnx_file.halve(whole, half)
            synthetic.write(data, 6, 5)
            images = np.stack(export.tiles([str(data)], 8, 2))
            read = start._read(half)
            self.assertEqual(read.shape, net.shape)
            for restored in (False, True):
                if restored:
                    start.restore(read, images)
                for a, b in zip(answers(read, images), answers(net, images)):
                    np.testing.assert_allclose(a, b, rtol=0.03, atol=2e-3)
            # Statistics of the batch change little now: training starts where the file left off.
            x = torch.from_numpy(images).permute(0, 3, 1, 2).float()
            before = read.eval().features(x)[0]
            after = read.train().features(x)[0]
            self.assertLess(float((before - after).abs().mean()), 0.02 * float(before.abs().mean()))
            int8 = Path(folder) / "int8.onnx"
            int8.write_bytes(b"nothing")
            with self.assertRaisesRegex(start.StartError, "is not"):
                start.check(int8)


if __name__ == "__main__":
    unittest.main()
