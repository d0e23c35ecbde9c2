"""Publishing into S3 and stores like it: HEAD, compare, then a conditional PUT.

All functions block and are called in threads; a boto3 client is safe to share between them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adcli.errors import CredentialError, PublishConflict, TaskFailed, UsageError
from adcli.keys import Json
from adcli.publish.s3_client import PATIENCE, Patience, client, status_of, translated
from adcli.publish.target import Published, S3Target, Verdict, checked_parts, judge

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_s3 import S3Client

_METADATA = "adcli-sha256"
_LONGEST = 7 * 24 * 3600
_LOOKS = 3
_HINT = "--overwrite replaces it; or give output.to another prefix"
_TYPES = {
    "mp4": "video/mp4",
    "m4a": "audio/mp4",
    "png": "image/png",
    "jpg": "image/jpeg",
    "json": "application/json",
    "srt": "application/x-subrip",
    "yaml": "application/yaml",
}


@dataclass(frozen=True, slots=True)
class _Upload:
    """A file, the sha256 that its content must have, and where it goes."""

    source: Path
    sha256: str
    target: S3Target
    name: str

    @property
    def uri(self) -> str:
        return self.target.uri(self.name)

    def published(self, size: int, etag: str, *, reused: bool) -> Published:
        record: dict[str, Json] = {"uri": self.uri, "sha256": self.sha256, "bytes": size, "etag": etag}
        return Published(self.uri, self.name, self.target.key(self.name), size, record, reused)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a HEAD told about an object; ``sha256`` is ours, from its metadata."""

    etag: str
    bytes: int
    sha256: str | None


class _Hidden:
    """The object may not be looked at: a policy of PutObject alone, or a key that the PUT finds refused."""


def publish(
    source: Path,
    target: S3Target,
    name: str,
    sha256: str,
    *,
    overwrite: bool = False,
    known: Mapping[str, Json] | None = None,
    patience: Patience = PATIENCE,
) -> Published:
    """Uploads ``source``, whose content has that ``sha256``, as ``name`` below the target.

    ``known`` is the record of what this campaign last wrote there: it is replaced while its ETag
    stands. Raises PublishConflict for any other object, CredentialError when the key is missing or
    refused, TaskFailed when the store can't be reached or ``source`` is damaged.
    """
    checked_parts(name)
    upload = _Upload(source, sha256, target, name)
    etag = str(known["etag"]) if known and known.get("etag") else None
    with translated(target.bucket, patience):
        s3 = client(patience)
        for _ in range(_LOOKS):
            seen = _head(s3, target, name)
            if isinstance(seen, _Hidden):
                return _put_unseen(s3, upload, etag, overwrite=overwrite)
            if published := _compare_and_put(s3, upload, seen, etag, overwrite=overwrite):
                return published
    raise PublishConflict(f"{upload.uri} is being written by another program", hint=_HINT)


def _compare_and_put(
    s3: S3Client, upload: _Upload, seen: _Seen | None, etag: str | None, *, overwrite: bool
) -> Published | None:
    """Leaves or writes the object by what was seen of it; None when it has changed since."""
    if seen is None:
        return _put(s3, upload, {"IfNoneMatch": "*"})
    same = seen.sha256 == upload.sha256
    ours = etag is not None and _bare(seen.etag) == _bare(etag)
    match judge(present=True, same=same, ours=ours, overwrite=overwrite):
        case Verdict.REUSE:
            return upload.published(seen.bytes, seen.etag, reused=True)
        case Verdict.CONFLICT:
            raise PublishConflict(f"{upload.uri} was not written by this campaign", hint=_HINT)
        case _:
            return _put(s3, upload, {"IfMatch": seen.etag})


def _put_unseen(s3: S3Client, upload: _Upload, etag: str | None, *, overwrite: bool) -> Published:
    """Writes where looking is forbidden: only what is absent, or what the ETag of our record names."""
    conditions: list[dict[str, str]] = [{}] if overwrite else [{"IfNoneMatch": "*"}]
    if etag and not overwrite:
        conditions.append({"IfMatch": etag})
    for condition in conditions:
        if published := _put(s3, upload, condition):
            return published
    hint = f"allow s3:GetObject; {_HINT}"
    raise PublishConflict(f"{upload.uri} exists, and the key may not look whether it is ours", hint=hint)


