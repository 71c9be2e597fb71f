"""Cameras: `wayside camera`, whose every client has a stream of its own."""

from __future__ import annotations

import contextlib
import json
import pathlib
from typing import Optional, Sequence

import usage
from children import Child
from places import program
from sites import Pole

A_SERVER = 32
"""Clients of one process; it takes 64, and connections that are half closed count for a while."""


class Cameras:
    """Processes that serve a clip to some clients."""

    def __init__(self, stack: contextlib.ExitStack, folder: pathlib.Path):
        self._stack = stack
        self._folder = folder
        self._children: list[Child] = []

    def serve(self, clip: pathlib.Path, faults: Optional[pathlib.Path] = None) -> str:
        """One process more; its address."""
        log = self._folder / f"camera{len(self._children)}.log"
        command = [program(), "camera", clip, "--port", "0", "--json"]
        if faults:
            command += ["--faults", faults]
        child = self._stack.enter_context(Child(command, log))
        self._children.append(child)
        line = child.wait_for("the camera's address", 30, lambda: "}" in child.printed() and child.printed())
        return json.loads(line.splitlines()[0])["url"]

    def poles(self, clips: Sequence[pathlib.Path], count: int, size: tuple[int, int]) -> list[Pole]:
        """So many cameras, the clips in turn, spread over processes."""
        poles: list[Pole] = []
        for number, clip in enumerate(clips):
            own = len(range(number, count, len(clips)))
            for begin in range(0, own, A_SERVER):
                url = self.serve(clip)
                poles += [Pole("", url, *size)] * min(A_SERVER, own - begin)
        return [pole._replace(name=f"c{number:03}") for number, pole in enumerate(poles)]

    def cpu_s(self) -> float:
        """Processor seconds of all of them."""
        return sum(usage.usage(child.pid).cpu_s for child in self._children)
