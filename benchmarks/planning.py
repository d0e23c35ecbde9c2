"""Times planning a large campaign and re-running a finished one, as whole processes, with their memory.

``python -m benchmarks.planning [--characters 1000] [--ads 1000]`` prints a table. The floor beside each
figure is the time to read the same campaign file with PyYAML and do nothing.

The finished campaign of the re-run is made by the real engine with stand-in makers, since what is measured is
deciding, not rendering.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

FLOOR = "import sys, yaml; yaml.load(open(sys.argv[1]), Loader=yaml.SafeLoader)"


def campaign(folder: Path, characters: int, ratios: list[str], duration: float) -> Path:
    people = [{"name": f"Person {n}", "prompt": f"woman, {20 + n % 50}, no. {n}"} for n in range(characters)]
    document = {
        "name": "large",
        "aspect_ratios": ratios,
        "duration": duration,
        "product": {"name": "Glow Serum", "benefits": ["calm skin", "morning glow"]},
        "characters": people,
    }
    path = folder / "campaign.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return path


def timed(*command: str) -> tuple[float, float]:
    """Wall seconds of a process, and the largest resident size of any so far in MB."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def best(runs: int, *command: str) -> tuple[float, float]:
    found = [timed(*command) for _ in range(runs)]
    return min(seconds for seconds, _ in found), max(size for _, size in found)


def finish(file: Path) -> None:
    """Makes every ad of a campaign with stand-in makers."""
    from adcli.engine.prepare import Settings
    from adcli.engine.session import opened
    from tests.engine.studio import TinyMakers

    with opened(file, Settings(), {}, {}, lambda _: False) as session:
        result = session.run(lambda _: None, lambda _: TinyMakers())
    assert result["exit_code"] == 0, result["totals"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=1000)
    parser.add_argument("--ads", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    adcli = [sys.executable, "-m", "adcli.cli.main"]
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for label, seconds in (("5 s", 5.0), ("15 s", 15.0)):
            file = campaign(Path(name), asked.characters, ["9:16", "4:5", "1:1", "16:9"], seconds)
            floor, _ = best(asked.runs, sys.executable, "-c", FLOOR, str(file))
            took, size = best(asked.runs, *adcli, "plan", str(file))
            rows.append((f"plan, {asked.characters} characters x 4 ratios, {label}", took, floor, size))
    with tempfile.TemporaryDirectory() as name:
        file = campaign(Path(name), asked.ads, ["9:16"], 5.0)
        finish(file)
        floor, _ = best(asked.runs, sys.executable, "-c", FLOOR, str(file))
        took, size = best(asked.runs, *adcli, "run", str(file), "-q")
        rows.append((f"re-run of {asked.ads} finished ads", took, floor, size))
    print(f"{'':48} {'seconds':>8} {'floor':>8} {'MB':>6}   (best of {asked.runs})")
    for label, took, floor, size in rows:
        print(f"{label:48} {took:8.2f} {floor:8.2f} {size:6.0f}")


if __name__ == "__main__":
    main()
