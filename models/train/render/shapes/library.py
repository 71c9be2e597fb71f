"""All kinds of all classes, and how often each is drawn."""

from __future__ import annotations

import numpy as np

from ..mesh import Body
from . import buses, cars, external, people, sumo_like, trucks, two_wheelers

CLASSES = ("car", "truck", "bus", "motorcycle", "bicycle", "person")
# Kind and share of each class.
_SHARES = {
    "car": dict(zip(cars.KINDS, (0.25, 0.16, 0.11, 0.22, 0.05, 0.04, 0.08, 0.04, 0.05))),
    "truck": dict(zip(trucks.KINDS, (0.2, 0.1, 0.1, 0.16, 0.06, 0.08, 0.09, 0.06, 0.07, 0.04, 0.04))),
    "bus": dict(zip(buses.KINDS, (0.42, 0.12, 0.18, 0.13, 0.08, 0.07))),
    "motorcycle": dict(zip(two_wheelers.MOTORCYCLES, (0.27, 0.17, 0.14, 0.22, 0.12, 0.08))),
    "bicycle": dict(zip(two_wheelers.BICYCLES, (0.4, 0.2, 0.2, 0.08, 0.12))),
    "person": dict(zip(people.KINDS, (0.17, 0.36, 0.06, 0.12, 0.05, 0.03, 0.07, 0.07, 0.04, 0.03))),
}
KINDS = {name: tuple(kinds) for name, kinds in _SHARES.items()}
SUMO_LIKE_SHARE = 0.2
EXTERNAL_SHARE = {"car": 0.3, "person": 0.25}


def build(class_name: str, rng: np.random.Generator, kind: str | None = None, extra: bool = True) -> Body:
    """A random body of `class_name`, its colours baked in.

    `kind` asks for one of KINDS[class_name]; without it the kind is drawn, and then (`extra`) plain simulator-like
    bodies and installed third-party meshes take their shares. ValueError for an unknown class or kind.
    """
    if class_name not in _SHARES:
        raise ValueError(f"unknown class {class_name!r}: one of {', '.join(CLASSES)}")
    if kind is None:
        if extra and (made := _extra(class_name, rng)) is not None:
            return made
        share = np.array(list(_SHARES[class_name].values()))
        kind = KINDS[class_name][int(rng.choice(len(share), p=share / share.sum()))]
    if kind not in KINDS[class_name]:
        raise ValueError(f"unknown kind {kind!r} of {class_name}: one of {', '.join(KINDS[class_name])}")
    if class_name in ("motorcycle", "bicycle"):
        return two_wheelers.build(class_name, kind, rng)
    module = {"car": cars, "truck": trucks, "bus": buses, "person": people}[class_name]
    return module.build(kind, rng)


def _extra(class_name: str, rng: np.random.Generator) -> Body | None:
    """A plain or third-party body in its share of the draws, else None. Two numbers are drawn whatever is installed."""
    own, plain = rng.random(2)
    if own < EXTERNAL_SHARE.get(class_name, 0.0) and external.available():
        return external.car(rng) if class_name == "car" else external.person(rng)
    if plain < SUMO_LIKE_SHARE and class_name in sumo_like.KINDS:
        seated = class_name in ("motorcycle", "bicycle") and own < 0.5 and external.available()
        return sumo_like.build(class_name, rng, external.person(rng).mesh if seated else None)
    return None
