"""Reads one object from S3 into a file, with what keeps it from being read in words that hold no secret."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from adcli.errors import AdcliError, CredentialError, OutcomeUnknown, ResultExpired
from adcli.providers._download import NeverDownloaded
from adcli.publish.s3_client import PATIENCE, client, status_of, translated
from adcli.spec.addresses import bucket_and_key

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_CHUNK = 1 << 20


def read_object(address: str, path: Path, most: int, stopped: threading.Event) -> None:
    """Writes the object's bytes, at most ``most``, to ``path``; ends early when ``stopped`` is set.

    Raises ResultExpired when there is none, NeverDownloaded when it is too large, OutcomeUnknown when the
    connection broke, CredentialError and TaskFailed as publishing does.
    """
    from botocore.exceptions import ClientError, HTTPClientError

    bucket, key = bucket_and_key(address)
    with translated(bucket, PATIENCE):
        try:
            found = client(PATIENCE).get_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if known := _known(error, bucket):
                raise known from None
            raise
        if found["ContentLength"] > most:
            raise _too_large(most)
        if stopped.is_set():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("wb") as file:
                _copy(found["Body"].iter_chunks(_CHUNK), file, most, stopped)
        except HTTPClientError:
            raise OutcomeUnknown("s3", "the download broke off") from None
        if not stopped.is_set() and path.stat().st_size != found["ContentLength"]:
            raise OutcomeUnknown("s3", "the download broke off")


def _copy(chunks: Iterable[bytes], file: BinaryIO, most: int, stopped: threading.Event) -> None:
    """Writes until the end, or until nobody waits for it any more."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if stopped.is_set():
            return
        if size > most:
            raise _too_large(most)
        file.write(chunk)


def _known(error: ClientError, bucket: str) -> AdcliError | None:
    """What a refusal says about reading; None for what it says about any request."""
    code = error.response.get("Error", {}).get("Code")
    if code == "NoSuchKey" or (status_of(error) == 404 and code != "NoSuchBucket"):
        return ResultExpired("s3", "there is no such object")
    if code == "AccessDenied":
        message = f"the S3 key may not read from bucket {bucket}"
        return CredentialError("s3", message, hint="allow s3:GetObject for it")
    return None


def _too_large(most: int) -> NeverDownloaded:
    return NeverDownloaded("s3", f"the object is larger than {most >> 20} MB")
