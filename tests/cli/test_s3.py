"""A whole campaign into a real S3-compatible store, through the program."""

from __future__ import annotations

import os
import urllib.request
from pathlib import Path

import pytest

from tests.cli.driving import adcli, write
from tests.s3_server import Bucket

pytestmark = pytest.mark.s3


@pytest.fixture
def keys(bucket: Bucket) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}


def test_ads_go_to_s3_and_are_reused(tmp_path: Path, bucket: Bucket, keys: dict[str, str]) -> None:
    target = {"to": f"s3://{bucket.name}/ads", "user_id": "u1", "project_id": "p1"}
    write(tmp_path, output=target)
    done = adcli("run", "--json", cwd=tmp_path, env=keys)
    assert done.code == 0, done.err
    output = done.json["ads"][0]["outputs"][0]
    assert output["s3_key"] == "ads/u1/p1/stills/maria_1x1.png"
    assert output["uri"] == f"s3://{bucket.name}/ads/u1/p1/stills/maria_1x1.png"
    assert set(bucket.keys()) == {"ads/u1/p1/stills/maria_1x1.png", "ads/u1/p1/stills/results.json"}
    assert len(bucket.body(output["s3_key"])) == output["bytes"]
    again = adcli("run", "--json", cwd=tmp_path, env=keys).json
    assert again["totals"]["reused"] == again["totals"]["tasks"]
    url = adcli("urls", cwd=tmp_path, env=keys).out.strip()
    with urllib.request.urlopen(url) as response:
        assert len(response.read()) == output["bytes"]


def test_our_older_object_is_replaced_and_a_foreign_one_is_not(
    tmp_path: Path, bucket: Bucket, keys: dict[str, str]
) -> None:
    write(tmp_path, output={"to": f"s3://{bucket.name}"})
    assert adcli("run", "-q", cwd=tmp_path, env=keys).code == 0
    first = bucket.body("stills/maria_1x1.png")
    write(tmp_path, output={"to": f"s3://{bucket.name}"}, seed=7)
    assert adcli("run", "-q", cwd=tmp_path, env=keys).code == 0
    assert bucket.body("stills/maria_1x1.png") != first
    bucket.client.put_object(Bucket=bucket.name, Key="stills/maria_1x1.png", Body=b"mine")
    write(tmp_path, output={"to": f"s3://{bucket.name}"}, seed=8)
    done = adcli("run", "--json", cwd=tmp_path, env=keys)
    assert done.code == 5
    assert done.json["ads"][0]["error"]["code"] == "publish-conflict"
    assert bucket.body("stills/maria_1x1.png") == b"mine"
    assert adcli("run", "--overwrite", "-q", cwd=tmp_path, env=keys).code == 0


def test_no_key_or_a_wrong_one_says_so_and_leaks_nothing(
    tmp_path: Path, bucket: Bucket, keys: dict[str, str]
) -> None:
    write(tmp_path, output={"to": f"s3://{bucket.name}"})
    wrong = adcli("run", "--json", cwd=tmp_path, env=keys | {"AWS_SECRET_ACCESS_KEY": "CANARY-SECRET"})
    assert wrong.code == 4
    assert "CANARY-SECRET" not in wrong.out + wrong.err
    for file in (tmp_path / ".adcli").rglob("*"):
        assert not file.is_file() or b"CANARY-SECRET" not in file.read_bytes(), file
    assert adcli("run", "-q", cwd=tmp_path, env=keys).code == 0
    assert adcli("doctor", cwd=tmp_path, env=keys).code == 0