def _put(s3: S3Client, upload: _Upload, condition: Mapping[str, Any]) -> Published | None:
    """Uploads under a condition; None when the condition no longer holds.

    Both checksums are sent: S3 verifies the SHA-256, a store that knows only Content-MD5 that one.
    """
    from botocore.exceptions import ClientError

    with _opened(upload.source) as body:
        size, md5 = _verify(body, upload.sha256)
        request: dict[str, Any] = {
            "Bucket": upload.target.bucket,
            "Key": upload.target.key(upload.name),
            "Body": body,
            "ContentLength": size,
            "ContentType": _media_type(upload.name),
            "ContentMD5": base64.b64encode(md5).decode(),
            "ChecksumSHA256": base64.b64encode(bytes.fromhex(upload.sha256)).decode(),
            "Metadata": {_METADATA: upload.sha256},
        }
        try:
            answer = s3.put_object(**request, **condition)
        except ClientError as error:
            if condition and _lost_race(error):
                return None
            raise
    return upload.published(size, answer["ETag"], reused=False)


def _lost_race(error: ClientError) -> bool:
    """The condition did not hold; If-Match on an object that was deleted since is answered by NoSuchKey."""
    return status_of(error) in (409, 412) or error.response.get("Error", {}).get("Code") == "NoSuchKey"


def _opened(source: Path) -> BufferedReader:
    try:
        return source.open("rb")
    except OSError as error:
        raise TaskFailed(
            f"{source} can't be read: {error.strerror}", hint="run again to make it anew"
        ) from error


def _verify(body: BufferedReader, sha256: str) -> tuple[int, bytes]:
    """Length in bytes and MD5 of the content, which is then at its start again; TaskFailed when damaged."""
    if hashlib.file_digest(body, "sha256").hexdigest() != sha256:
        raise TaskFailed("the finished file is damaged in the state folder", hint="run again to make it anew")
    size = body.tell()
    body.seek(0)
    md5 = hashlib.file_digest(body, lambda: hashlib.md5(usedforsecurity=False)).digest()
    body.seek(0)
    return size, md5


def _head(s3: S3Client, target: S3Target, name: str) -> _Seen | _Hidden | None:
    from botocore.exceptions import ClientError

    try:
        found = s3.head_object(Bucket=target.bucket, Key=target.key(name))
    except ClientError as error:
        match status_of(error):
            case 404:
                return None
            case 400 | 403:  # the answer to a HEAD has no body that would say why; that to the PUT has
                return _Hidden()
        raise
    return _Seen(found["ETag"], found["ContentLength"], found["Metadata"].get(_METADATA))


def _bare(etag: str) -> str:
    """An ETag without quotes, which some stores leave out in one of their answers."""
    return etag.strip('"')


def _media_type(name: str) -> str:
    return _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def is_current(
    target: S3Target, name: str, record: Mapping[str, Json], *, patience: Patience = PATIENCE
) -> bool:
    """The object still is what ``record`` says, by one HEAD; raises what ``publish`` raises."""
    with translated(target.bucket, patience):
        seen = _head(client(patience), target, name)
    if isinstance(seen, _Hidden):
        raise CredentialError("s3", f"{target.uri(name)} may not be looked at", hint="allow s3:GetObject")
    return seen is not None and _bare(seen.etag) == _bare(str(record.get("etag")))


def put_json(target: S3Target, name: str, data: bytes, *, patience: Patience = PATIENCE) -> None:
    """Replaces an object that is always ours, such as ``results.json``."""
    checked_parts(name)
    with translated(target.bucket, patience):
        client(patience).put_object(
            Bucket=target.bucket,
            Key=target.key(name),
            Body=data,
            ContentType="application/json",
            Metadata={_METADATA: hashlib.sha256(data).hexdigest()},
        )


def presign(target: S3Target, name: str, expires: int, *, patience: Patience = PATIENCE) -> str:
    """A URL that anybody may GET for ``expires`` seconds, at most 7 days (SigV4's own limit).

    With temporary credentials it ends when they do. It is a secret: print it, never store it.
    """
    if not 1 <= expires <= _LONGEST:
        raise UsageError(
            f"a URL can't be valid for {expires} s", hint=f"give 1 second to 7 days ({_LONGEST} s)"
        )
    with translated(target.bucket, patience):
        parameters = {"Bucket": target.bucket, "Key": target.key(name)}
        return client(patience).generate_presigned_url("get_object", Params=parameters, ExpiresIn=expires)


def check(target: S3Target, *, patience: Patience = PATIENCE) -> str:
    """A sentence for ``doctor``: the bucket is there and takes the key; raises what ``publish`` raises."""
    with translated(target.bucket, patience):
        s3 = client(patience)
        s3.head_bucket(Bucket=target.bucket)
        return f"bucket {target.bucket} answers at {s3.meta.endpoint_url}"
