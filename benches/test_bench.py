"""Tests of the bench runner; `make test` runs them by tidy/tests/benches.rs."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import clip  # noqa: E402
import table  # noqa: E402
from watch import watch  # noqa: E402


class ScaledSite(unittest.TestCase):
    def test_pixels_grow_and_metres_stay(self):
        text = (
            "width_px = 1280\nwidth_m = 3.2\nimage_px = [10, 20.5]\nground_m = [1.0, 2.0]\n"
            "    { image_px = [829.6, 277.4], ground_m = [226.4, 170.0] },\nred_px = [1, 2, 3, 4]\n"
        )
        self.assertEqual(
            clip.scaled_site(text, 1.5),
            "width_px = 1920\nwidth_m = 3.2\nimage_px = [15, 30.75]\nground_m = [1.0, 2.0]\n"
            "    { image_px = [1244.40, 416.10], ground_m = [226.4, 170.0] },\nred_px = [2, 3, 4, 6]\n",
        )


class Watch(unittest.TestCase):
    def test_sees_exit_output_memory_and_threads(self):
        program = "import threading, time; b = bytearray(50 << 20); t = threading.Thread(target=time.sleep, args=(2.5,)); t.start(); print('x'); t.join(); raise SystemExit(3)"
        seen = watch([sys.executable, "-c", program])
        self.assertEqual((seen["exit"], seen["output"]), (3, "x\n"))
        self.assertGreater(seen["memory_mib"], 50)
        self.assertEqual(seen["threads"], 2)
        self.assertGreaterEqual(seen["wall_s"], 2.5)


class Table(unittest.TestCase):
    def test_ratios(self):
        def figures(ms):
            return {"ms": ms, "ms_low": ms, "ms_high": ms, "cpu_ms": ms, "memory_mib": 1, "threads": 1}

        text = table.render(
            {
                "video": "clip.mp4",
                "rounds": 1,
                "load_before": 0.0,
                "load_after": 1.0,
                "contestants": {
                    "decode alone": figures(4.0),
                    "inference alone": figures(6.0),
                    "wayside replay --no-pictures": figures(11.0),
                    "wayside replay": figures(15.0),
                    "plain Python loop": figures(20.0),
                },
            }
        )
        self.assertIn("wayside replay --no-pictures: 1.10 of decode plus inference, 0.55 of the Python loop", text)
        self.assertIn("| decode alone", text)


if __name__ == "__main__":
    unittest.main()
