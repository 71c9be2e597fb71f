"""Child processes that never outlive this one."""

from __future__ import annotations

import ctypes
import os
import pathlib
import signal
import subprocess
import time
from typing import Optional, Sequence

PR_SET_PDEATHSIG = 1


class BenchError(Exception):
    """A run that cannot be measured, with what the program said."""


def _die_with_parent() -> None:
    """The kernel ends the child when the bench is killed."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        pass


class Child:
    """A program under way, its output in files. Leaving the `with` block ends it."""

    def __init__(self, command: Sequence[object], log: pathlib.Path, env: Optional[dict[str, str]] = None):
        self.log = log
        self.output = log.with_suffix(".out")
        with open(self.output, "wb") as output, open(log, "wb") as errors:
            self._process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env={**os.environ, **(env or {})},
                preexec_fn=_die_with_parent,
            )
        self.pid = self._process.pid

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def said(self) -> str:
        """What it has logged."""
        return self.log.read_text(errors="replace")

    def printed(self) -> str:
        """What it has printed."""
        return self.output.read_text(errors="replace")

    def wait_for(self, what: str, seconds: float, look):
        """The first true value of `look()`. Raises when the child ends before, or when time is over."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            found = look()
            if found:
                return found
            if not self.runs():
                break
            time.sleep(0.05)
        ended = "" if self.runs() else f" (it ended with {self._process.returncode})"
        raise BenchError(f"waited in vain for {what}{ended}:\n{self.said()[-2000:]}")

    def end(self, seconds: float = 20.0) -> int:
        """Asks it to end, then makes it; its exit code."""
        if self.runs():
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
        return self._process.wait(10)
