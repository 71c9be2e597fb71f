"""The clips that cameras serve, made once: the example in another size and rate, and a still scene."""

from __future__ import annotations

import pathlib
import random
import statistics
import subprocess

from places import EXAMPLE, WORK

BITS_A_PIXEL = 0.4
"""Of a frame, as cameras of junctions are set: 460 kbit/s for 640x360 at 5 frames a second."""
KEY_EVERY_S = 2
NOISE_LEVELS = 2.0
"""Standard deviation of the noise of a still scene, grey levels, as small sensors have by day."""
STILL_S = 20


def gst(pipeline: str) -> None:
    """Runs a pipeline to its end."""
    answer = subprocess.run(
        ["gst-launch-1.0", "-q", *pipeline.split()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=600,
    )
    if answer.returncode != 0:
        raise SystemExit(f"gst-launch-1.0 failed:\n{answer.stdout.decode(errors='replace')}")


def _encoder(width: int, height: int, fps: int) -> str:
    bitrate = int(width * height * fps * BITS_A_PIXEL)
    return (
        f"openh264enc bitrate={bitrate} max-bitrate={2 * bitrate} complexity=low gop-size={KEY_EVERY_S * fps} "
        "! h264parse ! mp4mux ! filesink location="
    )


def _is_due(clip: pathlib.Path) -> bool:
    """Whether it is not there, or older than what it is made from."""
    WORK.mkdir(parents=True, exist_ok=True)
    of = max(path.stat().st_mtime for path in (EXAMPLE / "clip.mp4", pathlib.Path(__file__)))
    return not clip.exists() or clip.stat().st_mtime < of


def moving(width: int, height: int, fps: int) -> pathlib.Path:
    """The example's traffic."""
    clip = WORK / f"moving-{width}x{height}-{fps}.mp4"
    if _is_due(clip):
        part = clip.with_suffix(".part")
        gst(
            f"filesrc location={EXAMPLE / 'clip.mp4'} ! decodebin ! videoconvert ! videorate ! videoscale "
            f"! video/x-raw,format=I420,width={width},height={height},framerate={fps}/1 "
            f"! {_encoder(width, height, fps)}{part}"
        )
        part.rename(clip)
    return clip


def still(width: int, height: int, fps: int) -> pathlib.Path:
    """The example's first picture, each frame with noise of its own; the noise has a seed."""
    clip = WORK / f"still-{width}x{height}-{fps}.mp4"
    if _is_due(clip):
        raw, part = clip.with_suffix(".raw"), clip.with_suffix(".part")
        gst(
            f"filesrc location={EXAMPLE / 'clip.mp4'} ! decodebin ! videoconvert ! videoscale "
            f"! video/x-raw,format=I420,width={width},height={height} ! identity eos-after=2 "
            f"! filesink location={raw}"
        )
        with open(raw, "rb") as file:
            picture = file.read(width * height * 3 // 2)
        with open(raw, "wb") as file:
            for frame in noisy(picture, width * height, STILL_S * fps):
                file.write(frame)
        gst(
            f"filesrc location={raw} ! rawvideoparse format=i420 width={width} height={height} "
            f"framerate={fps}/1 ! {_encoder(width, height, fps)}{part}"
        )
        raw.unlink()
        part.rename(clip)
    return clip


def noisy(picture: bytes, luma: int, frames: int, seed: int = 4):
    """The picture so many times, the first `luma` bytes with normal noise of NOISE_LEVELS."""
    chance = random.Random(seed)
    normal = statistics.NormalDist(0.0, NOISE_LEVELS)
    draws = [round(normal.inv_cdf((value + 0.5) / 256)) for value in range(256)]
    most = max(draws)
    table = bytes(draw + most for draw in draws)
    # Room for the noise, so that no sum leaves its byte: all bytes are then added as one number.
    room = bytes(min(max(value, most), 255 - most) - most for value in range(256))
    base = int.from_bytes(picture[:luma].translate(room), "little")
    for _ in range(frames):
        noise = int.from_bytes(chance.randbytes(luma).translate(table), "little")
        yield (base + noise).to_bytes(luma, "little") + picture[luma:]
