"""How long a fleet that stood still for a while takes until nothing waits."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import time

import show
from city import City
from children import BenchError
from enforcer import Enforcer, Look
from kafka import PARTITIONS, Kafka
from result import Result

CAMERAS = 200
ENFORCERS = 2
PAUSE_S = 60.0
BEFORE_S, AFTER_S = 25.0, 150.0


class Fleet:
    """Enforcers, looked at together."""

    def __init__(self, enforcers: list[Enforcer]):
        self.enforcers = enforcers

    def look(self) -> Look:
        """Their sums."""
        looks = [enforcer.look() for enforcer in self.enforcers]
        return Look(
            at_s=looks[0].at_s,
            judged=sum(look.judged for look in looks),
            lag=sum(look.lag for look in looks),
            partitions=sum(look.partitions for look in looks),
            usage=looks[0].usage,
        )

    def send(self, number: signal.Signals) -> None:
        """A signal to each."""
        for enforcer in self.enforcers:
            os.kill(enforcer.child.pid, number)

    def until(self, what: str, seconds: float, there) -> list[Look]:
        """Looks five times a second until `there(looks)`; all of them."""
        looks: list[Look] = []
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            looks.append(self.look())
            if there(looks):
                return looks
            time.sleep(0.2)
        raise BenchError(f"waited in vain for {what}: {looks[-1]}")


def measure(folder: pathlib.Path, cameras: int, pause_s: float) -> Result:
    """Cameras at real rate; every enforcer stands still for `pause_s`, longer than the group waits for it."""
    city = City(cameras, int(BEFORE_S + pause_s + AFTER_S))
    small = cameras * 5 * 0.4
    with contextlib.ExitStack() as stack:
        kafka = stack.enter_context(Kafka(folder, f"0-{(os.cpu_count() or 1) - 1}"))
        sites = city.sites(folder)
        enforcers = [
            stack.enter_context(Enforcer(folder, f"lag-{number}", kafka, sites, None)) for number in range(ENFORCERS)
        ]
        fleet = Fleet(enforcers)
        publisher = stack.enter_context(city.publishing(kafka, folder))

        def steady(looks: list[Look]) -> bool:
            last = looks[-1]
            return last.partitions == PARTITIONS and last.judged > 0 and last.lag <= small

        fleet.until("a steady fleet", 120, steady)
        time.sleep(BEFORE_S / 2)
        before = fleet.look()
        fleet.send(signal.SIGSTOP)
        try:
            time.sleep(pause_s)
        finally:
            fleet.send(signal.SIGCONT)
        resumed_s = time.monotonic()
        # What they told last was before the pause: they have to tell of a backlog first.
        begun = fleet.until("a word of the backlog", 60, lambda looks: looks[-1].lag > before.lag + small)
        rest = fleet.until("no lag", AFTER_S, lambda looks: looks[-1].partitions == PARTITIONS and looks[-1].lag == 0)
        if not publisher.runs():
            raise BenchError("the publisher had ended before the lag was gone")
    looks = [*begun, *rest]
    near = next(look for look in looks[len(begun) - 1 :] if look.partitions == PARTITIONS and look.lag <= small)
    figures = {
        "cameras": cameras,
        "enforcers": ENFORCERS,
        "pause_s": pause_s,
        "lag_before": before.lag,
        "lag_max": max(look.lag for look in looks),
        "until_0.4_s_behind_s": near.at_s - resumed_s,
        "until_0_s": looks[-1].at_s - resumed_s,
    }
    rows = [[name, show.number(value) if isinstance(value, float) else value] for name, value in figures.items()]
    text = show.table(("what", "figure"), rows)
    text += f"\nsince SIGCONT; publisher, broker and enforcers share the machine; records that wait, of {5 * cameras} a second"
    return Result("Lag after a pause", text, figures, [])
