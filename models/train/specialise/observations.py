"""Reads `observations.binpb`, what `wayside replay` saw: length-delimited protobuf messages.

Only what is needed here is read, and field numbers are those of
`proto/wayside/v1/observation.proto`. A reader of its own spares the user a code generator.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

CLASS_OF = {1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5}
"""RoadUserClass of the proto file to an index of `detector.net.CLASSES`."""

_SIZE = {1: 8, 5: 4}


class ObservationError(Exception):
    """A file that is not what `wayside replay` writes."""


@dataclass
class Track:
    """A confirmed track at one instant."""

    id: int
    label: int
    """Class that its detections voted for so far, index into CLASSES."""
    score: float
    """Of the detection, 0 where the track was only predicted."""
    box: np.ndarray
    """float32 [4], x0 y0 x1 y1 in pixels of the picture: the detector's where it is measured."""
    measured: bool


@dataclass
class Seen:
    """One frame that the product looked at."""

    time_us: int
    tracks: list[Track] = field(default_factory=list)


def read(path: Path) -> list[Seen]:
    """Frames in order of time; gaps are left out."""
    data = path.read_bytes()
    found, at = [], 0
    try:
        while at < len(data):
            length, at = _varint(data, at)
            if at + length > len(data):
                raise ObservationError("it breaks off")
            seen = _observation(data[at : at + length])
            at += length
            if seen is not None:
                found.append(seen)
    except (IndexError, struct.error, ObservationError) as error:
        raise ObservationError(f"{path} is not a file of observations: {error}") from None
    return found


def _observation(data: bytes) -> Seen | None:
    time_us, tracks = 0, None
    for number, value in _fields(data):
        if number == 5:
            time_us = _signed(value)
        elif number == 8:
            tracks = [_track(inner) for n, inner in _fields(value) if n == 1]
    return None if tracks is None else Seen(time_us, [t for t in tracks if t is not None])


def _track(data: bytes) -> Track | None:
    """None where it has no box in the picture or a class that is not known here."""
    track = Track(0, -1, 0.0, np.zeros(0, np.float32), False)
    for number, value in _fields(data):
        if number == 1:
            track.id = value
        elif number == 2:
            track.label = CLASS_OF.get(value, -1)
        elif number == 4:
            track.score = struct.unpack("<f", value)[0]
        elif number == 5:
            box = {n: struct.unpack("<f", v)[0] for n, v in _fields(value)}
            track.box = np.array([box.get(n, 0.0) for n in (1, 2, 3, 4)], np.float32)
        elif number == 20:
            track.measured = bool(value)
    return track if len(track.box) and track.label >= 0 else None


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and raw value: an int for a varint, else bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value
            continue
        if wire == 2:
            size, at = _varint(data, at)
        elif wire in _SIZE:
            size = _SIZE[wire]
        else:
            raise ObservationError(f"wire type {wire} is not known")
        if at + size > len(data):
            raise ObservationError("a field breaks off")
        yield number, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise ObservationError("a number is too long")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value
