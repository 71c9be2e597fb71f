"""Light and weather of a moment, as numbers that the shaders and the sensor take."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

LIGHTS = ("day", "dusk", "night", "rain", "fog")
LIGHT_SHARES = (0.46, 0.13, 0.17, 0.14, 0.10)

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Light:
    """All colours are linear, 0 to 1 or a little more."""

    name: str
    sun: tuple[float, float, float]
    """Direction towards the sun, unit length."""
    sun_colour: Colour
    sky_colour: Colour
    """Light from above."""
    bounce_colour: Colour
    """Light from below."""
    zenith: Colour
    haze: Colour
    """Colour of the horizon and of what is far."""
    haze_from_m: float
    haze_scale_m: float
    clouds: float
    shadow: float
    """0 none to 1 black."""
    lamps: float
    """Street lamps and headlights, 0 off to 1 on."""
    wet: float
    rain: float
    exposure: float
    noise: float
    """Sensor noise at mid grey, 8-bit steps."""


def _vary(rng: np.random.Generator, colour: Colour, by: float = 0.08) -> Colour:
    c = np.array(colour) * (1 + rng.uniform(-by, by, 3)) * (1 + rng.uniform(-by, by))
    return (float(c[0]), float(c[1]), float(c[2]))


def _sun(rng: np.random.Generator, low_deg: float, high_deg: float) -> tuple[float, float, float]:
    azimuth, height = rng.uniform(0, 2 * math.pi), math.radians(rng.uniform(low_deg, high_deg))
    flat = math.cos(height)
    return (flat * math.cos(azimuth), flat * math.sin(azimuth), math.sin(height))


def sample_light(rng: np.random.Generator, name: str | None = None) -> Light:
    """A light of that name, or of any."""
    name = name or str(rng.choice(LIGHTS, p=LIGHT_SHARES))
    if name == "day":
        overcast = rng.random() < 0.4
        return Light(
            name,
            _sun(rng, 18, 70),
            _vary(rng, (0.30, 0.29, 0.28) if overcast else (0.95, 0.90, 0.80)),
            _vary(rng, (0.60, 0.64, 0.70) if overcast else (0.36, 0.42, 0.52)),
            _vary(rng, (0.22, 0.21, 0.20)),
            _vary(rng, (0.50, 0.55, 0.62) if overcast else (0.13, 0.27, 0.62)),
            _vary(rng, (0.62, 0.66, 0.70) if overcast else (0.55, 0.66, 0.82)),
            60.0,
            rng.uniform(250, 700),
            rng.uniform(0.2, 1.0),
            rng.uniform(0.1, 0.35) if overcast else rng.uniform(0.55, 0.85),
            0.0,
            0.0,
            0.0,
            rng.uniform(0.9, 1.7),
            rng.uniform(0.8, 3.0),
        )
    if name == "dusk":
        return Light(
            name,
            _sun(rng, 3, 14),
            _vary(rng, (0.55, 0.33, 0.18)),
            _vary(rng, (0.20, 0.22, 0.32)),
            _vary(rng, (0.08, 0.08, 0.09)),
            _vary(rng, (0.08, 0.12, 0.30)),
            _vary(rng, (0.50, 0.36, 0.30)),
            50.0,
            rng.uniform(200, 500),
            rng.uniform(0.2, 0.9),
            rng.uniform(0.3, 0.7),
            rng.uniform(0.3, 1.0),
            float(rng.random() < 0.2),
            0.0,
            rng.uniform(0.8, 1.5),
            rng.uniform(2.0, 5.0),
        )
    if name == "night":
        glow = rng.uniform(0.3, 1.6)
        return Light(
            name,
            _sun(rng, 40, 80),
            _vary(rng, (0.012, 0.013, 0.018)),
            _vary(rng, (0.020 * glow, 0.021 * glow, 0.028 * glow)),
            _vary(rng, (0.008, 0.008, 0.008)),
            _vary(rng, (0.002, 0.003, 0.008)),
            _vary(rng, (0.010 * glow, 0.010 * glow, 0.014 * glow)),
            60.0,
            rng.uniform(120, 400),
            0.0,
            0.0,
            rng.uniform(0.7, 1.3),
            rng.uniform(0.3, 1.0) if rng.random() < 0.3 else 0.0,
            rng.uniform(0.3, 1.0) if rng.random() < 0.15 else 0.0,
            rng.uniform(1.2, 3.5),
            rng.uniform(3.0, 9.0),
        )
    if name == "rain":
        return Light(
            name,
            _sun(rng, 30, 70),
            _vary(rng, (0.10, 0.10, 0.10)),
            _vary(rng, (0.42, 0.45, 0.50)),
            _vary(rng, (0.14, 0.14, 0.14)),
            _vary(rng, (0.24, 0.28, 0.33)),
            _vary(rng, (0.36, 0.40, 0.44)),
            25.0,
            rng.uniform(70, 220),
            rng.uniform(0.6, 1.0),
            rng.uniform(0.0, 0.2),
            rng.uniform(0.0, 0.8),
            rng.uniform(0.5, 1.0),
            rng.uniform(0.2, 1.0),
            rng.uniform(0.8, 1.3),
            rng.uniform(1.5, 5.0),
        )
    if name == "fog":
        return Light(
            name,
            _sun(rng, 20, 60),
            _vary(rng, (0.12, 0.12, 0.12)),
            _vary(rng, (0.52, 0.54, 0.57)),
            _vary(rng, (0.18, 0.18, 0.18)),
            _vary(rng, (0.50, 0.52, 0.54)),
            _vary(rng, (0.50, 0.52, 0.54)),
            rng.uniform(3.0, 15.0),
            rng.uniform(25, 90),
            0.0,
            rng.uniform(0.0, 0.15),
            rng.uniform(0.0, 0.8),
            float(rng.random() < 0.3),
            0.0,
            rng.uniform(0.8, 1.2),
            rng.uniform(1.0, 4.0),
        )
    raise ValueError(f"no light is called {name!r}; known: {', '.join(LIGHTS)}")
