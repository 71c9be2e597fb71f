"""A human figure from joint positions: the same body walks, stands and rides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..mesh import FACE, GLOSS, MATT, Mesh, ellipsoid, join, limb, loft
from .parts import chance, jittered, pick, vivid

_SKIN = ((0.58, 0.36, 0.26), (0.50, 0.29, 0.20), (0.36, 0.20, 0.12), (0.22, 0.11, 0.06), (0.10, 0.05, 0.03))
_HAIR = ((0.012, 0.010, 0.009), (0.03, 0.018, 0.01), (0.07, 0.035, 0.015), (0.30, 0.20, 0.08), (0.25, 0.25, 0.25), (0.12, 0.03, 0.01))
_DULL = ((0.012, 0.012, 0.014), (0.02, 0.025, 0.05), (0.06, 0.06, 0.065), (0.2, 0.2, 0.2), (0.65, 0.65, 0.63), (0.18, 0.13, 0.08), (0.05, 0.06, 0.03))


@dataclass
class Style:
    """How one person looks; `height` metres, `girth` 1 = slim adult."""

    height: float
    girth: float
    skin: tuple
    hair: tuple
    top: tuple
    legs: tuple
    shoes: tuple
    headgear: str
    gear: tuple
    bare_legs: bool
    bare_arms: bool
    long_hair: bool


def cloth(rng: np.random.Generator) -> tuple:
    """Colour of clothes: dull more often than vivid."""
    return jittered(rng, pick(rng, _DULL), 0.015) if chance(rng, 0.68) else vivid(rng)


def style(rng: np.random.Generator, headgear=("none", "none", "none", "cap", "beanie", "hood"), child: bool = False) -> Style:
    """A random person; `headgear` is drawn from the given names."""
    height = rng.uniform(1.0, 1.4) if child else float(np.clip(rng.normal(1.71, 0.09), 1.5, 1.95))
    legs = jittered(rng, pick(rng, _DULL), 0.012) if chance(rng, 0.75) else (0.03, 0.05, 0.12)
    return Style(
        height, float(np.clip(rng.normal(1.12, 0.13), 0.9, 1.5)), jittered(rng, pick(rng, _SKIN), 0.02), jittered(rng, pick(rng, _HAIR), 0.006),
        cloth(rng), legs, cloth(rng) if chance(rng, 0.4) else (0.02, 0.02, 0.02), pick(rng, headgear), cloth(rng),
        chance(rng, 0.15), chance(rng, 0.3), chance(rng, 0.35),
    )


def bend(a: np.ndarray, c: np.ndarray, upper: float, under: float, towards: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Elbow or knee between `a` and `c` for the two bone lengths, bent `towards` a direction; also the
    end of the lower bone, which falls short of `c` when that is out of reach."""
    d = c - a
    reach = float(np.linalg.norm(d))
    z = d / max(reach, 1e-9)
    r = min(reach, (upper + under) * 0.999)
    along = (upper**2 - under**2 + r**2) / (2 * r)
    off = np.sqrt(max(upper**2 - along**2, 0.0))
    t = towards - z * (towards @ z)
    t = t / max(float(np.linalg.norm(t)), 1e-9)
    return a + z * along + t * off, a + z * r


def figure(s: Style, hip, chest_dir, feet, hands, knees_to=(0, 1, 0), elbows_to=(0, -0.4, -1), gaze: float = 0.0) -> Mesh:
    """The body. `hip` middle of the pelvis, `chest_dir` direction of the spine, `feet` and `hands` (left, right)
    where ankles and wrists should be, metres; `gaze` turns the head by radians about z."""
    k = s.height / 1.75
    hip = np.asarray(hip, float)
    up = np.asarray(chest_dir, float) / np.linalg.norm(chest_dir)
    right = np.array([1.0, 0.0, 0.0])
    ahead = np.cross(up, right)
    g = s.girth
    neck = hip + up * 0.54 * k
    parts = [_torso(s, hip, up, right, ahead, k, g)]
    sleeve = s.skin if s.bare_arms else s.top
    leg = s.skin if s.bare_legs else s.legs
    for i, m in ((0, -1.0), (1, 1.0)):
        top = hip + right * m * 0.095 * k * g - up * 0.02
        ankle = np.asarray(feet[i], float)
        knee, ankle = bend(top, ankle, 0.43 * k, 0.43 * k, np.asarray(knees_to, float) + right * m * 0.12)
        parts.append(limb(top, knee, 0.088 * k * g, 0.062 * k * g, s.legs))
        parts.append(limb(knee, ankle, 0.062 * k * g, 0.045 * k, leg))
        parts.append(ellipsoid((0.05 * k, 0.135 * k, 0.05 * k), ankle + [0, 0.055 * k, -0.045 * k], s.shoes, MATT, 6, 2))
        shoulder = neck - up * 0.045 * k + right * m * 0.175 * k * g
        wrist = np.asarray(hands[i], float)
        elbow, wrist = bend(shoulder, wrist, 0.30 * k, 0.27 * k, np.asarray(elbows_to, float) + right * m * 0.5)
        parts.append(limb(shoulder, elbow, 0.055 * k * g, 0.044 * k * g, s.top))
        parts.append(limb(elbow, wrist, 0.044 * k * g, 0.034 * k, sleeve))
        d = (wrist - elbow) / max(np.linalg.norm(wrist - elbow), 1e-9)
        parts.append(ellipsoid((0.042 * k, 0.042 * k, 0.055 * k), wrist + d * 0.05 * k, s.skin, MATT, 5, 2))
    parts += _head(s, neck, up, k, gaze)
    return join(parts)


