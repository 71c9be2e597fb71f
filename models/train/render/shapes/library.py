"""All kinds of all classes, and how often each is drawn."""

from __future__ import annotations

import numpy as np

from ..mesh import Body
from . import buses, cars, people, trucks, two_wheelers

CLASSES = ("car", "truck", "bus", "motorcycle", "bicycle", "person")
KINDS = {"car": cars.KINDS, "truck": trucks.KINDS, "bus": buses.KINDS, "motorcycle": two_wheelers.MOTORCYCLES, "bicycle": two_wheelers.BICYCLES, "person": people.KINDS}


def build(class_name: str, rng: np.random.Generator, kind: str | None = None) -> Body:
    """A random body of `class_name`; ValueError for a class or kind that is not known."""
    kind = kind or KINDS[class_name][rng.integers(len(KINDS[class_name]))]
    if class_name == "car":
        return cars.build(kind, rng)
    if class_name == "truck":
        return trucks.build(kind, rng)
    if class_name == "bus":
        return buses.build(kind, rng)
    if class_name == "person":
        return people.build(kind, rng)
    return two_wheelers.build(class_name, kind, rng)
