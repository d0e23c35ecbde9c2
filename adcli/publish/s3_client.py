"""The boto3 client as every store takes it, and its errors in words that hold no secret."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from adcli.errors import AdcliError, CredentialError, TaskFailed, UsageError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_s3 import S3Client

_CREDENTIALS_HINT = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
_LATER_HINT = "check AWS_ENDPOINT_URL_S3 and the network, then run again; nothing already made is lost"
_making = threading.Lock()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a store may take: seconds to connect and between bytes, and how often one call is tried."""

    connect: float = 5.0
    read: float = 60.0
    tries: int = 3


PATIENCE = Patience()


def client(patience: Patience) -> S3Client:
    """The client for today's environment; making one takes a tenth of a second, so it is kept."""
    environment = tuple(
        sorted((name, value) for name, value in os.environ.items() if name.startswith("AWS_"))
    )
    with _making:
        return _client(environment, patience)


@lru_cache(maxsize=4)
def _client(environment: tuple[tuple[str, str], ...], patience: Patience) -> S3Client:
    import boto3
    from botocore.config import Config

    _keep_quiet()
    endpoint = endpoint_url(dict(environment))
    config = Config(
        signature_version="s3v4",  # botocore still presigns with SigV2 for a custom endpoint
        connect_timeout=patience.connect,
        read_timeout=patience.read,
        retries={"mode": "standard", "total_max_attempts": patience.tries},
        # the CRC32 trailer that "when_supported" sends is refused by many stores: boto/s3transfer#327
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        max_pool_connections=16,
        s3={"addressing_style": _addressing(endpoint)},
    )
    session = boto3.Session()
    made: S3Client = session.client(
        "s3", endpoint_url=endpoint, region_name=session.region_name or "us-east-1", config=config
    )
    _require_private(made.meta.endpoint_url)
    return made


def endpoint_url(environment: dict[str, str]) -> str | None:
    """Address of the store from the environment, or None for AWS (or what the profile says)."""
    return environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or None


def _addressing(endpoint: str | None) -> Literal["auto", "path"]:
    """Path style for hosts below which no bucket name can stand: addresses, ``localhost``, one-word names."""
    if endpoint is None:
        return "auto"
    host = urlsplit(endpoint).hostname or ""
    return "path" if "." not in host or _address(host) else "auto"


def _require_private(endpoint: str) -> None:
    parts = urlsplit(endpoint)
    address = _address(parts.hostname or "")
    loopback = parts.hostname == "localhost" or (address is not None and address.is_loopback)
    if parts.scheme != "https" and not loopback:
        raise UsageError(
            f"the S3 endpoint {parts.scheme}://{parts.hostname} is not encrypted",
            hint="use https://; plain http:// is taken for a loopback address only",
        )


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _keep_quiet() -> None:
    """At DEBUG these libraries log signatures and session tokens."""
    for name in ("boto3", "botocore", "urllib3"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))


def status_of(error: ClientError) -> int:
    """HTTP status of a store's refusal; 0 when it had none."""
    metadata = error.response.get("ResponseMetadata")
    return metadata["HTTPStatusCode"] if metadata else 0


@contextlib.contextmanager
def translated(bucket: str, patience: Patience) -> Iterator[None]:
    """Turns boto3's errors into ours. Their own texts are not used: some quote keys and signed URLs."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as NotConnected

    try:
        yield
    except AdcliError:
        raise
    except ClientError as error:
        raise _refused(error, bucket) from None
    except (HTTPClientError, NotConnected) as error:
        raise _unreachable(error, patience) from None
    except BotoCoreError as error:
        raise _misconfigured(error) from None
    except ValueError as error:  # botocore's "Invalid endpoint: …"
        raise UsageError("the S3 endpoint is no URL", hint="correct AWS_ENDPOINT_URL_S3") from error


def _refused(error: ClientError, bucket: str) -> AdcliError:
    status = status_of(error)
    code = error.response.get("Error", {}).get("Code", str(status))
    if code == "RequestTimeTooSkewed":
        return CredentialError("s3", "S3 refused the request's time", hint="set this machine's clock")
    if code == "AccessDenied":
        message = f"the S3 key may not write to bucket {bucket}"
        return CredentialError("s3", message, hint="allow s3:PutObject and s3:GetObject for it")
    if status in (401, 403) or code in ("ExpiredToken", "InvalidToken", "InvalidAccessKeyId"):
        return CredentialError("s3", f"S3 refused the key ({code})", hint=_CREDENTIALS_HINT)
    if status == 404:
        hint = "create the bucket, or correct output.to or AWS_ENDPOINT_URL_S3"
        return TaskFailed(f"there is no bucket {bucket} ({code})", hint=hint)
    if status in (301, 307, 400) and code in ("301", "PermanentRedirect", "AuthorizationHeaderMalformed"):
        return TaskFailed(f"bucket {bucket} lies in another region ({code})", hint="set AWS_REGION to it")
    if status >= 500 or code == "SlowDown":
        return TaskFailed(f"S3 does not answer properly ({status} {code})", hint=_LATER_HINT)
    return TaskFailed(
        f"S3 refused the request ({status} {code})", hint="see what your store says of this code"
    )


def _unreachable(error: Exception, patience: Patience) -> AdcliError:
    from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError, SSLError

    match error:
        case ConnectTimeoutError():
            reason = f"could not be connected to within {patience.connect:g} s"
        case ReadTimeoutError():
            reason = f"did not answer within {patience.read:g} s"
        case SSLError():
            reason = "has a certificate that can't be trusted"
        case _:
            reason = "can't be reached"
    endpoint = endpoint_url(dict(os.environ)) or "AWS"
    place = urlsplit(endpoint).netloc.rpartition("@")[2] or endpoint
    return TaskFailed(f"S3 at {place} {reason} ({patience.tries} tries)", hint=_LATER_HINT)


def _misconfigured(error: Exception) -> AdcliError:
    name = type(error).__name__.removesuffix("Error")
    words = ("Credential", "Token", "SSO", "Profile", "Config")
    if any(word in name for word in words):
        return CredentialError("s3", f"there is no usable S3 key ({name})", hint=_CREDENTIALS_HINT)
    return TaskFailed(f"the S3 request could not be made ({name})", hint=_LATER_HINT)
