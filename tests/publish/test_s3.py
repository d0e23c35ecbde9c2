"""Publishing into S3, against a real S3-compatible server."""

from __future__ import annotations

import logging
import re
import socket
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from adcli.errors import AdcliError, CredentialError, PublishConflict, TaskFailed, UsageError
from adcli.keys import digest
from adcli.publish.s3 import check, is_current, presign, publish, put_json
from adcli.publish.s3_client import Patience
from adcli.publish.target import Published, S3Target
from tests.s3_server import READER_KEY, SECRET_KEY, WRITER_KEY, Bucket

NAME = "u1/p1/glow/maria_9x16.mp4"
KEY = f"ads/2026/{NAME}"
OLD, NEW, FOREIGN = b"old video" * 1000, b"new video" * 1200, b"somebody else's"
SHORT = Patience(connect=0.3, read=0.3, tries=1)


@pytest.fixture
def target(bucket: Bucket) -> S3Target:
    return S3Target(bucket.name, "ads/2026")


@pytest.fixture
def blobs(tmp_path: Path) -> Path:
    for content in (OLD, NEW):
        (tmp_path / digest(content)).write_bytes(content)
    return tmp_path


def put(blobs: Path, target: S3Target, content: bytes, **more: object) -> Published:
    return publish(blobs / digest(content), target, NAME, digest(content), **more)  # type: ignore[arg-type]


def test_an_absent_object_is_created_with_its_type_and_our_mark(
    bucket: Bucket, target: S3Target, blobs: Path
) -> None:
    published = put(blobs, target, NEW)
    head = bucket.client.head_object(Bucket=bucket.name, Key=KEY)
    assert bucket.body(KEY) == NEW
    assert head["ContentType"] == "video/mp4"
    assert head["Metadata"] == {"adcli-sha256": digest(NEW)}
    uri = f"s3://{bucket.name}/{KEY}"
    assert published == Published(uri, NAME, KEY, len(NEW), published.record, reused=False)
    assert published.record == {"uri": uri, "sha256": digest(NEW), "bytes": len(NEW), "etag": head["ETag"]}


def test_the_same_content_is_reused(bucket: Bucket, target: S3Target, blobs: Path) -> None:
    first = put(blobs, target, NEW)
    before = bucket.client.head_object(Bucket=bucket.name, Key=KEY)["LastModified"]
    again = put(blobs, target, NEW)
    assert again.reused
    assert again.record == first.record
    assert bucket.client.head_object(Bucket=bucket.name, Key=KEY)["LastModified"] == before


def test_our_older_object_is_replaced(bucket: Bucket, target: S3Target, blobs: Path) -> None:
    older = put(blobs, target, OLD)
    newer = put(blobs, target, NEW, known=older.record)
    assert not newer.reused
    assert bucket.body(KEY) == NEW
    assert newer.record["etag"] != older.record["etag"]


def test_a_foreign_object_is_left_alone_and_named_with_a_hint(
    bucket: Bucket, target: S3Target, blobs: Path
) -> None:
    bucket.client.put_object(Bucket=bucket.name, Key=KEY, Body=FOREIGN)
    with pytest.raises(PublishConflict, match=re.escape(KEY)) as caught:
        put(blobs, target, NEW)
    assert "--overwrite" in str(caught.value.hint)
    assert bucket.body(KEY) == FOREIGN


def test_an_object_that_was_changed_since_we_wrote_it_is_foreign(
    bucket: Bucket, target: S3Target, blobs: Path
) -> None:
    older = put(blobs, target, OLD)
    bucket.client.put_object(Bucket=bucket.name, Key=KEY, Body=FOREIGN)
    assert not is_current(target, NAME, older.record)
    with pytest.raises(PublishConflict):
        put(blobs, target, NEW, known=older.record)


def test_overwrite_replaces_a_foreign_object(bucket: Bucket, target: S3Target, blobs: Path) -> None:
    bucket.client.put_object(Bucket=bucket.name, Key=KEY, Body=FOREIGN)
    assert not put(blobs, target, NEW, overwrite=True).reused
    assert bucket.body(KEY) == NEW


def test_a_deleted_object_is_seen_and_written_again(bucket: Bucket, target: S3Target, blobs: Path) -> None:
    record = put(blobs, target, NEW).record
    assert is_current(target, NAME, record)
    bucket.client.delete_object(Bucket=bucket.name, Key=KEY)
    assert not is_current(target, NAME, record)
    assert not put(blobs, target, NEW, known=record).reused
    assert bucket.body(KEY) == NEW


