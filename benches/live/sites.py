"""Site files of the example's junction with live cameras."""

from __future__ import annotations

import pathlib
import re
from typing import NamedTuple, Sequence

from places import EXAMPLE

A_SITE = 4
"""Cameras of one junction; more cameras are more junctions."""


class Pole(NamedTuple):
    """A camera."""

    name: str
    url: str
    width: int
    height: int


def text(name: str, poles: Sequence[Pole]) -> str:
    """The example's site file under another name and with these cameras. Signals are left out: those of
    the example are of another day."""
    original = (EXAMPLE / "site.toml").read_text()
    head, rest = original.split("[[camera]]", 1)
    camera, tail = rest.split("[[signal_group]]", 1)
    head = re.sub(r'^id = "\w+"', f'id = "{name}"', head, count=1, flags=re.M)
    head = head.replace('log = "signals.csv"\n', "")
    cameras = "".join("[[camera]]" + _camera(camera, pole) for pole in poles)
    return f"{head}{cameras}[[signal_group]]{tail}"


def _camera(camera: str, pole: Pole) -> str:
    width = int(re.search(r"width_px = (\d+)", camera).group(1))
    factor = pole.width / width

    def scaled(found: re.Match) -> str:
        x, y = float(found.group(1)) * factor, float(found.group(2)) * factor
        return f"image_px = [{x:.2f}, {y:.2f}]"

    camera = re.sub(r'id = "\w+"', f'id = "{pole.name}"', camera, count=1)
    camera = re.sub(r'source = "[^"]*"\n', "", camera)
    camera = re.sub(r"width_px = \d+", f"width_px = {pole.width}", camera)
    camera = re.sub(r"height_px = \d+", f"height_px = {pole.height}", camera)
    camera = re.sub(r"image_px = \[([\d.]+), ([\d.]+)\]", scaled, camera)
    return f'{camera.rstrip()}\n\n[camera.rtsp]\nurl = "{pole.url}"\n\n'


def write(folder: pathlib.Path, poles: Sequence[Pole]) -> list[pathlib.Path]:
    """Site files of four cameras each."""
    files = []
    for begin in range(0, len(poles), A_SITE):
        number = begin // A_SITE
        file = folder / f"site{number}.toml"
        file.write_text(text(f"junction{number}", poles[begin : begin + A_SITE]))
        files.append(file)
    return files
