"""Kept files in a real S3-compatible store, by the same rules as videos."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.studio import Studio
from tests.s3_server import Bucket

pytestmark = pytest.mark.s3


def test_kept_files_go_to_the_store_and_are_compared_there(tmp_path: Path, bucket: Bucket) -> None:
    target = {"to": f"s3://{bucket.name}/ads", "user_id": "u1", "keep": ["images", "clips", "script"]}
    studio = Studio(tmp_path)
    studio.edit(output=target).run()
    assert studio.result["exit_code"] == 0, studio.result
    every: list[str] = bucket.keys()
    keys = {key for key in every if key.startswith("ads/u1/glow/maria/")}
    assert {"ads/u1/glow/maria/hook.png", "ads/u1/glow/maria/hook.mp4"} <= keys
    assert {f"ads/{path}" for path in studio.result["ads"][0]["kept"]} == keys
    head = bucket.client.head_object(Bucket=bucket.name, Key="ads/u1/glow/maria/script.yaml")
    assert head["ContentType"] == "application/yaml"
    assert head["Metadata"]["adcli-sha256"]
    assert studio.run() == set()
    bucket.client.delete_object(Bucket=bucket.name, Key="ads/u1/glow/maria/hook.png")
    assert studio.run(verify=True) == {"maria/hook/publish"}
    bucket.client.put_object(Bucket=bucket.name, Key="ads/u1/glow/maria/script.yaml", Body=b"mine")
    studio.edit(product={"name": "Dew Balm", "images": ["bottle.png"]}).run()
    assert studio.statuses()["maria/publish"] == "failed"
    assert bucket.body("ads/u1/glow/maria/script.yaml") == b"mine"