def test_of_many_writers_with_one_content_one_creates_and_the_others_find_it(
    bucket: Bucket, target: S3Target, blobs: Path
) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: put(blobs, target, NEW), range(8)))
    assert {item.record["sha256"] for item in found} == {digest(NEW)}
    assert sum(not item.reused for item in found) == 1


def test_of_two_writers_with_two_contents_one_wins_and_one_is_told(
    bucket: Bucket, target: S3Target, blobs: Path
) -> None:
    def one(content: bytes) -> str:
        try:
            return str(put(blobs, target, content).record["sha256"])
        except PublishConflict:
            return "conflict"

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(one, (OLD, NEW)))
    assert found.count("conflict") == 1
    assert digest(bucket.body(KEY)) in found


def test_a_damaged_blob_is_never_uploaded(bucket: Bucket, target: S3Target, blobs: Path) -> None:
    (blobs / digest(NEW)).write_bytes(NEW[:100])
    with pytest.raises(TaskFailed, match="damaged"):
        put(blobs, target, NEW)
    (blobs / digest(NEW)).unlink()
    with pytest.raises(TaskFailed, match="can't be read"):
        put(blobs, target, NEW)
    assert bucket.keys() == []


def test_a_name_that_leads_elsewhere_is_refused(bucket: Bucket, target: S3Target, blobs: Path) -> None:
    with pytest.raises(AdcliError):
        publish(blobs / digest(NEW), target, "../x.mp4", digest(NEW))
    with pytest.raises(AdcliError):
        put_json(target, "a//b.json", b"{}")
    assert bucket.keys() == []


def test_results_are_replaced_whoever_wrote_them_last(bucket: Bucket, target: S3Target) -> None:
    put_json(target, "u1/results.json", b'{"run": 1}')
    put_json(target, "u1/results.json", b'{"run": 2}')
    assert bucket.body("ads/2026/u1/results.json") == b'{"run": 2}'
    head = bucket.client.head_object(Bucket=bucket.name, Key="ads/2026/u1/results.json")
    assert head["ContentType"] == "application/json"


def test_keys_with_spaces_and_other_scripts_work(bucket: Bucket, blobs: Path) -> None:
    target = S3Target(bucket.name, "весна 2026/é")
    put(blobs, target, NEW)
    assert httpx.get(presign(target, NAME, 60)).content == NEW


def test_a_presigned_url_gives_the_file_and_then_expires(target: S3Target, blobs: Path) -> None:
    put(blobs, target, NEW)
    url = presign(target, NAME, 2)
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
    assert httpx.get(url).content == NEW
    time.sleep(3.1)
    assert httpx.get(url).status_code == 403
    lasting = presign(target, NAME, 7 * 24 * 3600)
    assert httpx.get(lasting).status_code == 200
    assert httpx.get(lasting.replace("X-Amz-Expires=604800", "X-Amz-Expires=604799")).status_code == 403


@pytest.mark.parametrize("seconds", [0, -5, 7 * 24 * 3600 + 1])
def test_a_url_lives_from_a_second_to_a_week(seconds: int, target: S3Target) -> None:
    with pytest.raises(UsageError, match="can't be valid"):
        presign(target, NAME, seconds)


def test_doctor_learns_that_a_bucket_answers(bucket: Bucket, target: S3Target) -> None:
    assert bucket.name in check(target)


def refused(call: str, target: S3Target, blobs: Path) -> AdcliError:
    """What a call raises; the whole traceback must hold no secret."""
    with pytest.raises(AdcliError) as caught:
        match call:
            case "publish":
                put(blobs, target, NEW, patience=SHORT)
            case "json":
                put_json(target, "results.json", b"{}", patience=SHORT)
            case "current":
                is_current(target, NAME, {"etag": "x"}, patience=SHORT)
            case _:
                check(target, patience=SHORT)
    text = "".join(traceback.format_exception(caught.value))
    for secret in (SECRET_KEY, "CANARY", "Signature="):
        assert secret not in text + str(caught.value.as_json())
    assert caught.value.hint
    return caught.value


CALLS = ["publish", "json", "current", "check"]


@pytest.mark.parametrize("call", CALLS)
def test_a_wrong_secret_is_a_credential_error(
    call: str, bucket: Bucket, target: S3Target, blobs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "CANARY-wrong-secret")
    error = refused(call, target, blobs)
    assert isinstance(error, CredentialError)
    assert (error.provider, error.exit_code) == ("s3", 4)
    assert bucket.keys() == []