def _torso(s: Style, hip, up, right, ahead, k: float, g: float) -> Mesh:
    t = np.arange(8) / 8 * 2 * np.pi + np.pi / 8
    rows = ((-0.10, 0.09, 0.075), (-0.04, 0.165, 0.115), (0.06, 0.16, 0.11), (0.18, 0.145, 0.105), (0.36, 0.175, 0.115), (0.47, 0.18, 0.10), (0.53, 0.11, 0.075))
    rings = [hip + up * z * k + (np.cos(t)[:, None] * right * a + np.sin(t)[:, None] * ahead * b) * k * g for z, a, b in rows]
    colour = np.empty((len(rows) - 1, 8, 3))
    colour[:] = s.top
    colour[:2] = s.legs
    return loft(rings, colour, MATT, 70, cap=(s.top, MATT))


def _head(s: Style, neck, up, k: float, gaze: float) -> list[Mesh]:
    k = max(k, 0.72) if k < 0.9 else k
    tilt = up * 0.5 + np.array([0, 0, 0.5])
    tilt = tilt / np.linalg.norm(tilt)
    centre = neck + tilt * 0.17 * k + np.array([0, 0.02 * k, 0])
    parts = [limb(neck - up * 0.03, centre - tilt * 0.06 * k, 0.06 * k, 0.052 * k, s.skin, MATT, 6)]
    skull = ellipsoid((0.078 * k, 0.098 * k, 0.122 * k), (0, 0, 0), s.skin, MATT, 8, 6)
    v = skull.vertices.reshape(-1, 3, 10).copy()
    m = v[:, :, :3].mean(1) / k
    quads = 2 * 8 * 6
    m[:quads] = np.repeat(m[:quads].reshape(-1, 2, 3).mean(1), 2, 0)
    full = s.headgear == "full"
    front = (m[:, 1] > 0.022) & (m[:, 2] < 0.068)
    hair = ~front & ((m[:, 2] > -0.03) | ((m[:, 1] < 0) & (m[:, 2] > (-0.08 if not s.long_hair else -0.13))))
    v[front, :, 9] = FACE
    v[hair, :, 6:9] = s.hair
    eyes = front & (np.abs(m[:, 2] - 0.018) < 0.014) & (np.abs(m[:, 0]) > 0.012)
    v[eyes, :, 6:9] *= 0.45
    parts.append(Mesh(v.reshape(-1, 10)).turned("z", gaze).moved(*centre))
    if s.long_hair and not full:
        parts.append(ellipsoid((0.085 * k, 0.05 * k, 0.15 * k), centre - [0, 0.065 * k, 0.08 * k], s.hair, MATT, 7, 4))
    parts += _headgear(s, centre, k, gaze)
    return parts


def _headgear(s: Style, centre, k: float, gaze: float) -> list[Mesh]:
    """Hat, hood or helmet; a full-face helmet leaves a dark visor instead of a face."""
    if s.headgear == "none":
        return []
    if s.headgear == "full":
        shell = ellipsoid((0.125 * k, 0.15 * k, 0.15 * k), (0, 0, 0), s.gear, GLOSS, 9, 6).vertices.reshape(-1, 3, 10)
        m = shell[:, :, :3].mean(1) / k
        m[:108] = np.repeat(m[:108].reshape(-1, 2, 3).mean(1), 2, 0)
        visor = (m[:, 1] > 0.04) & (m[:, 2] > -0.03) & (m[:, 2] < 0.075)
        shell[visor, :, 6:9], shell[visor, :, 9] = (0.01, 0.012, 0.015), 1.0
        return [Mesh(shell.reshape(-1, 10)).turned("z", gaze).moved(*centre)]
    if s.headgear in ("open", "bike"):
        r = (0.115, 0.135, 0.10) if s.headgear == "open" else (0.10, 0.14, 0.08)
        return [ellipsoid(np.multiply(r, k), centre + [0, -0.012 * k, 0.065 * k], s.gear, GLOSS, 9, 5)]
    if s.headgear == "hood":
        return [ellipsoid((0.105 * k, 0.10 * k, 0.15 * k), centre + [0, -0.035 * k, 0.0], s.top, MATT, 8, 5)]
    parts = [ellipsoid((0.092 * k, 0.112 * k, 0.08 * k), centre + [0, -0.008 * k, 0.062 * k], s.gear, MATT, 8, 5)]
    if s.headgear == "cap":
        parts.append(ellipsoid((0.07 * k, 0.085 * k, 0.012 * k), centre + [0, 0.11 * k, 0.055 * k], s.gear, MATT, 6, 2))
    if s.headgear == "brim":
        parts.append(ellipsoid((0.17 * k, 0.18 * k, 0.015 * k), centre + [0, 0, 0.055 * k], s.gear, MATT, 10, 2))
    return parts
