"""Tests of what benches/live computes; `make test` runs them by tidy/tests/benches.rs."""

import pathlib
import sys
import unittest

try:
    import tomllib
except ImportError:
    tomllib = None  # Python 3.11 brings it.

sys.path.insert(0, str(pathlib.Path(__file__).parent / "live"))

import capacity  # noqa: E402
import clips  # noqa: E402
import metrics  # noqa: E402
import sites  # noqa: E402
import sixteen  # noqa: E402
import usage  # noqa: E402
import window  # noqa: E402

PAGE = """# TYPE frames counter
frames{camera="a",cause="lost"} 3
frames{camera="b",cause="lost"} 4
took_bucket{le="0.1"} %d
took_bucket{le="0.2"} %d
took_bucket{le="+Inf"} %d
took_sum 2.5
took_count 10
"""


class Metrics(unittest.TestCase):
    def test_sums_and_quantiles_between_two_looks(self):
        before, after = metrics.parse(PAGE % (1, 1, 2)), metrics.parse(PAGE % (1, 9, 12))
        self.assertEqual(metrics.total(after, "frames", cause="lost"), 7)
        self.assertEqual(metrics.total(after, "frames", camera="b"), 4)
        self.assertEqual(metrics.values(after, "frames", "camera"), ["a", "b"])
        counts = metrics.buckets(before, after, "took")
        self.assertEqual(counts, [(0.1, 0.0), (0.2, 8.0), (float("inf"), 10.0)])
        self.assertAlmostEqual(metrics.quantile(counts, 0.4), 0.15)
        # Beyond the last bound nothing more is known.
        self.assertEqual(metrics.quantile(counts, 0.99), 0.2)
        self.assertIsNone(metrics.quantile(metrics.buckets(after, after, "took"), 0.5))


class Sites(unittest.TestCase):
    @unittest.skipIf(tomllib is None, "needs Python 3.11")
    def test_cameras_of_another_size_in_a_site_of_the_example(self):
        poles = [sites.Pole(name, f"rtsp://127.0.0.1:1/{name}", 640, 360) for name in ("a", "b")]
        site = tomllib.loads(sites.text("j", poles))
        self.assertEqual((site["site"]["id"], site["site"]["footage"]), ("j", "simulated"))
        self.assertNotIn("log", site["signals"])
        first, second = site["camera"]
        self.assertEqual((first["id"], second["id"], first["width_px"], first["height_px"]), ("a", "b", 640, 360))
        self.assertEqual(second["rtsp"]["url"], "rtsp://127.0.0.1:1/b")
        self.assertEqual(first["calibration"]["points"][0]["image_px"], [414.8, 138.7])
        self.assertNotIn("source", first)


class Clips(unittest.TestCase):
    def test_noise_is_of_its_size_and_the_same_each_time(self):
        luma = 40_000
        picture = bytes([100]) * (luma - 2) + b"\x00\xff" + bytes([128]) * 10
        frames = list(clips.noisy(picture, luma, 2))
        self.assertEqual(frames, list(clips.noisy(picture, luma, 2)))
        self.assertNotEqual(frames[0], frames[1])
        values = frames[0][: luma - 2]
        mean = sum(values) / len(values)
        deviation = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
        self.assertAlmostEqual(mean, 100, delta=0.1)
        self.assertAlmostEqual(deviation, clips.NOISE_LEVELS, delta=0.1)
        self.assertEqual((len(frames[0]), frames[0][luma:]), (luma + 10, picture[luma:]))


class Search(unittest.TestCase):
    def test_finds_what_the_machine_takes(self):
        for truth in (0, 1, 3, 9, 31, 100, 500):
            for cost in (0.01, 0.1, 1.0):
                search = capacity.Search("moving", True)
                while not search.over:
                    self.assertLess(len(search.steps), 25)
                    search.took(self.window(search.next, 0.0 if search.next <= truth else 0.5, cost))
                wanted = min(truth, capacity.CAMERAS_MAX)
                self.assertTrue(wanted * 8 // 9 - 1 <= search.well <= wanted, (truth, cost, search.well))

    @staticmethod
    def window(cameras, share, cost):
        dropped = {cause: 0.0 for cause in window.CAUSES}
        dropped["overload"] = 100 * share
        return window.Window(
            cameras, 1.0, 100 - 100 * share, 0, dropped, {}, {}, {}, cost * cameras, {}, 0.0, 1.0, 1, 1, 0.0
        )


class Promises(unittest.TestCase):
    def test_frames_add_up_or_not(self):
        frames = {"received": 10, "looked": 5, "still": 2, "lost": 1, "overload": 1, "under_way": 1}
        self.assertTrue(window.closes(frames))
        self.assertFalse(window.closes({**frames, "looked": 6}))

    @unittest.skipIf(tomllib is None, "needs Python 3.11")
    def test_faults_go_on_until_the_end(self):
        faults = tomllib.loads(sixteen.faults(600))["fault"]
        self.assertGreater(faults[-1]["at_s"], 600)
        self.assertEqual({fault["kind"] for fault in faults}, {"stop", "hang", "garbage", "clock_jump", "frame_loss"})
        ends = [fault["at_s"] + fault["for_s"] for fault in faults]
        self.assertTrue(all(end < fault["at_s"] for end, fault in zip(ends, faults[1:])))

    def test_memory_that_grows_has_a_slope(self):
        looks = [sixteen.Look(at, {}, usage.Usage(0.0, 100 + at / 30, 1, 1, {})) for at in (0.0, 10.0, 25.0, 30.0)]
        self.assertAlmostEqual(sixteen.slope_mib_a_minute(looks), 2.0)
        self.assertEqual(sixteen.slope_mib_a_minute(looks[:1]), 0.0)

    def test_threads_that_ended_count_as_other(self):
        before = usage.Usage(1.0, 1.0, 2, 1, {"7 detector-0": 0.5, "8 queue3:src": 0.25})
        after = usage.Usage(3.0, 1.0, 2, 1, {"7 detector-0": 1.5, "9 camera-a": 0.5})
        groups = usage.cpu_by_group(before, after)
        self.assertEqual((groups["inference"], groups["gate, watch, tracks"], groups["decode"]), (1.0, 0.5, 0.0))
        self.assertAlmostEqual(groups["other"], 0.5)


if __name__ == "__main__":
    unittest.main()
