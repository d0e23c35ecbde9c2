"""What each quality level costs and gives: CPU, bits, and VMAF against the frames before the encoder.

``python -m benchmarks.render.quality [--runs 3]``

Six seconds of three clips at 1080x1920 are composed once without loss. ``preview`` is judged as a viewer sees
it: scaled up to full size. VMAF is Netflix's model v0.6.1 as ffmpeg's libvmaf measures it, the mean over all
frames.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
from pathlib import Path

from adcli.media import encode
from adcli.media.ffmpeg import find_ffmpeg
from adcli.media.footage import Graph, Shot, add_clip
from adcli.units import AspectRatio, Quality
from benchmarks.render.ad import material
from benchmarks.render.used import used

_FRAMES = 60
_SIZE = AspectRatio.PORTRAIT.size
_HEAD = ("-v", "error", "-nostdin", "-y")


def composed(folder: Path) -> Path:
    """Three clips in a row, without loss."""
    graph = Graph(folder)
    for number in range(3):
        shot = Shot(_SIZE, _FRAMES, _FRAMES, "crop")
        add_clip(graph, folder / f"clip-{number}.mp4", 1.0, 1.0, shot, f"part{number}")
    graph.chains.append("[part0][part1][part2]concat=n=3:v=1:a=0[out]")
    command = [str(find_ffmpeg()), *_HEAD, *graph.arguments, "-filter_complex", graph.text(), "-map", "[out]"]
    subprocess.run([*command, "-c:v", "ffv1", "whole.mkv"], cwd=folder, check=True)
    return folder / "whole.mkv"


def encoded(whole: Path, quality: Quality) -> tuple[float, Path]:
    """CPU seconds above decoding the lossless frames, and the file."""
    size, path = quality.scale(_SIZE), whole.with_name(f"{quality}.mp4")
    scaled = f"scale={size.width}:{size.height}:flags=bicubic,format=yuv420p"
    source = [str(find_ffmpeg()), *_HEAD, "-threads", "1", "-i", whole.name, "-vf", scaled]
    reading = used([*source, "-f", "null", "-"], cwd=whole.parent).cpu
    return used([*source, *encode.x264(quality), path.name], cwd=whole.parent).cpu - reading, path


def vmaf(path: Path, whole: Path) -> float:
    """Mean VMAF of a file, at full size."""
    full = f"scale={_SIZE.width}:{_SIZE.height}:flags=bicubic,settb=1/30,setpts=N"
    judged = "libvmaf=log_fmt=json:log_path=vmaf.json:n_threads=2"
    graph = f"[0:v]{full}[a];[1:v]settb=1/30,setpts=N[b];[a][b]{judged}"
    command = [
        str(find_ffmpeg()),
        *_HEAD,
        "-i",
        path.name,
        "-i",
        whole.name,
        "-lavfi",
        graph,
        "-f",
        "null",
        "-",
    ]
    subprocess.run(command, cwd=whole.parent, check=True)
    log = json.loads((whole.parent / "vmaf.json").read_text())
    return float(log["pooled_metrics"]["vmaf"]["mean"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "material"
        material(folder)
        whole = composed(folder)
        print(f"{'quality':8} {'size':>9} {'CPU s':>7} {'Mb/s':>6} {'VMAF':>6}")
        for quality in Quality:
            rounds = [encoded(whole, quality) for _ in range(asked.runs)]
            path, size = rounds[0][1], quality.scale(_SIZE)
            rate = path.stat().st_size * 8 / (3 * _FRAMES / 30) / 1e6
            cpu = statistics.median(cpu for cpu, _ in rounds)
            side = f"{size.width}x{size.height}"
            print(f"{quality:8} {side:>9} {cpu:7.2f} {rate:6.1f} {vmaf(path, whole):6.1f}")


if __name__ == "__main__":
    main()
