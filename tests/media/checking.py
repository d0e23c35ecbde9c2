"""Small finished videos, good and bad in one way each, made with ffmpeg's own test sources."""

from __future__ import annotations

from pathlib import Path

from adcli.media import ffmpeg

TAGS = (
    *("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"),
    *("-x264-params", "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=off"),
)
MOVING = "testsrc2=s=540x960:r=30"
TONE = "aevalsrc='0.2*sin(2*PI*997*t)|0.2*sin(2*PI*997*t)':s=48000"
"""A tone of -14 LUFS in both channels."""


def video(
    target: Path,
    seconds: float = 1.0,
    picture: str = MOVING,
    tone: str | None = TONE,
    codec: tuple[str, ...] = ("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high"),
    pix_fmt: str = "yuv420p",
    rest: tuple[str, ...] = ("-movflags", "+faststart"),
    tags: tuple[str, ...] = TAGS,
    sound: tuple[str, ...] = ("-c:a", "aac", "-b:a", "96k"),
) -> Path:
    """An ad as platforms like it, but for what the arguments change. x264's High needs its 8x8 transform."""
    given = ["-v", "error", "-y", "-f", "lavfi", "-i", picture]
    given += ["-f", "lavfi", "-i", tone] if tone else []
    form = [*codec, "-pix_fmt", pix_fmt, *tags, *(sound if tone else ()), "-t", f"{seconds:.3f}", *rest]
    ffmpeg.run([*given, *form, target.name], cwd=target.parent, timeout=120)
    return target


def parts(*lengths: tuple[str, float]) -> str:
    """A picture made of sources one after another, each for so many seconds."""
    named = {
        "moving": MOVING,
        "black": "color=black:s=540x960:r=30",
        "still": f"{MOVING},loop=loop=-1:size=1",
    }
    chains = [f"{named[name]},trim=duration={seconds}[p{n}]" for n, (name, seconds) in enumerate(lengths)]
    labels = "".join(f"[p{n}]" for n in range(len(lengths)))
    return ";".join([*chains, f"{labels}concat=n={len(lengths)}:v=1:a=0"])
