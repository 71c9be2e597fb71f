"""The simulated city: its site files, and its messages."""

from __future__ import annotations

import json
import pathlib

from children import Child
from kafka import Kafka, say
from places import program

TEMPLATES = 10
"""Sites that are generated; the others play them from other places."""


def without_sections(text: str) -> str:
    """A site file without sections and their rule: vehicles of sections are another matter."""
    kept, keep = [], True
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            name = line.strip().strip("[]")
            keep = name != "section" and not name.startswith("section.") and name != "rules.section_speed"
        if keep:
            kept.append(line)
    return "".join(kept)


class City:
    """So many cameras, four a site, at five frames a second, for so many seconds of event time."""

    def __init__(self, cameras: int, seconds: int):
        self.cameras, self.seconds = cameras, seconds

    def _command(self, *more: object) -> list[object]:
        command = [program(), "simulate", "--cameras", self.cameras, "--json"]
        if self.cameras > 4 * TEMPLATES:
            command += ["--templates", TEMPLATES]
        return [*command, *more]

    def sites(self, folder: pathlib.Path) -> list[pathlib.Path]:
        """Writes the site files."""
        out = folder / "sites"
        say(self._command("--seconds", 1, "--no-bus", "--speed", "max", "--sites-out", out))
        files = sorted(out.glob("*.toml"))
        for file in files:
            file.write_text(without_sections(file.read_text()))
        return files

    def publish(self, kafka: Kafka) -> dict[str, float]:
        """Publishes everything as fast as it goes; the summary."""
        return json.loads(say(self._command("--seconds", self.seconds, "--speed", "max", "--kafka", kafka.address)))

    def publishing(self, kafka: Kafka, folder: pathlib.Path) -> Child:
        """Begins to publish at real rate."""
        command = self._command("--seconds", self.seconds, "--speed", "real", "--kafka", kafka.address)
        return Child(command, folder / "publisher.log")

