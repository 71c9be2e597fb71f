"""The enforcer that is measured: `wayside enforce`."""

from __future__ import annotations

import http.client
import pathlib
import re
import time
from dataclasses import dataclass
from typing import Optional, Sequence

import metrics
from children import BenchError, Child
from kafka import Kafka
from places import program
from usage import Usage, usage

ADDRESS = re.compile(r"readiness on http://([\d.]+):(\d+)")
TOLD_S = 1.0
"""How often an enforcer tells of itself: no time here is more exact."""


@dataclass
class Look:
    """One look at an enforcer."""

    at_s: float
    """Seconds of the monotonic clock."""
    judged: float
    lag: float
    partitions: float
    usage: Usage


class Enforcer:
    """An enforcer under way, on these processors alone where they are named."""

    def __init__(
        self, folder: pathlib.Path, name: str, kafka: Kafka, sites: Sequence[pathlib.Path], processors: Optional[str]
    ):
        command = ["taskset", "--cpu-list", processors] if processors else []
        command += [program(), "enforce", *sites, "--kafka", kafka.address, "--instance", name]
        command += ["--http", "127.0.0.1:0", "--data", folder / name]
        self.child = Child(command, folder / f"{name}.log", {"WAYSIDE_LOG": "info"})
        self._address = None

    def __enter__(self) -> Enforcer:
        try:
            found = self.child.wait_for("the enforcer's pages", 300, lambda: ADDRESS.search(self.child.said()))
            self._address = (found.group(1), int(found.group(2)))
            self.child.wait_for("the bus", 300, lambda: self._page("/readyz")[0] == 200)
        except BaseException:
            self.child.end(1)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.child.end(60)

    def _page(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(*self._address, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError as error:
            raise BenchError(f"{path} does not answer: {error}\n{self.child.said()[-2000:]}") from error
        finally:
            connection.close()

    def look(self) -> Look:
        """Metrics and /proc, now."""
        series = metrics.parse(self._page("/metrics")[1])
        return Look(
            at_s=time.monotonic(),
            judged=metrics.total(series, "wayside_observations_judged_total"),
            lag=metrics.total(series, "wayside_consumer_lag_records"),
            partitions=metrics.total(series, "wayside_consumer_partitions"),
            usage=usage(self.child.pid),
        )

    def looks_until(self, what: str, seconds: float, there) -> list[Look]:
        """Looks ten times a second until `there(look)`; all of them."""
        looks: list[Look] = []

        def found() -> bool:
            looks.append(self.look())
            return there(looks[-1])

        self.child.wait_for(what, seconds, found)
        return looks
