from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from adcli.engine.prepare import Settings
from adcli.engine.session import opened
from adcli.media.faces import FOLDER
from adcli.media.probe import probe
from adcli.units import Quality
from tests.engine.clips import clip, heard, pitch
from tests.engine.material import serving

pytestmark = pytest.mark.media

LOGO = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='9' height='9'/></svg>"


def run(file: Path, environ: dict[str, str]) -> dict[str, Any]:
    with opened(file, Settings(quality=Quality.PREVIEW, jobs=2), environ, {}, lambda _: False) as session:
        return session.run(lambda _: None)


def test_an_ad_is_made_of_nothing_but_fetched_material(tmp_path: Path) -> None:
    """Clips, music, photo, logo and fonts: what works on files of their own works on fetched ones."""
    clip(tmp_path / "hook.mp4", 1, 400)
    clip(tmp_path / "main.mp4", 3, 700, "lime")
    clip(tmp_path / "bed.mp4", 3, 250)
    photo = io.BytesIO()
    Image.new("RGB", (60, 90), "teal").save(photo, "JPEG")
    font = next(FOLDER.glob("*.ttf")).read_bytes()
    with serving() as site:
        put = {name: site.put(name, (tmp_path / name).read_bytes()) for name in ("hook.mp4", "main.mp4")}
        campaign = {
            "name": "far",
            "template": "assembly",
            "aspect_ratios": ["1:1"],
            "product": {"name": "Glow", "images": [site.put("bottle.jpg", photo.getvalue())]},
            "inputs": {"hook": put["hook.mp4"], "main": put["main.mp4"]},
            "music": {"file": site.put("bed.mp4", (tmp_path / "bed.mp4").read_bytes())},
            "brand": {"logo": site.put("logo.svg", LOGO), "fonts": [site.put("brand.ttf", font)]},
            "scenes": {"hook": {"seconds": 1, "text": "Look"}, "cta": {"voiceover": "", "seconds": 1}},
        }
        file = tmp_path / "campaign.yaml"
        file.write_text(yaml.safe_dump(campaign | {"duration": 6}))
        short = run(file, site.environ)
        file.write_text(yaml.safe_dump(campaign | {"duration": 5}))
        result = run(file, site.environ)
    assert short["exit_code"] == 5
    errors = {task["id"]: task["error"]["message"] for task in short["tasks"] if task["error"]}
    assert errors == {"ad/body-1/original": "the clip lasts 3.0 s, and 4 s of it are wanted"}
    assert result["exit_code"] == 0, result
    assert len(site.asked) == 6, "nothing is fetched twice"
    video = tmp_path / "out" / result["ads"][0]["outputs"][0]["path"]
    assert probe(video).frames == 150
    sound = heard(video)
    assert pitch(sound, 0.1, 0.8) == pytest.approx(400, abs=5)
    assert pitch(sound, 1.1, 2.8) == pytest.approx(700, abs=5)
    assert pitch(sound, 4.1, 0.6) == pytest.approx(250, abs=5)
