"""One ratio of the standard ad by adcli and by others that are installed, each directly after adcli's own.

``python -m benchmarks.render.peers --adanvil DIR --editly DIR --remotion DIR --hyperframes DIR [--seconds 10]
[--ratio 9:16] [--runs 3] [--gain -6]``

Each DIR is a folder that the renderer was installed into; how, its module ``NAME_peer`` says. Only those that
are given are measured. All get the same clips, captions, title and closing picture, and adcli's finished
sound, quieter by ``gain`` dB: what comes out tells who brings sound to a loudness. adcli's side is the whole
command ``adcli run``, which has its own sound to master and its own closing picture to draw.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adcli.media.audio import measure
from adcli.media.ffmpeg import find_ffmpeg
from adcli.media.probe import probe
from adcli.units import AspectRatio
from benchmarks.render import adanvil_peer, editly_peer, hyperframes_peer, remotion_peer
from benchmarks.render.ad import Ad, make_ad
from benchmarks.render.cutlist import CutList, cut_list
from benchmarks.render.peer import Job
from benchmarks.render.used import Used, used

PEERS: dict[str, Callable[[CutList, AspectRatio, Path, Path], Job]] = {
    "adanvil": adanvil_peer.job,
    "editly": editly_peer.job,
    "remotion": remotion_peer.job,
    "hyperframes": hyperframes_peer.job,
}
_HEAD = "              CPU s  wall s      MB    load    LUFS    dBTP  picture s  sound s  frames  MB file"


@dataclass(frozen=True, slots=True)
class Row:
    """What a renderer took, how busy the machine was just before (1 minute's load), and what came out."""

    name: str
    took: Used
    load: float
    video: Path

    def __str__(self) -> str:
        found, sound = probe(self.video), measure(self.video)
        took = f"{self.took.cpu:9.1f} {self.took.wall:7.1f} {self.took.mb:7.0f} {self.load:7.1f}"
        heard = f"{sound.integrated:7.1f} {sound.true_peak:7.1f}"
        length = f"{found.duration:10.3f} {found.audio_duration or 0:8.3f} {found.frames:7}"
        return f"{self.name:10} {took} {heard} {length} {self.video.stat().st_size / 1e6:8.1f}"


def ours(kept: Path) -> Row:
    """adcli's own run, from clips and finished voices; ``kept`` is an ad that has not been rendered."""
    folder = kept.parent / "ours"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder, symlinks=True)
    ad, load = Ad(folder), os.getloadavg()[0]
    took = ad.run()
    return Row("adcli", took, load, ad.videos[0])


def theirs(name: str, job: Job) -> Row:
    """Another's run."""
    load = os.getloadavg()[0]
    took = used(job.command, cwd=job.folder, env=job.env)
    return Row(name, took, load, job.video)


def pairs(asked: argparse.Namespace, folder: Path) -> Iterator[tuple[Row, Row]]:
    """adcli's row and the other's, printed as they come; who fails is told and left out."""
    ratio = AspectRatio(asked.ratio)
    kept = make_ad(folder / "kept", asked.seconds, [ratio.value]).folder
    ours(kept)
    listed = cut_list(Ad(folder / "ours"))
    sound = _quieter(Path(listed.sound), asked.gain, folder / "sound.wav")
    (picture,) = listed.closing.values()
    closing = shutil.copyfile(picture, folder / "closing.png")
    cuts = [dataclasses.replace(cut, clip=str(kept / Path(cut.clip).name)) for cut in listed.cuts]
    listed = dataclasses.replace(
        listed, cuts=tuple(cuts), sound=str(sound), closing={ratio.value: str(closing)}
    )
    for run in range(asked.runs):
        for name, install in _given(asked):
            try:
                job = PEERS[name](listed, ratio, _new(folder / name / str(run)), install)
                pair = (ours(kept), theirs(name, job))
            except subprocess.CalledProcessError as error:
                print(f"{name:10} {error}", flush=True)
                continue
            print(*pair, sep="\n", flush=True)
            yield pair


def _given(asked: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    for name in PEERS:
        if install := getattr(asked, name):
            yield name, install


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _quieter(sound: Path, gain: float, path: Path) -> Path:
    command: list[str | Path] = [
        find_ffmpeg(),
        "-v",
        "error",
        "-nostdin",
        "-y",
        "-i",
        sound,
        "-af",
        f"volume={gain}dB",
        path,
    ]
    subprocess.run(command, check=True)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in PEERS:
        parser.add_argument(f"--{name}", type=Path, metavar="DIR")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--ratio", default="9:16")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--gain", type=float, default=-6.0)
    asked = parser.parse_args()
    print(_HEAD)
    with tempfile.TemporaryDirectory() as name:
        found = list(pairs(asked, Path(name)))
    for peer, _ in _given(asked):
        times = [other.took.cpu / own.took.cpu for own, other in found if other.name == peer]
        if times:
            print(f"{peer:10} {statistics.median(times):6.2f} x adcli's CPU, median of {len(times)}")


if __name__ == "__main__":
    main()
