"""Tests of what benches/fleet computes; `make test` runs them by tidy/tests/benches.rs."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent / "live"))
sys.path.insert(0, str(pathlib.Path(__file__).parent / "fleet"))

import city  # noqa: E402
import enforcer  # noqa: E402
import rate  # noqa: E402
import usage  # noqa: E402

SITE = """schema = 1

[[section]]
id = "s"

[section.entry]
gate = "a"

[[stop_line]]
id = "N"

[rules.section_speed]

[rules.red_light]
grace_s = 0.5
"""


class Fleet(unittest.TestCase):
    def test_a_site_loses_its_sections_alone(self):
        wanted = 'schema = 1\n\n[[stop_line]]\nid = "N"\n\n[rules.red_light]\ngrace_s = 0.5\n'
        self.assertEqual(city.without_sections(SITE), wanted)

    def test_a_rate_counts_between_the_first_and_the_last_word(self):
        def look(at_s, judged):
            return enforcer.Look(at_s, judged, 0.0, 1.0, usage.Usage(10 + at_s / 2, 100.0, 1, 1, {}))

        looks = [look(0.0, 0), look(1.0, 0), look(2.0, 500), look(3.0, 500), look(4.0, 2_500), look(5.0, 2_500)]
        self.assertEqual(rate.slope(looks), (2_000, 2.0, 1.0))


if __name__ == "__main__":
    unittest.main()
