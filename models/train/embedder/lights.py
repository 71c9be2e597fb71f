"""The light of a scene: one for both cameras of a section in most cases, since minutes lie between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LIGHTS = ("day", "dusk", "night", "rain", "fog")
"""Names of the lights, in the order of light numbers."""

SHARES = (0.5, 0.12, 0.18, 0.12, 0.08)
"""Share of each light in a data set."""

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Light:
    """Linear colours of the light. `sun` points to the sun (unit, z up), in world coordinates."""

    name: str
    sun: tuple[float, float, float]
    sun_colour: Colour
    sky_colour: Colour
    shadow: float
    """Share of the light that a shadow takes, 0 to 1."""
    shadow_soft: float
    """Level of the shadow mask's mip map: 0 sharp."""
    lamps: float
    """How much of the vehicles' lamps is on, 0 to 1."""
    fog_per_m: float
    fog_colour: Colour
    wet: float
    """Share of mirror on the road, 0 to 1."""


def draw(rng: np.random.Generator, name: str | None = None) -> Light:
    """A light of this name, or of a random one."""
    if name is None:
        name = str(rng.choice(LIGHTS, p=SHARES))
    if name not in LIGHTS:
        raise ValueError(f"`{name}` is no light: {', '.join(LIGHTS)}")
    around = rng.uniform(0, 2 * np.pi)
    up = rng.uniform(0.3, 1.25)
    sun = (float(np.cos(around) * np.cos(up)), float(np.sin(around) * np.cos(up)), float(np.sin(up)))
    if name == "day":
        clear = rng.random() < 0.65
        strength = rng.uniform(0.7, 1.15) if clear else rng.uniform(0.05, 0.25)
        sky = rng.uniform(0.35, 0.55) if clear else rng.uniform(0.6, 0.95)
        warm = rng.uniform(0.8, 1.0)
        return Light(
            name,
            sun if clear else (0.05, 0.03, 0.998),
            (strength, strength * (0.5 + 0.5 * warm), strength * warm**2),
            (sky * 0.9, sky * 0.97, sky * rng.uniform(1.0, 1.15)),
            rng.uniform(0.45, 0.65) if clear else rng.uniform(0.3, 0.5),
            0.0 if clear else 2.5,
            0.0 if rng.random() < 0.7 else 0.35,
            0.0,
            (0.6, 0.65, 0.7),
            0.0,
        )
    if name == "dusk":
        low = (sun[0], sun[1], 0.35)
        low = tuple(float(v) for v in np.array(low) / np.linalg.norm(low))
        level = rng.uniform(0.12, 0.4)
        glow = rng.uniform(0.0, 0.35)
        return Light(name, low, (glow, glow * 0.6, glow * 0.35),
                     (level * 0.85, level * 0.9, level * rng.uniform(1.0, 1.3)),
                     rng.uniform(0.3, 0.5), 1.5, 0.8, 0.001, (0.25, 0.27, 0.33), 0.0)  # fmt: skip
    if name == "night":
        level = rng.uniform(0.02, 0.06)
        lamp = rng.uniform(0.12, 0.45)
        warm = rng.uniform(0.35, 1.0)
        return Light(name, (sun[0] * 0.4, sun[1] * 0.4, 0.9),
                     (lamp, lamp * (0.55 + 0.45 * warm), lamp * (0.15 + 0.85 * warm)),
                     (level, level, level * 1.2), 0.5, 2.0, 1.0, 0.001,
                     (0.01, 0.01, 0.015), rng.choice([0.0, 0.5]))  # fmt: skip
    if name == "rain":
        level = rng.uniform(0.3, 0.65)
        return Light(name, (0.02, 0.02, 1.0), (0.05,) * 3, (level * 0.92, level, level * 1.06),
                     rng.uniform(0.25, 0.4), 3.0, 0.7, rng.uniform(0.002, 0.007),
                     (level * 0.75,) * 3, rng.uniform(0.4, 1.0))  # fmt: skip
    level = rng.uniform(0.45, 0.8)
    return Light(name, (0.02, 0.02, 1.0), (0.03,) * 3, (level,) * 3, rng.uniform(0.2, 0.35), 3.0,
                 0.7, rng.uniform(0.008, 0.03), (level * 0.85,) * 3, 0.2)  # fmt: skip
