"""How a packshot comes in: product, button and badge arrive within half a second, later the button pulses.

The moving frames are a still with sprites laid over it; all others are one finished picture, so that a
packshot costs little more than its encoding.
"""

from __future__ import annotations

from pathlib import Path

from adcli.media import footage, moves
from adcli.media.ffmpeg import WHITELIST
from adcli.media.footage import Graph
from adcli.media.packshot import Packshot, Sprite
from adcli.media.packshot_type import SWELL
from adcli.units import FPS, Size

ARRIVAL = 15
"""Frames until everything is in its place."""

_PULSES = (42, 105, 168, 231)
_PULSE = 12
"""Frames at which the button swells, and for how many."""

_TIMES = {"product": (0, 12), "cta": (3, 13), "badge": (6, 15)}
"""First and last moving frame of each sprite."""

_RISE = {"product": 0.05, "cta": 0.008}
"""From how far below its place a sprite comes, in parts of the frame's height."""


def add_packshot(graph: Graph, shot: Packshot, size: Size, frames: int, folder: Path, out: str) -> None:
    """A packshot of exactly ``frames`` frames under the label ``out``."""
    graph.texts[out] = shot.layout.texts()
    whole = folder / "whole.png"
    shot.whole.save(whole, compress_level=1)
    if frames <= ARRIVAL:
        footage.add_still(graph, whole, frames, out)
        return
    opening = folder / "opening.png"
    shot.opening.save(opening, compress_level=1)
    footage.add_still(graph, opening, ARRIVAL, f"{out}0")
    label = f"{out}0"
    for number, sprite in enumerate(shot.sprites):
        label = _arriving(graph, sprite, size, folder, (label, f"{out}s{number}"))
    rest = frames - ARRIVAL
    footage.add_still(graph, whole, rest, f"{out}w")
    cta = next((sprite for sprite in shot.sprites if sprite.name == "cta"), None)
    pulses = [at - ARRIVAL for at in _PULSES if at + _PULSE < frames]
    standing = f"{out}w"
    if cta is not None and pulses:
        standing = _pulsing(graph, cta, folder, pulses, (standing, f"{out}p"))
    graph.chains.append(f"[{label}][{standing}]concat=n=2:v=1:a=0,settb=1/{FPS}[{out}]")


def _sprite(graph: Graph, sprite: Sprite, folder: Path) -> str:
    path = folder / f"{sprite.name}.png"
    sprite.picture.save(path, compress_level=1)
    label = graph.input(path, *WHITELIST)
    return f"[{label}]scale={moves.RGB_TO_VIDEO},format=yuva420p,setsar=1,fps={FPS}"


def _arriving(graph: Graph, sprite: Sprite, size: Size, folder: Path, labels: tuple[str, str]) -> str:
    """Lays a sprite over the first label from its own first frame on, rising or, a badge, popping up."""
    below, out = labels
    first, last = _TIMES[sprite.name]
    span = last - first
    part = f"clip((n-{first}+1)/{span},0,1)"
    feed = _sprite(graph, sprite, folder)
    looped = f"{feed},loop=loop={ARRIVAL - 1}:size=1:start=0,setpts=N/{FPS}/TB,settb=1/{FPS}"
    wide, high = sprite.picture.size
    if sprite.name == "badge":
        # back-out ease: overshoots by a tenth before it settles (Penner's equations)
        grown = f"(1+2.7*pow({part}-1,3)+1.7*pow({part}-1,2))"
        graph.chains.append(
            f"{looped},scale=w='max(2,2*round({wide}*{grown}/2))':h='max(2,2*round({high}*{grown}/2))'"
            f":eval=frame[{out}f]"
        )
        x, y = f"{sprite.left}+({wide}-overlay_w)/2", f"{sprite.top}+({high}-overlay_h)/2"
    else:
        fade = f"fade=t=in:s={first}:n={max(2, span // 3)}:alpha=1"
        graph.chains.append(f"{looped},{fade}[{out}f]")
        away = round(size.height * _RISE[sprite.name])
        x, y = f"{sprite.left}", f"{sprite.top}+{away}*pow(1-{part},3)"
    graph.chains.append(
        f"[{below}][{out}f]overlay=x='{x}':y='{y}':eval=frame:format=yuv420:enable='gte(n,{first})'[{out}]"
    )
    return out


def _pulsing(graph: Graph, sprite: Sprite, folder: Path, at: list[int], labels: tuple[str, str]) -> str:
    """Lays a swelling button over the standing one while it pulses."""
    below, out = labels
    feed = _sprite(graph, sprite, folder)
    wide, high = sprite.picture.size
    swell = "+".join(f"between(n,{start},{start + _PULSE})*sin(PI*(n-{start})/{_PULSE})" for start in at)
    times = "+".join(f"between(n,{start + 1},{start + _PULSE - 1})" for start in at)
    graph.chains += [
        f"{feed},loop=loop={at[-1] + _PULSE}:size=1:start=0,setpts=N/{FPS}/TB,settb=1/{FPS},"
        f"scale=w='2*round({wide}*(1+{SWELL}*({swell}))/2)':h='2*round({high}*(1+{SWELL}*({swell}))/2)'"
        f":eval=frame[{out}f]",
        f"[{below}][{out}f]overlay=x='{sprite.left}+({wide}-overlay_w)/2'"
        f":y='{sprite.top}+({high}-overlay_h)/2':eval=frame:format=yuv420:eof_action=pass"
        f":enable='{times}'[{out}]",
    ]
    return out
