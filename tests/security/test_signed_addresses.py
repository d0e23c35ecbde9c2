"""What signs an address of material is used to fetch it, and is in nothing that adcli writes or says."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from PIL import Image

from tests.emulator.world import CANARY
from tests.engine.material import Site, serving
from tests.security.leaks import leaks_below, leaks_in, watched_processes

REPORTS = ("--events", "events.jsonl", "--junit", "junit.xml", "--summary", "summary.md")
RUN = ["run", "-v", "--json", *REPORTS]
COMMANDS = (
    ["validate"],
    ["plan", "--json", "--out", "plan.json"],
    RUN,
    ["why", "campaign/bottle-png/fetch"],
    ["status", "--json"],
)


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(stream, "PNG")
    return stream.getvalue()


def told(folder: Path, site: Site, commands: Sequence[list[str]]) -> list[str]:
    """Leaks in what the commands say, in their arguments and below the campaign's folder."""
    found = []
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    for arguments in commands:
        with (
            subprocess.Popen(
                [sys.executable, "-m", "adcli.cli.main", *arguments],
                cwd=folder,
                env=kept | site.environ,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            ) as process,
            watched_processes(process.pid) as lines,
        ):
            out, err = process.communicate(timeout=120)
        assert b"Traceback" not in err, err.decode()
        found += leaks_in("stdout", out) + leaks_in("stderr", err) + leaks_in("arguments", b"\n".join(lines))
    campaign = str(folder / "campaign.yaml")
    return found + [leak for leak in leaks_below(folder) if not leak.startswith(campaign)]


@pytest.mark.parametrize("status", [200, 403, 302])
def test_a_signature_is_told_to_the_server_alone(tmp_path: Path, status: int) -> None:
    with serving() as site:
        answers = {
            200: (200, {}, picture()),
            403: (403, {}, f"<Code>AccessDenied</Code><Url>{CANARY}</Url>".encode()),
            302: (302, {"Location": f"http://localhost:9/{CANARY}?{CANARY}"}, b""),
        }
        site.pages["/bottle.png"] = answers[status]
        campaign = {
            "name": "signed",
            "template": "image",
            "aspect_ratios": ["1:1"],
            "duration": 5,
            "product": {"name": "Glow", "images": [site.url(f"bottle.png?X-Amz-Signature={CANARY}")]},
            "characters": [{"name": "Maria"}],
        }
        (tmp_path / "campaign.yaml").write_text(yaml.safe_dump(campaign))
        commands = COMMANDS if status == 200 else [RUN]
        assert told(tmp_path, site, commands) == []
        assert site.asked
        assert all(target.endswith(CANARY) for target in site.asked)
    assert (tmp_path / "events.jsonl").stat().st_size
