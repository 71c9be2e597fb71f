"""The worker that is measured: `wayside run`."""

from __future__ import annotations

import http.client
import json
import pathlib
import re
import time
from dataclasses import dataclass
from typing import Sequence

import metrics
from children import BenchError, Child
from places import program
from usage import Usage, usage

READY_S = 90.0
ADDRESS = re.compile(r"readiness on http://([\d.]+):(\d+)")


@dataclass
class Look:
    """One look at the worker."""

    at_s: float
    """Seconds of the monotonic clock."""
    series: metrics.Series
    usage: Usage


class Worker:
    """A worker under way over these site files; `limit_s` ends it whatever happens."""

    def __init__(
        self, folder: pathlib.Path, sites: Sequence[pathlib.Path], options: Sequence[object], limit_s: float
    ):
        command = [program(), "run", *sites, "--data", folder / "data", "--http", "127.0.0.1:0", "--no-console"]
        command += ["--for", f"{limit_s:.0f}", *options]
        self.child = Child(command, folder / "worker.log", {"WAYSIDE_LOG": "info,ort=error"})
        self._address = None

    def __enter__(self) -> Worker:
        try:
            found = self.child.wait_for("the worker's pages", 60, lambda: ADDRESS.search(self.child.said()))
        except BaseException:
            self.child.end(1)
            raise
        self._address = (found.group(1), int(found.group(2)))
        return self

    def __exit__(self, *_: object) -> None:
        self.child.end()

    def page(self, path: str) -> str:
        """A page's text."""
        if not self.child.runs():
            raise BenchError(f"the worker has ended:\n{self.child.said()[-2000:]}")
        connection = http.client.HTTPConnection(*self._address, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        except OSError as error:
            raise BenchError(f"{path} does not answer: {error}\n{self.child.said()[-2000:]}") from error
        finally:
            connection.close()

    def look(self) -> Look:
        """Metrics and /proc, now."""
        series = metrics.parse(self.page("/metrics"))
        return Look(time.monotonic(), series, usage(self.child.pid))

    def cameras(self) -> dict[str, dict]:
        """The last health by `site/camera`."""
        told = json.loads(self.page("/healthz"))["cameras"]
        return {f"{site}/{name}": health for site, of in told.items() for name, health in of.items()}

    def wait_connected(self, count: int) -> None:
        """Until so many cameras have given a picture."""

        def connected() -> bool:
            series = metrics.parse(self.page("/metrics"))
            return metrics.total(series, "wayside_camera_connected") >= count

        self.child.wait_for(f"{count} cameras", READY_S, connected)