@pytest.mark.parametrize("call", CALLS)
def test_no_key_at_all_is_a_credential_error(
    call: str, target: S3Target, blobs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    error = refused(call, target, blobs)
    assert isinstance(error, CredentialError)
    assert "AWS_ACCESS_KEY_ID" in str(error.hint)


def test_half_a_key_or_an_unknown_profile_is_a_credential_error(
    target: S3Target, blobs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert isinstance(refused("publish", target, blobs), CredentialError)
    monkeypatch.delenv("AWS_PROFILE")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert isinstance(refused("publish", target, blobs), CredentialError)


def test_a_key_that_may_only_write_still_never_overwrites_blindly(
    bucket: Bucket, target: S3Target, blobs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", WRITER_KEY)
    older = put(blobs, target, OLD)
    with pytest.raises(PublishConflict) as caught:
        put(blobs, target, NEW)
    assert "s3:GetObject" in str(caught.value.hint)
    assert bucket.body(KEY) == OLD
    put(blobs, target, NEW, known=older.record)
    assert bucket.body(KEY) == NEW
    put(blobs, target, OLD, overwrite=True)
    assert bucket.body(KEY) == OLD
    with pytest.raises(CredentialError, match="may not be looked at"):
        is_current(target, NAME, older.record)


def test_a_key_that_may_only_read_is_refused(
    bucket: Bucket, target: S3Target, blobs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", READER_KEY)
    error = refused("publish", target, blobs)
    assert isinstance(error, CredentialError)
    assert "s3:PutObject" in str(error.hint)


def test_a_missing_bucket_is_a_failed_task_that_says_so(
    bucket: Bucket, blobs: Path, target: S3Target
) -> None:
    for call in ("publish", "json", "check"):
        error = refused(call, S3Target("no-such-bucket", ""), blobs)
        assert (type(error), error.exit_code) == (TaskFailed, 5)
        assert "no-such-bucket" in error.message


def test_a_refusing_port_is_a_failed_task(
    target: S3Target, blobs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{port}")
    for call in CALLS:
        error = refused(call, target, blobs)
        assert type(error) is TaskFailed
        assert f"127.0.0.1:{port}" in error.message


@pytest.fixture
def silence() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_server_that_never_answers_is_given_up(
    silence: str, target: S3Target, blobs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", silence)
    started = time.monotonic()
    error = refused("publish", target, blobs)
    assert time.monotonic() - started < 3
    assert type(error) is TaskFailed
    assert "did not answer within 0.3 s" in error.message


class Overloaded(BaseHTTPRequestHandler):
    """Answers every request with S3's 503."""

    asked = 0

    def do_PUT(self) -> None:  # the name that http.server calls
        type(self).asked += 1
        body = b"<Error><Code>SlowDown</Code><Message>CANARY reduce your rate</Message></Error>"
        self.send_response(503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stays quiet."""


def test_an_overloaded_server_is_tried_again_and_then_reported(
    target: S3Target, blobs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Overloaded) as server, ThreadPoolExecutor(1) as pool:
        pool.submit(server.serve_forever, 0.05)
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(TaskFailed, match="503 SlowDown") as caught:
            put_json(target, "results.json", b"{}", patience=Patience(tries=2))
        server.shutdown()
    assert Overloaded.asked == 2
    assert "CANARY" not in str(caught.value.as_json())


def test_the_general_endpoint_variable_is_the_fallback(
    bucket: Bucket, target: S3Target, blobs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3")
    monkeypatch.setenv("AWS_ENDPOINT_URL", bucket.server.endpoint)
    assert not put(blobs, target, NEW).reused


@pytest.mark.parametrize(
    "endpoint", ["http://192.0.2.7:9000", "http://store.example.com", "ftp://127.0.0.1x", "nonsense"]
)
def test_an_endpoint_without_encryption_is_taken_on_loopback_only(
    endpoint: str, target: S3Target, blobs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
    error = refused("publish", target, blobs)
    assert isinstance(error, UsageError)


def test_no_log_line_holds_a_key_or_a_signature(
    target: S3Target, blobs: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    put(blobs, target, NEW, patience=Patience(tries=2))
    presign(target, NAME, 60)
    assert SECRET_KEY not in caplog.text
    assert "Signature" not in caplog.text
