"""What ``adcli list`` says about providers: what they do, which key they need, what their models cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.driving import adcli


def providers(tmp_path: Path) -> dict[str, dict[str, Any]]:
    listed = adcli("list", "providers", "--json", cwd=tmp_path).json["providers"]
    return {row["name"]: row for row in listed}


def test_every_provider_tells_stages_credentials_and_prices(tmp_path: Path) -> None:
    listed = providers(tmp_path)
    assert listed["local"]["credentials"] == []
    assert listed["local"]["models"] == []
    replicate = listed["replicate"]
    assert {"image", "animate", "lipsync"} <= set(replicate["stages"])
    assert replicate["credentials"] == ["REPLICATE_API_TOKEN"]
    assert "replicate:black-forest-labs/flux-1.1-pro" in replicate["priced_models"]
    (flux,) = [row for row in replicate["models"] if row["model"] == "black-forest-labs/flux-1.1-pro"]
    assert (flux["unit"], flux["usd"]) == ("image", 0.04)
    assert flux["as_of"] >= "2026-10"
    assert flux["source"]


def test_another_way_to_give_a_key_is_told(tmp_path: Path) -> None:
    higgsfield = providers(tmp_path)["higgsfield"]
    assert higgsfield["credentials"] == ["HF_KEY"]
    assert higgsfield["or_credentials"] == ["HF_API_KEY", "HF_API_SECRET"]
    assert "HF_KEY, or HF_API_KEY and HF_API_SECRET" in adcli("list", "providers", cwd=tmp_path).out


def test_people_read_one_model_a_line_with_price_date_and_source(tmp_path: Path) -> None:
    rows = adcli("list", "providers", cwd=tmp_path).out.splitlines()
    (flux,) = [row for row in rows if "flux-1.1-pro" in row]
    assert "$0.04 an image" in flux
    assert flux.endswith("2026-10-07, model page")
    (veo,) = [row for row in rows if row.lstrip().startswith("google/veo-3.1 ")]
    assert "$0.20 to $0.40 a second" in veo
    assert not any("e-0" in row for row in rows)
