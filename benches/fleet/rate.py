"""Track states a second of one enforcer on one processor, over real Kafka."""

from __future__ import annotations

import pathlib
from typing import Sequence

import show
from city import City
from enforcer import Enforcer, Look
from kafka import Kafka
from places import CORES
from result import Result

CAMERAS = 200
SECONDS = 900
WANTED = 100_000.0
"""Track states a second."""


def slope(looks: Sequence[Look]) -> tuple[float, float, float]:
    """Observations, seconds and processor seconds between the first look at which something was judged and the
    first at which all was: both ends are as exact as an enforcer tells."""
    begun = next(look for look in looks if look.judged > 0)
    ended = next(look for look in looks if look.judged == looks[-1].judged)
    return ended.judged - begun.judged, ended.at_s - begun.at_s, ended.usage.cpu_s - begun.usage.cpu_s


def measure(folder: pathlib.Path, cameras: int, seconds: int) -> Result:
    """Publishes first; then an enforcer judges all of it on the last processor, the broker on the others."""
    others = f"0-{CORES - 2}" if CORES > 2 else "0"
    city = City(cameras, seconds)
    with Kafka(folder, others) as kafka:
        sites = city.sites(folder)
        summary = city.publish(kafka)
        with Enforcer(folder, "rate", kafka, sites, str(CORES - 1)) as enforcer:
            looks = enforcer.looks_until("its end", 3600, lambda look: look.judged >= summary["observations"])
    each = summary["track_states"] / summary["observations"]
    judged, took_s, cpu_s = slope(looks)
    figures = {
        "cameras": cameras,
        "observations": summary["observations"],
        "track_states": summary["track_states"],
        "took_s": took_s,
        "states_a_second": judged * each / took_s if took_s else None,
        "states_a_cpu_second": judged * each / cpu_s if cpu_s else None,
        "cpu_s_a_million_states": cpu_s / (judged * each / 1e6) if judged else None,
        "memory_mib": max(look.usage.memory_mib for look in looks),
        "published_a_second": summary["observations"] / summary["took_s"],
    }
    rows = [[name, show.number(value, 2) if isinstance(value, float) else value] for name, value in figures.items()]
    text = show.table(("what", "figure"), rows)
    text += (
        f"\none enforcer on processor {CORES - 1}, the broker on {others}; {each:.1f} track states an observation; "
        "from its first word of judged observations to that of the last"
    )
    problems = []
    if took_s < 10:
        problems.append(f"over after {took_s:.1f} s: too short to be measured; raise --seconds")
    return Result(f"Track states a second, wanted {WANTED:.0f}", text, figures, problems)
